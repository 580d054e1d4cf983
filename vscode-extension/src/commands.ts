// What the command palette and the status bar offer.
import { commands, ConfigurationTarget, type Disposable, Uri, window, workspace } from 'vscode';
import type { Place } from './documents.ts';
import { toRange } from './places.ts';
import { showRule } from './rules.ts';
import type { Session } from './session.ts';
import { byUrgency, markOf, statusOf } from './views/list.ts';
import { scanWorkspace } from './workspace.ts';

export const registerCommands = (session: Session): Disposable[] => [
  commands.registerCommand('importguard.showPackages', () => showPackages(session)),
  commands.registerCommand('importguard.rescan', async (name: unknown, folder: unknown) => {
    const chosen = given(name, folder) ?? await packageAtCursor(session, 'Package to scan again');
    if (chosen) session.scanner.forget(chosen.folder);
  }),
  commands.registerCommand('importguard.showReport', async (name: unknown, folder: unknown) => {
    const chosen = given(name, folder) ?? await packageAtCursor(session, 'Package whose report to show');
    if (!chosen) return;
    await session.scanner.scan(chosen.folder, new AbortController().signal);
    await session.reports.show(chosen.folder, chosen.package);
  }),
  commands.registerCommand('importguard.excludePackage', (name: unknown) => exclude(session, name)),
  commands.registerCommand('importguard.scanWorkspace', () => scanWorkspace(session)),
  commands.registerCommand('importguard.showRule', (id: unknown) => showRule(session.analyzers.editor, id)),
  commands.registerCommand('importguard.showLog', () => session.log.show()),
];

type Installed = Place & { folder: Uri };

/** What the light bulb hands over. */
const given = (name: unknown, folder: unknown): Pick<Installed, 'package' | 'folder'> | undefined =>
  typeof name === 'string' && typeof folder === 'string' ? { package: name, folder: Uri.parse(folder) } : undefined;

const exclude = async ({ config }: Session, name: unknown): Promise<void> => {
  if (typeof name !== 'string') return;
  const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await workspace.getConfiguration('importguard').update('exclude', [...new Set([...config.exclude, name])], target);
};

/** The packages of the file in front, each once, at its first place. */
const installedPlaces = async (session: Session): Promise<Installed[]> => {
  const document = window.activeTextEditor?.document;
  if (!document) return [];
  const first = new Map<string, Installed>();
  for (const place of await session.documents.currentPlaces(document)) {
    const { folder } = place;
    if (folder && !place.excluded && !first.has(folder.toString())) first.set(folder.toString(), { ...place, folder });
  }
  return [...first.values()];
};

const showPackages = async (session: Session): Promise<void> => {
  const editor = window.activeTextEditor;
  const chosen = await choose(await installedPlaces(session), 'Packages of this file: choose one to go to its first place');
  if (!chosen || !editor) return;
  const shown = await window.showTextDocument(editor.document, { selection: toRange(chosen.range) });
  shown.revealRange(shown.selection);
  await commands.executeCommand('editor.action.showHover');
};

const packageAtCursor = async (session: Session, question: string): Promise<Installed | undefined> => {
  const places = await installedPlaces(session);
  const cursor = window.activeTextEditor?.selection.active;
  const line = cursor && places.filter(({ range }) => range.start.line === cursor.line);
  return line?.length === 1 ? line[0] : choose(places, question);
};

const choose = async (places: Installed[], question: string): Promise<Installed | undefined> => {
  if (places.length === 0) {
    void window.showInformationMessage('importguard: this file names no installed package.');
    return undefined;
  }
  const items = places.sort((a, b) => byUrgency(a.outcome, b.outcome)).map((place) => ({ label: `${markOf(place.outcome)} ${place.package}`, detail: statusOf(place.outcome), place }));
  return (await window.showQuickPick(items, { placeHolder: question, matchOnDetail: true }))?.place;
};

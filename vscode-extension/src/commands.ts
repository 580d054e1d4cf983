// What the command palette and the status bar offer.
import { commands, type Disposable, Range, type Uri, window } from 'vscode';
import type { Place } from './documents.ts';
import { showRule } from './rules.ts';
import type { Session } from './session.ts';
import { byUrgency, markOf, statusOf } from './views/list.ts';
import { scanWorkspace } from './workspace.ts';

export const registerCommands = (session: Session): Disposable[] => [
  commands.registerCommand('importguard.showPackages', () => showPackages(session)),
  commands.registerCommand('importguard.rescan', async () => {
    const place = await placeAtCursor(session, 'Package to scan again');
    if (place) session.scanner.forget(place.folder);
  }),
  commands.registerCommand('importguard.showReport', async () => {
    const place = await placeAtCursor(session, 'Package whose report to show');
    if (!place) return;
    await session.scanner.scan(place.folder, new AbortController().signal);
    await session.reports.show(place.folder, place.package);
  }),
  commands.registerCommand('importguard.scanWorkspace', () => scanWorkspace(session)),
  commands.registerCommand('importguard.showRule', (id: unknown) => showRule(session.analyzers.editor, id)),
  commands.registerCommand('importguard.showLog', () => session.log.show()),
];

type Installed = Place & { folder: Uri };

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
  const { start, end } = chosen.range;
  const shown = await window.showTextDocument(editor.document, { selection: new Range(start.line, start.character, end.line, end.character) });
  shown.revealRange(shown.selection);
  await commands.executeCommand('editor.action.showHover');
};

const placeAtCursor = async (session: Session, question: string): Promise<Installed | undefined> => {
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

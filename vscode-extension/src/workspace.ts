// Scans every dependency that the workspace's own package.json files name, and lists what was found.
import { ProgressLocation, type Uri, window, workspace } from 'vscode';
import { realFolder } from '#platform';
import { isExcluded } from './config.ts';
import { exists, resolvePackage } from './imports/resolve.ts';
import type { Outcome } from './scanner.ts';
import type { Session } from './session.ts';
import { byUrgency, markOf, needsLook, statusOf } from './views/list.ts';
import { count } from './views/text.ts';

interface Scanned { name: string; folder: Uri; outcome: Outcome }

export const scanWorkspace = async (session: Session): Promise<void> => {
  const scanned = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'importguard: scanning the dependencies of the workspace', cancellable: true },
    async (progress, cancel) => {
      const abort = new AbortController();
      cancel.onCancellationRequested(() => abort.abort());
      const folders = [...await dependencies(session)];
      const results: Scanned[] = [];
      await Promise.all(folders.map(async ([, { name, folder }]) => {
        try {
          results.push({ name, folder, outcome: await session.scanner.scan(folder, abort.signal) });
          progress.report({ message: `${results.length} of ${folders.length}`, increment: 100 / folders.length });
        } catch (error) {
          if (!abort.signal.aborted) throw error;
        }
      }));
      return results;
    },
  );
  if (scanned.length === 0) {
    void window.showInformationMessage('importguard: no installed dependencies were found in this workspace.');
    return;
  }
  scanned.sort((a, b) => byUrgency(a.outcome, b.outcome) || (a.name < b.name ? -1 : 1));
  const items = scanned.map((each) => ({ label: `${markOf(each.outcome)} ${each.name}`, detail: statusOf(each.outcome), each }));
  const bad = scanned.filter(({ outcome }) => needsLook(outcome)).length;
  const placeHolder = `${count(scanned.length, 'package')} scanned, ${bad} to look at: choose one to see its report`;
  const chosen = await window.showQuickPick(items, { placeHolder, matchOnDetail: true });
  if (chosen) await session.reports.show(chosen.each.folder, chosen.each.name);
};

const dependencies = async (session: Session): Promise<Map<string, { name: string; folder: Uri }>> => {
  const found = new Map<string, { name: string; folder: Uri }>();
  for (const manifest of await workspace.findFiles('**/package.json', '**/node_modules/**')) {
    const text = new TextDecoder().decode(await workspace.fs.readFile(manifest));
    for (const { package: name } of await session.analyzers.editor.listImports('package.json', text)) {
      if (name === undefined || isExcluded(name, session.config.exclude)) continue;
      const installed = await resolvePackage(name, manifest, exists(workspace.fs));
      if (!installed) continue;
      const folder = await realFolder(installed);
      found.set(folder.toString(), { name, folder });
    }
  }
  return found;
};

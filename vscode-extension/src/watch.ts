// Notices that packages were installed, updated, removed or edited.
import { type Disposable, RelativePattern, type Uri, workspace } from 'vscode';
import type { Documents } from './documents.ts';
import type { Effects } from './effects.ts';
import type { Scanner } from './scanner.ts';

/** What package managers write last, and the folders they write into. */
const INSTALLED = [
  '**/{package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock,bun.lockb}',
  '**/node_modules/{.package-lock.json,.yarn-integrity,.yarn-state.yml,.modules.yaml}',
  '**/node_modules/**/package.json',
  '**/node_modules/*',
];

/** An installation writes thousands of files: one look when it has calmed down. */
const CALM_MS = 400;
/** Watching costs the system something: the packages asked for last are enough. */
const MOST_WATCHED = 300;

export const watchPackages = (scanner: Scanner, documents: Documents, effects: Effects): Disposable => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const recheck = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      effects.forget();
      documents.recheck();
    }, CALM_MS);
  };
  const general = INSTALLED.map((pattern) => listen(pattern, recheck));
  const folders = new Map<string, Disposable>();
  // The user's `files.watcherExclude` usually hides node_modules from the patterns above, but not from a watcher of one folder.
  scanner.onScan = (folder, { aside }) => {
    const key = folder.toString();
    if (folders.has(key)) return;
    // What is only depended on is watched while there is room, and never in place of what a file imports.
    if (aside && folders.size >= MOST_WATCHED / 2) return;
    const [oldest] = folders.keys();
    if (folders.size >= MOST_WATCHED && oldest !== undefined) {
      folders.get(oldest)?.dispose();
      folders.delete(oldest);
    }
    let later: ReturnType<typeof setTimeout> | undefined;
    folders.set(key, listen(new RelativePattern(folder, '*'), () => {
      clearTimeout(later);
      later = setTimeout(() => scanner.forget(folder), CALM_MS);
    }));
  };
  const saving = workspace.onDidSaveTextDocument(({ uri }) => {
    for (const folder of scanner.foldersAround(uri)) scanner.forget(folder);
  });
  return {
    dispose: () => {
      clearTimeout(timer);
      saving.dispose();
      for (const watcher of [...general, ...folders.values()]) watcher.dispose();
    },
  };
};

export const listen = (pattern: string | RelativePattern, listener: (uri: Uri) => void): Disposable => {
  const watcher = workspace.createFileSystemWatcher(pattern);
  watcher.onDidCreate(listener);
  watcher.onDidChange(listener);
  watcher.onDidDelete(listener);
  return watcher;
};

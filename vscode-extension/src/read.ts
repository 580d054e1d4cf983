// Reads the files of one package through the editor's file system, within limits that are reported when met.
import type { FileStat, FileType, Uri } from 'vscode';
import type { Issue, SourceFile } from './report.ts';

/** The part of `workspace.fs` that is used; works on a disk, on a remote and in a browser. */
export interface FileSystem {
  stat(uri: Uri): Thenable<FileStat>;
  readDirectory(uri: Uri): Thenable<[string, FileType][]>;
  readFile(uri: Uri): Thenable<Uint8Array>;
}

export interface Limits { maxPackageFiles: number; maxPackageBytes: number }

interface Found { path: string; uri: Uri; size: number }

const FILE = 1, DIRECTORY = 2, LINK = 64;
const AT_ONCE = 8;
/** Enough for any real package, few enough to end a loop of folders. */
const MAX_DEPTH = 64;

/** The files of the package in `folder`, and how many the limits left out. Nested `node_modules` hold other packages and are left to them. */
export const readPackage = async (
  fs: FileSystem, folder: Uri, limits: Limits, signal: AbortSignal,
): Promise<{ files: SourceFile[]; issues: Issue[]; unread: number }> => {
  const issues: Issue[] = [];
  const found = await list(fs, folder, limits, signal, issues);
  found.sort((a, b) => priority(a.path) - priority(b.path) || (a.path < b.path ? -1 : 1));
  const wanted: Found[] = [];
  const left: Found[] = [];
  let bytes = 0;
  for (const file of found) {
    const fits = wanted.length < limits.maxPackageFiles && bytes + file.size <= limits.maxPackageBytes;
    if (fits) bytes += file.size;
    (fits ? wanted : left).push(file);
  }
  const files: SourceFile[] = [];
  await each(wanted, signal, async ({ path, uri }) => {
    try {
      files.push({ path, bytes: await fs.readFile(uri) });
    } catch (error) {
      issues.push({ kind: 'unreadable', file: path, message: reason(error) });
    }
  });
  issues.push(...left.map((file) => notRead(file, limits)).slice(0, MAX_LISTED));
  if (left.length > MAX_LISTED) {
    issues.push({ kind: 'limit', file: '', message: `${left.length - MAX_LISTED} more files were not read: the package is over the limits of the settings` });
  }
  return { files, issues, unread: left.length };
};

const MAX_LISTED = 20;

const notRead = (file: Found, limits: Limits): Issue => ({
  kind: 'limit',
  file: file.path,
  message: `not read (${kilobytes(file.size)}): the package has more than ${limits.maxPackageFiles} files or ${kilobytes(limits.maxPackageBytes)}; raise importguard.maxPackageFiles or importguard.maxPackageSize`,
});

const list = async (fs: FileSystem, folder: Uri, limits: Limits, signal: AbortSignal, issues: Issue[]): Promise<Found[]> => {
  const found: Found[] = [];
  // Names are cheap, but a folder of millions must still end: far beyond the limit of files it is cut off.
  const most = limits.maxPackageFiles * 4 + 1000;
  let cut = false;
  let level: { path: string; uri: Uri }[] = [{ path: '', uri: folder }];
  for (let depth = 0; level.length > 0; depth++) {
    const next: typeof level = [];
    await each(level, signal, async ({ path, uri }) => {
      let entries: [string, FileType][];
      try {
        entries = await fs.readDirectory(uri);
      } catch (error) {
        issues.push({ kind: 'unreadable', file: path, message: reason(error) });
        return;
      }
      for (const [name, type] of entries) {
        if (found.length >= most) {
          cut = true;
          return;
        }
        const inside = path === '' ? name : `${path}/${name}`;
        const child = uri.with({ path: `${uri.path}/${name}` });
        if (type & LINK) {
          issues.push({ kind: 'skipped', file: inside, message: 'a link: not followed' });
        } else if (type & DIRECTORY) {
          if (name !== 'node_modules' && name !== '.git') next.push({ path: inside, uri: child });
        } else if (type & FILE) {
          found.push({ path: inside, uri: child, size: 0 });
        }
      }
    });
    if (cut || (next.length > 0 && depth >= MAX_DEPTH)) {
      issues.push({ kind: 'limit', file: '', message: `the package has more than ${cut ? `${most} files` : `${MAX_DEPTH} levels of folders`}: the rest was not looked at` });
      break;
    }
    level = next;
  }
  await each(found, signal, async (file) => {
    file.size = await Promise.resolve(fs.stat(file.uri)).then((stat) => stat.size, () => 0);
  });
  return found;
};

/** What runs is read first, so that a limit cuts off pictures and declarations, not code. */
const priority = (path: string): number => {
  if (path === 'package.json') return 0;
  if (/\.d\.[cm]?ts$|\.map$/.test(path)) return 4;
  if (/\.([cm]?[jt]sx?|node|wasm|sh|gyp|json)$/.test(path)) return 1;
  return /\.(md|markdown|txt|png|jpe?g|gif|svg|webp|ico|woff2?|ttf|css|scss|html?|flow)$/i.test(path) ? 3 : 2;
};

const each = async <T>(items: readonly T[], signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> => {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      const index = next++;
      if (index >= items.length) return;
      await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
};

const kilobytes = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

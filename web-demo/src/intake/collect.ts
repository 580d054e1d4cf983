/** What a person dropped or chose, as a flat list of files with their paths. */

/** A file that was handed over but not yet read. */
export interface GivenFile {
  /** `/`-separated, beginning with the dropped folder's name if there is one. */
  path: string;
  file: File;
}

/** What was handed over, and what of it could not be listed. */
export interface Given {
  files: GivenFile[];
  unreadable: { path: string; message: string }[];
}

/** More than this is a job for the command line. */
export const MAX_FILES = 100_000;

export class TooManyFiles extends Error {}

/** Lists a drop. Must be called in the event's own turn: the browser empties the transfer afterwards. */
export function fromDrop(transfer: DataTransfer, signal: AbortSignal, onFound: (count: number, path: string) => void): Promise<Given> {
  const entries = [...transfer.items].flatMap((item) => (item.kind === "file" ? [item.webkitGetAsEntry()] : [])).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve(fromList(transfer.files));
  return walk(entries, signal, onFound);
}

/** Lists what a file chooser gave. */
export function fromList(list: FileList): Given {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  if (files.length > MAX_FILES) throw new TooManyFiles();
  return { files, unreadable: [] };
}

/** Each entry is a question to another process of the browser; asking one by one takes long. */
const ENTRIES_AT_ONCE = 200;

async function walk(roots: FileSystemEntry[], signal: AbortSignal, onFound: (count: number, path: string) => void): Promise<Given> {
  const given: Given = { files: [], unreadable: [] };
  const pending = [...roots];
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    const path = entry.fullPath.replace(/^\//, "");
    if (skipped(path)) {
      given.unreadable.push({ path, message: "version control data, not part of the package" });
      return;
    }
    try {
      if (entry.isDirectory) pending.push(...(await children(entry as FileSystemDirectoryEntry)));
      else given.files.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
    } catch (error) {
      given.unreadable.push({ path, message: error instanceof Error ? error.message : String(error) });
    }
  };
  while (pending.length > 0) {
    signal.throwIfAborted();
    await Promise.all(pending.splice(-ENTRIES_AT_ONCE).map(visit));
    if (given.files.length > MAX_FILES) throw new TooManyFiles();
    onFound(given.files.length, given.files.at(-1)?.path ?? "");
  }
  given.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return given;
}

function skipped(path: string): boolean {
  return /(^|\/)\.(git|hg|svn)$/.test(path);
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function children(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  // One call gives at most 100 entries; an empty answer is the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

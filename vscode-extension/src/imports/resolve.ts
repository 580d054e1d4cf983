// From a package's name and the importing file to the folder the package is installed in.
import type { Uri } from 'vscode';
import type { FileSystem } from '../read.ts';

/** What is asked of the file system: whether a file is there. */
export type Exists = (file: Uri) => Promise<boolean>;

/**
 * Walks up from the file as Node does: the first `node_modules/<name>` with a `package.json` wins.
 * Links (pnpm, workspaces) count as folders here.
 */
export const resolvePackage = async (name: string, from: Uri, exists: Exists): Promise<Uri | undefined> => {
  if (!isPackageName(name)) return undefined;
  for (const folder of nodeModulesAbove(from)) {
    const candidate = folder.with({ path: `${folder.path}/${name}` });
    if (await exists(candidate.with({ path: `${candidate.path}/package.json` }))) return candidate;
  }
  return undefined;
};

/** Asks the editor's file system, which is not always a disk. */
export const exists = (fs: Pick<FileSystem, 'stat'>): Exists => async (file) => {
  try {
    await fs.stat(file);
    return true;
  } catch {
    return false;
  }
};

/** A name that can be a folder below `node_modules`, and nothing that leads out of it. */
export const isPackageName = (name: string): boolean => {
  const parts = name.split('/');
  if (parts.length !== (name.startsWith('@') ? 2 : 1)) return false;
  return parts.every((part) => part !== '' && part !== '@' && !part.startsWith('.') && !/[\\:%?#\0]/.test(part));
};

/** The `node_modules` folders that an import in this file is looked up in, nearest first. */
export const nodeModulesAbove = (from: Uri): Uri[] => {
  const parts = from.path.split('/').slice(0, -1);
  const found: Uri[] = [];
  for (let length = parts.length; length > 0; length--) {
    if (parts[length - 1] === 'node_modules') continue;
    found.push(from.with({ path: [...parts.slice(0, length), 'node_modules'].join('/'), query: '', fragment: '' }));
  }
  return found;
};

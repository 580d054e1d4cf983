// The desktop's and the remote's extension host: worker threads, and links that can be followed.
import { realpath } from 'node:fs/promises';
import type { WorkerLike } from 'importguard-wasm';
import { nodeWorker } from 'importguard-wasm/node';
import { type ExtensionContext, Uri } from 'vscode';

export const HOST = 'node';

export const prepareWorker = (context: ExtensionContext): Promise<() => WorkerLike> => {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'worker.node.js').fsPath;
  return Promise.resolve(() => nodeWorker(script));
};

/** The folder behind a link, so that a package linked into several places is scanned once. */
export const realFolder = async (folder: Uri): Promise<Uri> => {
  if (folder.scheme !== 'file') return folder;
  try {
    return Uri.file(await realpath(folder.fsPath));
  } catch {
    return folder;
  }
};

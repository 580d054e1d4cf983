// The browser's extension host: web workers made from a blob, since the extension's own address cannot be a worker's.
import { type WorkerLike, webWorker } from 'importguard-wasm';
import { type ExtensionContext, Uri, workspace } from 'vscode';

export const HOST = 'web';

export const prepareWorker = async (context: ExtensionContext): Promise<() => WorkerLike> => {
  const script = await workspace.fs.readFile(Uri.joinPath(context.extensionUri, 'dist', 'worker.web.js'));
  const address = URL.createObjectURL(new Blob([script as Uint8Array<ArrayBuffer>], { type: 'text/javascript' }));
  context.subscriptions.push({ dispose: () => URL.revokeObjectURL(address) });
  return () => webWorker(new Worker(address, { name: 'importguard' }));
};

/** Links cannot be followed through the editor's file system; a package linked twice is scanned twice. */
export const realFolder = (folder: Uri): Promise<Uri> => Promise.resolve(folder);

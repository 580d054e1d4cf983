// Two analysers in workers of their own: a long scan must not delay the answer to a keystroke.
import { type Analyzer, createAnalyzer, type WorkerLike } from 'importguard-wasm';
import { type ExtensionContext, Uri, workspace } from 'vscode';
import { prepareWorker } from '#platform';

export interface Analyzers {
  /** Scans packages. */
  packages: Analyzer;
  /** Lists the imports of what is being edited, and the rules. */
  editor: Analyzer;
}

/** Nothing is read or started before the first question. */
export const startAnalyzers = (context: ExtensionContext): Analyzers => {
  let loaded: ReturnType<typeof load> | undefined;
  let worker: () => WorkerLike = () => {
    throw new Error('the worker was asked for before the module was loaded');
  };
  const wasm = async (): Promise<WebAssembly.Module> => {
    loaded ??= load(context);
    try {
      const { module, makeWorker } = await loaded;
      worker = makeWorker;
      return module;
    } catch (error) {
      loaded = undefined;
      throw error;
    }
  };
  const make = (cacheBytes: number): Analyzer => createAnalyzer({ wasm, worker: () => worker(), cacheBytes });
  return { packages: make(16 * 1024 * 1024), editor: make(0) };
};

const load = async (context: ExtensionContext): Promise<{ module: WebAssembly.Module; makeWorker: () => WorkerLike }> => {
  const file = Uri.joinPath(context.extensionUri, 'dist', 'importguard_bg.wasm');
  const [bytes, makeWorker] = await Promise.all([workspace.fs.readFile(file), prepareWorker(context)]);
  return { module: await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>), makeWorker };
};

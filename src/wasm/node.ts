/** Node: worker threads, and the module's bytes from disk. */
import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";

import { createAnalyzer, type Analyzer, type AnalyzerOptions } from "./analyzer.js";
import type { Reply, WorkerLike } from "./protocol.js";

/** How a worker thread is set up. */
export interface NodeWorkerOptions {
  /** Deep sources need more than a thread's usual 4 MB. */
  stackSizeMb?: number;
}

/** Starts a worker thread that runs `node-worker.js`, or a bundle of it. */
export function nodeWorker(script: URL | string = new URL("./node-worker.js", import.meta.url), options: NodeWorkerOptions = {}): WorkerLike {
  const worker = new Worker(script, {
    name: "importguard",
    // The analyser needs neither; a package's environment must not leak into what reads hostile text.
    env: {},
    argv: [],
    // The host's own flags (`--input-type`, loaders, inspectors) are not for this thread, and some keep it from starting.
    execArgv: [],
    resourceLimits: { stackSizeMb: options.stackSizeMb ?? 16 },
  });
  worker.unref();
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    onReply: (listener) => void worker.on("message", (reply: Reply) => listener(reply)),
    onFailure: (listener) => {
      worker.on("error", (error) => listener(error.message));
      worker.on("messageerror", (error) => listener(error.message));
      worker.on("exit", (code) => listener(`the thread ended with code ${code}`));
    },
    busy: (yes) => (yes ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

/** The bytes of the analyser's WebAssembly module. */
export function readWasm(file: URL | string = new URL("./importguard_bg.wasm", import.meta.url)): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(file).then((bytes) => new Uint8Array(bytes));
}

/** An analyser in worker threads, with everything found next to this module. */
export function createNodeAnalyzer(options: Partial<AnalyzerOptions> = {}): Analyzer {
  return createAnalyzer({ worker: () => nodeWorker(), wasm: () => readWasm(), ...options });
}

/** The analyser of this page: its worker, its WebAssembly module. */
import { createAnalyzer, webWorker, type Analyzer } from "importguard-wasm";
import wasmUrl from "importguard-wasm/importguard_bg.wasm?url";

import workerUrl from "./worker.ts?worker&url";

type WorkerUrl = string & URL;

/** Under Trusted Types only this address may become a script. */
const policy = window.trustedTypes?.createPolicy("importguard-worker", {
  createScriptURL: (url) => {
    if (url !== workerUrl) throw new TypeError(`not a worker of this page: ${url}`);
    return url;
  },
});

function startWorker(): Worker {
  const url = (policy?.createScriptURL(workerUrl) ?? workerUrl) as unknown as WorkerUrl;
  return new Worker(url, { type: "module", name: "importguard" });
}

async function loadModule(): Promise<WebAssembly.Module> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${new URL(response.url).pathname}`);
  // A host that serves the file with another media type cannot stream it; the bytes are the same.
  const streamable = response.headers.get("content-type")?.startsWith("application/wasm");
  return streamable ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** One core stays free for the page. */
const workers = Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2) - 1));

export const analyzer: Analyzer = createAnalyzer({
  worker: () => webWorker(startWorker()),
  wasm: loadModule,
  workers,
});

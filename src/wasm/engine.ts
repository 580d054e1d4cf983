/** The worker's side: answers requests with one WebAssembly instance, and makes a new one when a file brings it down. */
import { wordsOf } from "./errors.js";
import { transferable, type Body, type Reply, type Request } from "./protocol.js";
import type * as raw from "./raw.js";
import type { Options } from "./types.js";

export type Raw = typeof raw;

/** WebAssembly memory never shrinks: past this size a new instance gives it back. */
const MEMORY_TO_KEEP = 384 * 1024 * 1024;

/** One instance of the analyser, replaced when it traps. */
export class Engine {
  #raw: Raw;
  #started = false;

  constructor(raw: Raw) {
    this.#raw = raw;
  }

  /** Answers one request; never throws. */
  answer(request: Request): { reply: Reply; transfer: ArrayBuffer[] } {
    const { id } = request;
    try {
      const ok = this.#run(request);
      this.#giveBackMemory();
      return { reply: { id, ok }, transfer: handedOver(request, ok) };
    } catch (thrown) {
      if (request.op === "start") return { reply: { id, fatal: wordsOf(thrown) }, transfer: [] };
      if (!isTrap(thrown)) return { reply: { id, error: wordsOf(thrown) }, transfer: [] };
      try {
        this.#raw.__wbg_reset_state();
      } catch (again) {
        return { reply: { id, fatal: wordsOf(again) }, transfer: [] };
      }
      return { reply: { id, crash: describeTrap(thrown) }, transfer: [] };
    }
  }

  #run(body: Body): unknown {
    const raw = this.#raw;
    switch (body.op) {
      case "start":
        if (!this.#started) raw.initSync({ module: body.wasm });
        this.#started = true;
        return null;
      case "collect":
        return raw.collectFacts(body.path, body.bytes, body.asCode);
      case "assemble": {
        const result = raw.assemblePackage(body.input, body.options as Options, body.final === true);
        // What an option's absence means is known to the analyser.
        return Array.isArray(result) ? { wanted: result } : { report: result };
      }
      case "condense": {
        const bytes = raw.condensePackage(body.input);
        return { bytes, dependencies: raw.dependenciesOf(bytes) };
      }
      case "effects":
        return raw.linkEffects(body.packages.map(({ surface }) => surface.bytes), body.packages.map(({ installed }) => installed), body.path, body.subpath);
      case "merge":
        return raw.mergeReports(body.packages);
      case "unpack":
        return raw.unpackTarball(body.bytes);
      case "imports":
        return raw.listImports(body.path, body.source);
      case "policy":
        return raw.readPolicy(body.text);
      case "rules":
        return raw.ruleCatalog();
    }
  }

  #giveBackMemory(): void {
    // Once initialised, `initSync` only returns the present instance's exports.
    const { memory } = this.#raw.initSync({} as { module: WebAssembly.Module });
    if (memory.buffer.byteLength > MEMORY_TO_KEEP) this.#raw.__wbg_reset_state();
  }
}

/** Whether the instance is lost: it trapped, or the host's own stack ran out in the middle of it. */
function isTrap(thrown: unknown): boolean {
  if (thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError) return true;
  // Firefox's name for an exhausted stack.
  return thrown instanceof Error && thrown.name === "InternalError";
}

function describeTrap(thrown: unknown): string {
  const words = wordsOf(thrown);
  if (/call stack|too much recursion/i.test(words)) return "the host's stack ran out";
  if (/out of bounds/i.test(words)) return "the analyser's stack ran out";
  if (/unreachable/i.test(words)) return "the analyser gave up (unreachable)";
  return words;
}

function handedOver(request: Request, ok: unknown): ArrayBuffer[] {
  if (request.op === "collect") return transferable([ok as Uint8Array]);
  if (request.op === "condense") return transferable([(ok as { bytes: Uint8Array }).bytes]);
  if (request.op === "unpack") return transferable((ok as { files: { bytes: Uint8Array }[] }).files.map((file) => file.bytes));
  return [];
}

/** The one interface through which a page, an editor and a bundler use the analyser. */
import { FactsCache } from "./cache.js";
import { AnalyzerError, wordsOf } from "./errors.js";
import { Pool } from "./pool.js";
import type { Operation, Operations, WorkerLike } from "./protocol.js";
import type { EffectsReport, PackageReport, Policy, Report } from "./report.js";
import { collectPackage, type CollectedPackage } from "./scan.js";
import type { ImportSite, LinkedPackage, PackageInput, RuleInfo, ScanHow, SourceFile, Surface } from "./types.js";

export { AnalyzerError, type AnalyzerErrorCode } from "./errors.js";
export type { Reply, Request, WorkerLike } from "./protocol.js";
export type * from "./report.js";
export type * from "./types.js";
export { webWorker } from "./web.js";

/** The analyser's module: compiled, or its bytes. */
export type WasmSource = WebAssembly.Module | BufferSource;

export interface AnalyzerOptions {
  /** Makes a worker: `webWorker(new Worker(…))`, `nodeWorker()`, `inProcess()`. Called again when one is lost. */
  worker: () => WorkerLike;
  wasm: WasmSource | Promise<WasmSource> | (() => WasmSource | Promise<WasmSource>);
  /** Workers at the same time (1). */
  workers?: number;
  /** Idle workers are ended after this time, and started again when needed (60,000); 0 keeps them. */
  idleMs?: number;
  /** A file that takes longer is given up (20,000). */
  fileTimeoutMs?: number;
  /** Bytes of facts to keep for files that come again unchanged (32 MiB); 0 keeps none. */
  cacheBytes?: number;
}

export interface Analyzer {
  /** Scans one package. */
  scanFiles(input: PackageInput, how?: ScanHow): Promise<Report>;
  /** Scans one package, and condenses it for {@link Analyzer.effects}. */
  scanPackage(input: PackageInput, how?: ScanHow): Promise<{ report: Report; surface: Surface }>;
  /**
   * What the exports of the first package reach, through the others: of all its subpaths, or of one (`.`, `./x`); nothing
   * if it has no such subpath.
   */
  effects(packages: LinkedPackage[], path: string, how?: { subpath?: string; signal?: AbortSignal }): Promise<EffectsReport | undefined>;
  /** Unpacks a `.tgz`, scans and condenses it; also gives its files, to show the places of findings. */
  scanTarball(path: string, bytes: Uint8Array, how?: ScanHow): Promise<{ report: Report; surface: Surface; files: SourceFile[] }>;
  /** Scans a single file on its own. */
  scanModule(path: string, source: string, how?: ScanHow): Promise<Report>;
  /** One report of several, sorted and counted. */
  mergeReports(reports: Report[]): Promise<Report>;
  /** What a source imports, or a `package.json` depends on. */
  listImports(path: string, source: string, how?: { signal?: AbortSignal }): Promise<ImportSite[]>;
  ruleCatalog(): Promise<RuleInfo[]>;
  /** Reads the text of an `importguard.json`; rejects with what is wrong with it. */
  readPolicy(text: string): Promise<Policy>;
  /** Ends the workers; pending calls fail with `disposed`. */
  dispose(): void;
}

/** What concerns a whole package may take longer than one file. */
const PACKAGE_TIMEOUT_MS = 120_000;

/** Makes an analyser. Nothing starts before the first call. */
export function createAnalyzer(options: AnalyzerOptions): Analyzer {
  return new WorkerAnalyzer(options);
}

class WorkerAnalyzer implements Analyzer {
  readonly #options: Required<AnalyzerOptions>;
  readonly #cache: FactsCache;
  #pool: Promise<Pool> | undefined;
  #disposed = false;

  constructor(options: AnalyzerOptions) {
    this.#options = { workers: 1, idleMs: 60_000, fileTimeoutMs: 20_000, cacheBytes: 32 * 1024 * 1024, ...options };
    this.#cache = new FactsCache(this.#options.cacheBytes);
  }

  async scanFiles(input: PackageInput, how: ScanHow = {}): Promise<Report> {
    return (await this.#scan(input, how)).report;
  }

  async scanPackage(input: PackageInput, how: ScanHow = {}): Promise<{ report: Report; surface: Surface }> {
    const { report, collected } = await this.#scan(input, how);
    return { report, surface: await this.#run("condense", { input: collected.input() }, how.signal) };
  }

  effects(packages: LinkedPackage[], path: string, how: { subpath?: string; signal?: AbortSignal } = {}): Promise<EffectsReport | undefined> {
    const { subpath, signal } = how;
    return this.#run("effects", { packages, path, ...(subpath === undefined ? {} : { subpath }) }, signal);
  }

  async scanTarball(path: string, bytes: Uint8Array, how: ScanHow = {}): Promise<{ report: Report; surface: Surface; files: SourceFile[] }> {
    const { integrity, files, issues } = await this.#run("unpack", { bytes }, how.signal);
    return { ...(await this.scanPackage({ path, integrity, files, issues }, how)), files };
  }

  scanModule(path: string, source: string, how: ScanHow = {}): Promise<Report> {
    const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    return this.scanFiles({ path, files: [{ path: name, bytes: new TextEncoder().encode(source) }] }, how);
  }

  mergeReports(reports: Report[]): Promise<Report> {
    return this.#merge(reports.flatMap((report) => report.packages));
  }

  listImports(path: string, source: string, how: { signal?: AbortSignal } = {}): Promise<ImportSite[]> {
    return this.#run("imports", { path, source }, how.signal);
  }

  ruleCatalog(): Promise<RuleInfo[]> {
    return this.#run("rules", {});
  }

  readPolicy(text: string): Promise<Policy> {
    return this.#run("policy", { text });
  }

  dispose(): void {
    this.#disposed = true;
    this.#cache.clear();
    void this.#pool?.then((pool) => pool.dispose(), () => {});
  }

  async #scan(input: PackageInput, how: ScanHow): Promise<{ report: Report; collected: CollectedPackage }> {
    const collect = (path: string, bytes: Uint8Array, asCode: boolean): Promise<Uint8Array | { crash: string }> =>
      this.#collect(path, bytes, asCode, how.signal);
    const collected = await collectPackage(input, collect, this.#options.workers, how);
    // Only a host knows what day it is.
    const options = { today: new Date().toISOString().slice(0, 10), ...how.options };
    for (let final = false; ; ) {
      const answer: Operations["assemble"]["out"] = await this.#run("assemble", { input: collected.input(), options, final }, how.signal);
      if ("report" in answer) return { report: await this.#merge([answer.report], how.signal), collected };
      final = (await collected.collectAsCode(answer.wanted)) === 0;
    }
  }

  #merge(packages: PackageReport[], signal?: AbortSignal): Promise<Report> {
    return this.#run("merge", { packages }, signal);
  }

  async #collect(path: string, bytes: Uint8Array, asCode: boolean, signal: AbortSignal | undefined): Promise<Uint8Array | { crash: string }> {
    const key = await this.#cache.key(path, bytes, asCode);
    const known = key && this.#cache.get(key);
    if (known) return known;
    const pool = await this.#ready();
    const outcome = await pool.run({ op: "collect", path, bytes, asCode }, this.#options.fileTimeoutMs, signal);
    if ("crash" in outcome) return { crash: outcome.crash };
    const facts = outcome.ok as Uint8Array;
    if (key) this.#cache.set(key, facts);
    return facts;
  }

  async #run<Op extends Operation>(op: Op, input: Operations[Op]["in"], signal?: AbortSignal): Promise<Operations[Op]["out"]> {
    const pool = await this.#ready();
    const outcome = await pool.run({ op, ...input } as Parameters<Pool["run"]>[0], PACKAGE_TIMEOUT_MS, signal);
    if ("ok" in outcome) return outcome.ok as Operations[Op]["out"];
    throw new AnalyzerError(outcome.timedOut ? "timed-out" : "crashed", `the analyser failed: ${outcome.crash}`);
  }

  #ready(): Promise<Pool> {
    if (this.#disposed) return Promise.reject(new AnalyzerError("disposed", "the analyser was disposed of"));
    this.#pool ??= this.#prepare().catch((error: unknown) => {
      this.#pool = undefined;
      throw error;
    });
    return this.#pool;
  }

  async #prepare(): Promise<Pool> {
    const { wasm, worker, workers, idleMs } = this.#options;
    const module = await compile(wasm);
    const pool = new Pool({ module, worker, workers, idleMs });
    if (this.#disposed) pool.dispose();
    return pool;
  }
}

async function compile(wasm: AnalyzerOptions["wasm"]): Promise<WebAssembly.Module> {
  try {
    const source = await (typeof wasm === "function" ? wasm() : wasm);
    return source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
  } catch (cause) {
    throw new AnalyzerError("wasm-invalid", `the analyser's WebAssembly module could not be loaded: ${wordsOf(cause)}`, { cause });
  }
}

// Scans packages: few at a time, each once, remembered until it changes, abandoned when nobody waits for it any more.
import type { Uri } from 'vscode';
import { type FileSystem, type Limits, readPackage } from './read.ts';
import type { Analyzer, PackageReport, Suppression, Surface } from './report.ts';

/** What is known of a package's scan. */
export type Outcome =
  | { state: 'scanning'; done: number; total: number }
  | Done
  | { state: 'failed'; folder: Uri; message: string };

/** A package that has been scanned. */
export interface Done {
  state: 'done';
  folder: Uri;
  report: PackageReport;
  /** What the package may reach, condensed once: what it is linked with others by. */
  surface: Surface;
  unread: number;
}

/** `aside`: nobody looks at the package itself, so whoever does goes first. */
export interface Urgency { aside?: boolean }

interface Entry {
  folder: Uri;
  aside: boolean;
  stamp: string;
  outcome: Outcome;
  finished: Promise<Outcome>;
  abort: AbortController;
  waiting: number;
}

const AT_ONCE = 2;
/** The packages of the open files, and all that those depend on. */
const REMEMBERED = 1000;

export class Scanner {
  readonly #entries = new Map<string, Entry>();
  readonly #queue: { entry: Entry; begin: () => void }[] = [];
  readonly #forgetting = new Set<(folder: Uri | undefined) => void>();
  #running = 0;
  #disposed = false;
  readonly #analyzer: Analyzer;
  readonly #fs: FileSystem;
  readonly #limits: () => Limits;
  readonly #suppress: (folder: Uri) => Promise<Suppression[]>;

  constructor(analyzer: Analyzer, fs: FileSystem, limits: () => Limits, suppress: (folder: Uri) => Promise<Suppression[]> = () => Promise.resolve([])) {
    this.#analyzer = analyzer;
    this.#fs = fs;
    this.#limits = limits;
    this.#suppress = suppress;
  }

  /** Tells when packages were forgotten: whoever shows one should ask again. */
  onForget(listener: (folder: Uri | undefined) => void): void {
    this.#forgetting.add(listener);
  }

  /** Called when a package is asked for. */
  onScan: (folder: Uri, how: Urgency) => void = () => {};

  /** What is known now, without starting anything. */
  peek(folder: Uri): Outcome | undefined {
    return this.#entries.get(folder.toString())?.outcome;
  }

  /** The package's report; from memory if the package is as it was. Rejects only when `signal` aborts. */
  async scan(folder: Uri, signal: AbortSignal, how: Urgency = {}): Promise<Outcome> {
    const key = folder.toString();
    const stamp = await this.#stamp(folder);
    signal.throwIfAborted();
    let entry = this.#entries.get(key);
    if (!entry || entry.stamp !== stamp || entry.abort.signal.aborted) {
      entry?.abort.abort();
      entry = this.#start(key, folder, stamp);
    }
    entry.aside &&= how.aside ?? false;
    this.onScan(folder, how);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const outcome = await this.#wait(entry, signal);
    // Forgotten while it was scanned: what was read may be half old, half new.
    return entry.abort.signal.aborted && !this.#disposed ? this.scan(folder, signal, how) : outcome;
  }

  /** Forgets a package, or all of them, so that the next question scans again. */
  forget(folder?: Uri): void {
    const keys = folder ? [folder.toString()] : [...this.#entries.keys()];
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (!entry) continue;
      entry.abort.abort();
      this.#entries.delete(key);
    }
    for (const listener of this.#forgetting) listener(folder);
  }

  /** The remembered packages that this file is part of. */
  foldersAround({ scheme, authority, path }: Uri): Uri[] {
    return [...this.#entries.values()].map(({ folder }) => folder)
      .filter((folder) => folder.scheme === scheme && folder.authority === authority && path.startsWith(`${folder.path}/`));
  }

  dispose(): void {
    this.#disposed = true;
    this.#forgetting.clear();
    this.forget();
  }

  /** Changes when the package does: an update rewrites `package.json`, if only its version; some installers keep the time. */
  async #stamp(folder: Uri): Promise<string> {
    const manifest = folder.with({ path: `${folder.path}/package.json` });
    try {
      const [{ mtime, size }, bytes] = await Promise.all([this.#fs.stat(manifest), this.#fs.readFile(manifest)]);
      return `${mtime}:${size}:${checksum(bytes)}`;
    } catch {
      return 'no package.json';
    }
  }

  #start(key: string, folder: Uri, stamp: string): Entry {
    const abort = new AbortController();
    const outcome: Outcome = { state: 'scanning', done: 0, total: 0 };
    const entry: Entry = { folder, aside: true, stamp, abort, waiting: 0, outcome, finished: Promise.resolve(outcome) };
    entry.finished = this.#run(entry, folder).then((outcome) => {
      entry.outcome = outcome;
      // An abandoned scan says nothing about the package.
      if (abort.signal.aborted && this.#entries.get(key) === entry) this.#entries.delete(key);
      return outcome;
    });
    this.#entries.set(key, entry);
    for (const [oldest, { outcome }] of this.#entries) {
      if (this.#entries.size <= REMEMBERED) break;
      if (outcome.state !== 'scanning') this.#entries.delete(oldest);
    }
    return entry;
  }

  async #run(entry: Entry, folder: Uri): Promise<Outcome> {
    const { signal } = entry.abort;
    await this.#turn(entry);
    try {
      signal.throwIfAborted();
      const { files, issues, unread } = await readPackage(this.#fs, folder, this.#limits(), signal);
      const { report, surface } = await this.#analyzer.scanPackage({ path: folder.path, files, issues }, {
        signal,
        options: { suppress: await this.#suppress(folder) },
        onProgress: (done, total) => { entry.outcome = { state: 'scanning', done, total }; },
      });
      const [found] = report.packages;
      if (!found) return { state: 'failed', folder, message: 'the analyser gave no report' };
      return { state: 'done', folder, report: found, surface, unread };
    } catch (error) {
      return { state: 'failed', folder, message: error instanceof Error ? error.message : String(error) };
    } finally {
      const urgent = this.#queue.findIndex(({ entry: waiting }) => !waiting.aside);
      const [next] = this.#queue.splice(Math.max(urgent, 0), 1);
      if (next) next.begin();
      else this.#running--;
    }
  }

  async #turn(entry: Entry): Promise<void> {
    if (this.#running < AT_ONCE) this.#running++;
    else await new Promise<void>((begin) => this.#queue.push({ entry, begin }));
  }

  #wait(entry: Entry, signal: AbortSignal): Promise<Outcome> {
    entry.waiting++;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        // The last one to lose interest stops the work.
        if (--entry.waiting === 0 && entry.outcome.state === 'scanning') entry.abort.abort();
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      void entry.finished.then((outcome) => {
        if (signal.aborted) return;
        signal.removeEventListener('abort', leave);
        entry.waiting--;
        resolve(outcome);
      });
    });
  }
}

/** FNV-1a: tells apart, is not meant to withstand anybody. */
const checksum = (bytes: Uint8Array): number => {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
};

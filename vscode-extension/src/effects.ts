// What an import does, through everything it depends on: asked for on hover, worked out aside, remembered until a package changes.
import type { Uri } from 'vscode';
import { type Exists, resolvePackage } from './imports/resolve.ts';
import type { Analyzer, EffectsReport, LinkedPackage } from './report.ts';
import type { Done, Scanner } from './scanner.ts';

/** What is known of the effects of one subpath of a package. */
export type Answer =
  | { state: 'looking'; packages: number }
  | Told
  | { state: 'failed'; message: string };

export interface Told {
  state: 'told';
  /** Absent if the package cannot be imported by that subpath. */
  report: EffectsReport | undefined;
  /** The folder of a package among those that were linked; nothing if `name@version` does not tell it apart. */
  folderOf: (title: string | undefined) => Uri | undefined;
  /** Packages that are installed, but could not be read. */
  unreadable: ReadonlySet<string>;
  /** More packages than this were needed; what lies beyond is unknown. */
  cutAt: number | undefined;
}

interface Job {
  abort: AbortController;
  /** Packages that were scanned or are being scanned. */
  packages: number;
  /** What the answer rests on: for each folder, the scan that was linked. */
  used: Map<string, Done>;
  answer: Answer | undefined;
  finished: Promise<void>;
}

interface Tools {
  analyzer: Pick<Analyzer, 'effects'>;
  scanner: Pick<Scanner, 'scan' | 'peek' | 'onForget'>;
  exists: Exists;
  realFolder: (folder: Uri) => Promise<Uri>;
  /** The most packages that are looked into for one answer. */
  mostPackages?: number;
}

const MOST_PACKAGES = 400;
/** Whoever hovers over one import after the other waits for the last ones only. */
const MOST_RUNNING = 3;
const REMEMBERED = 200;
/** Packages whose dependencies are looked up at the same time. */
const LOOKED_UP_AT_ONCE = 16;
/** Packages that are asked for at the same time; the scanner reads fewer. */
const SCANS_AT_ONCE = 8;

export class Effects {
  readonly #jobs = new Map<string, Job>();
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
    tools.scanner.onForget((folder) => this.forget(folder));
  }

  /**
   * The effects of importing the package in `folder` by `subpath` (`.`, `./x`), as far as they are known after `waitMs`.
   * The work goes on after that, or after `signal` aborts: whoever asks again gets more.
   */
  async ask(folder: Uri, subpath: string, waitMs: number, signal: AbortSignal): Promise<Answer> {
    const key = `${folder.toString()}\n${subpath}`;
    let job = this.#jobs.get(key);
    if (job && (job.answer?.state === 'failed' || this.#isStale(job))) {
      this.#drop(key, job);
      job = undefined;
    }
    job ??= this.#start(folder, subpath);
    this.#jobs.delete(key);
    this.#jobs.set(key, job);
    this.#trim();
    if (!job.answer) await settled(job.finished, waitMs, signal);
    // Given up because a package changed: what it failed with says nothing.
    return (job.abort.signal.aborted ? undefined : job.answer) ?? { state: 'looking', packages: job.packages };
  }

  /** Forgets what rests on a package, or everything. */
  forget(folder?: Uri): void {
    for (const [key, job] of [...this.#jobs]) {
      if (!folder || job.used.has(folder.toString())) this.#drop(key, job);
    }
  }

  dispose(): void {
    this.forget();
  }

  #drop(key: string, job: Job): void {
    job.abort.abort();
    this.#jobs.delete(key);
  }

  /** Whether a package was scanned anew since, or the work was given up. */
  #isStale({ abort, used }: Job): boolean {
    return abort.signal.aborted || [...used].some(([, scan]) => {
      const now = this.#tools.scanner.peek(scan.folder);
      return now !== undefined && now !== scan;
    });
  }

  /** The oldest go first: of those that are being worked out, and of those that are known. */
  #trim(): void {
    const running = [...this.#jobs].filter(([, job]) => !job.answer);
    for (const [key, job] of running.slice(0, -MOST_RUNNING)) this.#drop(key, job);
    for (const [key, job] of [...this.#jobs].slice(0, -REMEMBERED)) this.#drop(key, job);
  }

  #start(folder: Uri, subpath: string): Job {
    const job: Job = { abort: new AbortController(), packages: 1, used: new Map(), answer: undefined, finished: Promise.resolve() };
    job.finished = this.#run(job, folder, subpath).then((answer) => {
      job.answer = answer;
    }, (error: unknown) => {
      job.answer = { state: 'failed', message: error instanceof Error ? error.message : String(error) };
    });
    return job;
  }

  async #run(job: Job, folder: Uri, subpath: string): Promise<Answer> {
    const { signal } = job.abort;
    const first = await this.#tools.scanner.scan(folder, signal);
    if (first.state !== 'done') return { state: 'failed', message: first.state === 'failed' ? first.message : 'its scan has not ended' };
    const { packages, scans, unreadable, cutAt } = await this.#closure(job, first);
    const report = await this.#tools.analyzer.effects(packages, folder.path, { subpath, signal });
    return { state: 'told', report, folderOf: folders(scans), unreadable, cutAt };
  }

  /** The package and, level by level, all that it depends on and that is installed. */
  async #closure(job: Job, first: Done): Promise<{ packages: LinkedPackage[]; scans: Done[]; unreadable: Set<string>; cutAt: number | undefined }> {
    const most = this.#tools.mostPackages ?? MOST_PACKAGES;
    const packages: LinkedPackage[] = [];
    const scans: Done[] = [];
    const places = new Map<string, number>();
    const unreadable = new Set<string>();
    let cutAt: number | undefined;
    const add = (scan: Done): number => {
      job.used.set(scan.folder.toString(), scan);
      places.set(scan.folder.toString(), packages.length);
      scans.push(scan);
      return packages.push({ surface: scan.surface, installed: {} }) - 1;
    };
    add(first);
    for (let done = 0; done < packages.length;) {
      const level = scans.slice(done);
      const found = await this.#lookUp(level, job.abort.signal);
      const fresh = new Map<string, { folder: Uri; name: string }>();
      for (const { name, folder } of found.flat()) {
        const key = folder.toString();
        if (places.has(key) || fresh.has(key)) continue;
        if (packages.length + fresh.size >= most) cutAt = most;
        else fresh.set(key, { folder, name });
      }
      job.packages = packages.length + fresh.size;
      const read = await inLanes([...fresh.values()], SCANS_AT_ONCE, job.abort.signal, ({ folder }) =>
        this.#tools.scanner.scan(folder, job.abort.signal, { aside: true }));
      for (const [index, { name }] of [...fresh.values()].entries()) {
        const outcome = read[index];
        if (outcome?.state === 'done') add(outcome);
        else unreadable.add(name);
      }
      for (const [index, dependencies] of found.entries()) {
        const installed = packages[done + index]?.installed ?? {};
        for (const { name, folder } of dependencies) {
          const place = places.get(folder.toString());
          // A package names its dependencies itself: `__proto__` must become a name like any other.
          if (place !== undefined) Object.defineProperty(installed, name, { value: place, enumerable: true, configurable: true, writable: true });
        }
      }
      done += level.length;
    }
    return { packages, scans, unreadable, cutAt };
  }

  /** Where each of these packages finds those that it imports, as Node looks for them from the package's own folder. */
  #lookUp(scans: readonly Done[], signal: AbortSignal): Promise<{ name: string; folder: Uri }[][]> {
    return inLanes(scans, LOOKED_UP_AT_ONCE, signal, async ({ folder, surface }) => {
      const from = folder.with({ path: `${folder.path}/package.json` });
      const resolved = await Promise.all(surface.dependencies.map(async (name) => {
        const installed = await resolvePackage(name, from, this.#tools.exists);
        return installed ? [{ name, folder: await this.#tools.realFolder(installed) }] : [];
      }));
      return resolved.flat();
    });
  }
}

/** The results in the order of the items, some of which are worked on at the same time. */
const inLanes = async <T, R>(items: readonly T[], atOnce: number, signal: AbortSignal, work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      signal.throwIfAborted();
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
};

/** By `name@version`; the first package is meant where none is named. */
const folders = (scans: readonly Done[]): Told['folderOf'] => {
  const byTitle = new Map<string, Uri | undefined>();
  for (const { folder, report: { name, version } } of scans) {
    const title = version === '' ? name : `${name}@${version}`;
    byTitle.set(title, byTitle.has(title) ? undefined : folder);
  }
  return (title) => (title === undefined ? scans[0]?.folder : byTitle.get(title));
};

/** Waits for the end, for so long, or until nobody listens any more. */
const settled = (finished: Promise<void>, waitMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, waitMs);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    void finished.then(end);
  });

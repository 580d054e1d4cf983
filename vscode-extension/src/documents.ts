// Follows the open documents: lists their imports after each pause, scans what they name, drops what they no longer name.
import { EventEmitter, type TextDocument, type Uri, workspace } from 'vscode';
import type { Config } from './config.ts';
import { isExcluded } from './config.ts';
import { isChecked, type PackageSite, packageSites } from './imports/document.ts';
import { exists, resolvePackage } from './imports/resolve.ts';
import type { Analyzer } from './report.ts';
import type { Outcome, Scanner } from './scanner.ts';

/** A place that names a package, and what is known of the package. */
export interface Place extends PackageSite {
  /** Absent if the package is not installed. */
  folder: Uri | undefined;
  excluded: boolean;
  /** Absent until its scan has begun. */
  outcome: Outcome | undefined;
}

interface Tracked {
  document: TextDocument;
  /** The version the sites were listed from. */
  version: number;
  sites: PackageSite[];
  folders: Map<string, Uri | undefined>;
  scans: Map<string, { abort: AbortController; outcome: Outcome | undefined }>;
  listing: AbortController | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  ready: Promise<void>;
  problem: string | undefined;
}

interface Tools {
  analyzer: Analyzer;
  scanner: Scanner;
  config: () => Config;
  realFolder: (folder: Uri) => Promise<Uri>;
  log: (message: string) => void;
}

export class Documents {
  readonly #tracked = new Map<string, Tracked>();
  readonly #changed = new EventEmitter<TextDocument>();
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
    tools.scanner.onForget((folder) => this.#again(folder));
  }

  /** What is known of this document's packages has changed. */
  readonly onDidChange = this.#changed.event;

  open(document: TextDocument): void {
    if (!this.#tools.config().enable || !isChecked(document) || this.#tracked.has(document.uri.toString())) return;
    const tracked: Tracked = {
      document, version: -1, sites: [], folders: new Map(), scans: new Map(), listing: undefined, timer: undefined, ready: Promise.resolve(), problem: undefined,
    };
    this.#tracked.set(document.uri.toString(), tracked);
    tracked.ready = this.#refresh(tracked);
  }

  /** Waits for a pause in the typing; what is under way for the old text is dropped. */
  edited(document: TextDocument): void {
    const tracked = this.#tracked.get(document.uri.toString());
    if (!tracked) return this.open(document);
    tracked.listing?.abort();
    clearTimeout(tracked.timer);
    tracked.timer = setTimeout(() => { tracked.ready = this.#refresh(tracked); }, this.#tools.config().delay);
  }

  close(document: TextDocument): void {
    const tracked = this.#tracked.get(document.uri.toString());
    if (!tracked) return;
    this.#tracked.delete(document.uri.toString());
    clearTimeout(tracked.timer);
    tracked.listing?.abort();
    for (const { abort } of tracked.scans.values()) abort.abort();
    this.#changed.fire(document);
  }

  /** Looks at all open documents afresh: after a change of settings or of what is installed. */
  restart(): void {
    for (const { document } of [...this.#tracked.values()]) this.close(document);
    for (const document of workspace.textDocuments) this.open(document);
  }

  /** Something was installed or removed: looks everything up again; unchanged packages come from memory. */
  recheck(): void {
    this.#again(undefined);
  }

  /** The document's packages as of its present text; empty while the text is ahead of what is known. */
  places(document: TextDocument): Place[] {
    const tracked = this.#tracked.get(document.uri.toString());
    if (!tracked || tracked.version !== document.version) return [];
    const { exclude } = this.#tools.config();
    return tracked.sites.map((site) => {
      const folder = tracked.folders.get(site.package);
      const outcome = folder && tracked.scans.get(folder.toString())?.outcome;
      const progress = folder && outcome?.state === 'scanning' ? this.#tools.scanner.peek(folder) : undefined;
      return { ...site, folder, excluded: isExcluded(site.package, exclude), outcome: progress?.state === 'scanning' ? progress : outcome };
    });
  }

  /** The same once the present text has been looked at, without waiting for scans. */
  async currentPlaces(document: TextDocument): Promise<Place[]> {
    const tracked = this.#tracked.get(document.uri.toString());
    if (!tracked) return [];
    if (tracked.version !== document.version && tracked.timer !== undefined) {
      clearTimeout(tracked.timer);
      tracked.ready = this.#refresh(tracked);
    }
    await tracked.ready;
    return this.places(document);
  }

  /** Whether the document has been edited since its packages were listed. */
  isBehind(document: TextDocument): boolean {
    return this.#tracked.get(document.uri.toString())?.version !== document.version;
  }

  /** Why the document's imports could not be listed. */
  problem(document: TextDocument): string | undefined {
    return this.#tracked.get(document.uri.toString())?.problem;
  }

  isTracked(document: TextDocument): boolean {
    return this.#tracked.has(document.uri.toString());
  }

  dispose(): void {
    for (const { document } of [...this.#tracked.values()]) this.close(document);
    this.#changed.dispose();
  }

  async #refresh(tracked: Tracked): Promise<void> {
    const { document } = tracked;
    tracked.timer = undefined;
    tracked.listing?.abort();
    const listing = (tracked.listing = new AbortController());
    const { version } = document;
    try {
      const sites = await packageSites(this.#tools.analyzer, document, listing.signal);
      const folders = await this.#resolve(tracked, new Set(sites.map((site) => site.package)));
      if (listing.signal.aborted || document.version !== version) return;
      tracked.version = version;
      tracked.sites = sites;
      tracked.folders = folders;
      tracked.problem = undefined;
    } catch (error) {
      if (listing.signal.aborted) return;
      tracked.problem = error instanceof Error ? error.message : String(error);
      this.#tools.log(`${document.uri.toString(true)}: its imports could not be listed: ${tracked.problem}`);
      this.#changed.fire(document);
      return;
    }
    this.#scan(tracked);
    this.#changed.fire(document);
  }

  async #resolve(tracked: Tracked, names: Set<string>): Promise<Map<string, Uri | undefined>> {
    const { exclude } = this.#tools.config();
    const from = this.#lookupFrom(tracked.document);
    const folders = new Map<string, Uri | undefined>();
    await Promise.all([...names].map(async (name) => {
      if (isExcluded(name, exclude) || !from) return;
      const known = tracked.folders.get(name);
      const found = known ?? await resolvePackage(name, from, exists(workspace.fs));
      folders.set(name, found && !known ? await this.#tools.realFolder(found) : found);
    }));
    return folders;
  }

  #lookupFrom({ uri, isUntitled }: TextDocument): Uri | undefined {
    const root = workspace.workspaceFolders?.[0]?.uri;
    return isUntitled ? root?.with({ path: `${root.path}/untitled` }) : uri;
  }

  #scan(tracked: Tracked): void {
    const wanted = new Map([...tracked.folders.values()].flatMap((folder) => (folder ? [[folder.toString(), folder] as const] : [])));
    for (const [key, { abort }] of [...tracked.scans]) {
      if (wanted.has(key)) continue;
      abort.abort();
      tracked.scans.delete(key);
    }
    for (const [key, folder] of wanted) {
      if (!tracked.scans.has(key)) this.#scanOne(tracked, key, folder);
    }
  }

  #scanOne(tracked: Tracked, key: string, folder: Uri): void {
    const known = this.#tools.scanner.peek(folder);
    const scan = { abort: new AbortController(), outcome: known ?? { state: 'scanning', done: 0, total: 0 } as Outcome };
    tracked.scans.set(key, scan);
    this.#tools.scanner.scan(folder, scan.abort.signal).then((outcome) => {
      if (scan.abort.signal.aborted) return;
      scan.outcome = outcome;
      if (outcome.state === 'failed') this.#tools.log(`${folder.toString(true)}: ${outcome.message}`);
      this.#changed.fire(tracked.document);
    }, (error: unknown) => {
      if (!scan.abort.signal.aborted) this.#tools.log(`${folder.toString(true)}: ${String(error)}`);
    });
  }

  /** Packages may have changed: the documents that name them look them up and ask for their scans again. */
  #again(folder: Uri | undefined): void {
    for (const tracked of this.#tracked.values()) {
      const keys = folder ? [folder.toString()].filter((key) => tracked.scans.has(key)) : [...tracked.scans.keys()];
      if (folder && keys.length === 0) continue;
      for (const key of keys) {
        tracked.scans.get(key)?.abort.abort();
        tracked.scans.delete(key);
      }
      tracked.folders = new Map([...tracked.folders].filter(([, found]) => found && !keys.includes(found.toString())));
      if (tracked.timer === undefined) tracked.ready = this.#refresh(tracked);
    }
  }
}

// Scans package folders in a worker, each once until it changes.

import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { type Analyzer, type Issue, type PackageReport, type Report, type Suppression, openAnalyzer } from "./analyzer.js";
import { listPackage, quickSign, readPackage } from "./files.js";
import { folderName, shown } from "./ids.js";

/** What a scanner needs to know. */
export interface ScannerSettings {
  /** The project's folder: reported paths are relative to it. */
  root: string;
  /** Where reports are kept between runs, if they are. */
  cacheDir: string | undefined;
  rules: string[];
  noRules: string[];
  /** The policy's file, as the user says; `undefined` for the usual one, if there is one. */
  policy: string | false | undefined;
}

interface Known {
  sign: string;
  fingerprint: string;
  report: PackageReport;
}

/** Scans packages and remembers the results. */
export class Scanner {
  readonly #settings: ScannerSettings;
  readonly #known = new Map<string, Known>();
  readonly #running = new Map<string, Promise<PackageReport>>();
  #analyzer: Analyzer | undefined;
  #suppress: Suppression[] = [];

  constructor(settings: ScannerSettings) {
    this.#settings = settings;
  }

  /** The report of one package; an analyser that fails on it gives a report that says so. */
  scan(folder: string, bundled: Iterable<string>): Promise<PackageReport> {
    let running = this.#running.get(folder);
    if (!running) {
      running = this.#scan(folder, bundled).finally(() => this.#running.delete(folder));
      this.#running.set(folder, running);
    }
    return running;
  }

  /** Reads the policy again; if it changed, what is known of packages no longer holds. */
  async readPolicy(): Promise<void> {
    const { policy, root } = this.#settings;
    if (policy === false) return;
    const file = path.resolve(root, policy ?? "importguard.json");
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (policy === undefined && error.code === "ENOENT") return "{}";
      throw new Error(`importguard: cannot read ${shown(file, root)}: ${error.message}`);
    });
    const { suppress } = await this.#open().readPolicy(text).catch((error: Error) => {
      throw new Error(`importguard: ${shown(file, root)}: ${error.message}`);
    });
    if (JSON.stringify(suppress) === JSON.stringify(this.#suppress)) return;
    this.#suppress = suppress;
    this.#known.clear();
  }

  /** The import sites of a text. */
  listImports = (file: string, source: string) => this.#open().listImports(file, source).catch(() => []);

  /** One document for all packages, sorted and counted. */
  async merge(packages: PackageReport[]): Promise<Report> {
    const analyzer = this.#open();
    const empty = await analyzer.mergeReports([]);
    return packages.length === 0 ? empty : analyzer.mergeReports([{ ...empty, packages }]);
  }

  /** Ends the worker; a later scan starts a new one. */
  dispose(): void {
    this.#analyzer?.dispose();
    this.#analyzer = undefined;
  }

  #open(): Analyzer {
    return (this.#analyzer ??= openAnalyzer());
  }

  async #scan(folder: string, bundled: Iterable<string>): Promise<PackageReport> {
    const sign = await quickSign(folder, bundled);
    const known = this.#known.get(folder);
    if (known?.sign === sign) return known.report;
    const listing = await listPackage(folder);
    if (known?.fingerprint === listing.fingerprint) {
      known.sign = sign;
      return known.report;
    }
    const where = shown(folder, this.#settings.root);
    const cached = await this.#cacheEntry(where, listing.fingerprint);
    let report = await cached?.read();
    if (!report) {
      const { files, issues } = await readPackage(folder, listing);
      const input = { path: where, files, issues };
      try {
        const { rules, noRules } = this.#settings;
        const analyzer = this.#open();
        const [first] = (await analyzer.scanFiles(input, { options: { rules, noRules, suppress: this.#suppress } })).packages;
        if (!first) throw new Error("the analyser gave no report");
        report = first;
        await cached?.write(report);
      } catch (error) {
        return blind(folder, where, issues, error instanceof Error ? error.message : String(error));
      }
    }
    this.#known.set(folder, { sign, fingerprint: listing.fingerprint, report });
    return report;
  }

  async #cacheEntry(where: string, fingerprint: string) {
    const { cacheDir, rules, noRules } = this.#settings;
    if (cacheDir === undefined) return undefined;
    const day = this.#suppress.some((entry) => entry.expires) ? new Date().toISOString().slice(0, 10) : "";
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    const key = hash(JSON.stringify([(await this.merge([])).tool, rules, noRules, this.#suppress, day, where, fingerprint]));
    const file = path.join(cacheDir, `${hash(where).slice(0, 32)}.json`);
    return {
      read: async (): Promise<PackageReport | undefined> => {
        try {
          const entry = JSON.parse(await readFile(file, "utf8")) as { key?: string; report?: PackageReport };
          return entry.key === key ? entry.report : undefined;
        } catch {
          return undefined; // Absent or damaged: scanned again.
        }
      },
      write: async (report: PackageReport) => {
        try {
          await mkdir(cacheDir, { recursive: true });
          const draft = `${file}.${process.pid}`;
          await writeFile(draft, JSON.stringify({ key, report }));
          await rename(draft, file);
        } catch {
          // A cache that cannot be written costs time, not results.
        }
      },
    };
  }
}

/** The report of a package that could not be analysed at all: a person has to look. */
function blind(folder: string, where: string, issues: Issue[], message: string): PackageReport {
  const start = { line: 0, character: 0 };
  return {
    name: folderName(folder),
    version: "",
    path: where,
    verdict: "review",
    effect: { kind: "unknown", reasons: [] },
    capabilities: [],
    findings: [
      {
        rule: "unparseable",
        severity: "medium",
        confidence: "high",
        file: "package.json",
        range: { start, end: start, bytes: [0, 0] },
        reach: "import",
        message: `the package could not be analysed: ${message}`,
        help: "look at the package by hand, and report the failure",
        evidence: [],
      },
    ],
    entryPoints: [],
    issues: [...issues, { kind: "crashed", file: "", message }],
    stats: { files: 0, bytes: 0, parsed: 0, skipped: 0, layers: 0 },
  };
}

// The plugin's core, the same for every bundler: a finished build goes in, notices and a report come out.

import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";

import type { PackageReport } from "./analyzer.js";
import { type BuildGraph, type BuiltPackage, chainTo, packagesOf } from "./graph.js";
import { folderName, packageFolder, resolvePackage, shown, specifierPackage } from "./ids.js";
import { type Notice, makeNotice, strongestFirst } from "./notice.js";
import { type Settings, meets } from "./options.js";
import { label, reportText } from "./report.js";
import { Scanner } from "./scanner.js";
import { type Site, sitesOf } from "./sites.js";

/** What a build gives. */
export interface Outcome {
  warnings: Notice[];
  errors: Notice[];
}

/** What is known of a build while it is judged. */
interface Build {
  scanner: Scanner;
  packages: ReadonlyMap<string, BuiltPackage>;
  reports: ReadonlyMap<string, PackageReport>;
}

const SCANS_AT_ONCE = 4;

/** One plugin in one bundler. */
export class Guard {
  readonly settings: Settings;
  /** The project's folder; the bundler sets it. */
  root = process.cwd();
  #scanner: Scanner | undefined;
  /** The packages of each output of the build, so that one report covers them all. */
  readonly #outputs = new Map<string, Map<string, PackageReport>>();
  readonly #announced = new Map<string, string>();
  #lastReport = "";

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** Scans the packages of one output (`key` tells outputs apart) and says what is to be said about them. */
  async inspect(graph: BuildGraph, key = ""): Promise<Outcome> {
    const scanner = await this.#open();
    await scanner.readPolicy();
    const packages = await packagesOf(graph, this.settings.externals ? externalFolder : undefined);
    const reports = await this.#scanAll(scanner, packages);
    this.#outputs.set(key, reports);
    const outcome: Outcome = { warnings: [], errors: [] };
    for (const folder of reports.keys()) {
      const notice = await this.#notice(folder, { scanner, packages, reports });
      if (notice) outcome[notice.level === "error" ? "errors" : "warnings"].push(notice);
    }
    return outcome;
  }

  /** Keeps the notices that were not yet given in this form: for bundlers that print warnings as they come. */
  onlyNew(notices: Notice[]): Notice[] {
    return notices.filter((notice) => {
      const said = [notice.level, notice.title, ...notice.notes.map((note) => `${note.line}:${note.column} ${note.text}`)].join("\n");
      if (this.#announced.get(notice.folder) === said) return false;
      this.#announced.set(notice.folder, said);
      return true;
    });
  }

  /** Writes or prints the report if one is wanted and it is not the one already given. */
  async report(print: (text: string) => void = console.log): Promise<void> {
    const target = this.settings.report;
    if (!target) return;
    const byFolder = new Map([...this.#outputs.values()].flatMap((output) => [...output]));
    const report = await (await this.#open()).merge([...byFolder.values()]);
    const text = target.form === "json" ? JSON.stringify(report, null, 2) : reportText(report);
    if (text === this.#lastReport) return;
    this.#lastReport = text;
    if (target.file === undefined) return print(text);
    const file = path.resolve(this.root, target.file);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${text}\n`);
  }

  /** The import sites of a text. */
  async listImports(file: string, source: string) {
    return (await this.#open()).listImports(file, source);
  }

  /** Ends the worker; a later build starts a new one. */
  dispose(): void {
    this.#scanner?.dispose();
  }

  async #open(): Promise<Scanner> {
    if (this.#scanner) return this.#scanner;
    const { cache, rules, noRules, policy } = this.settings;
    const cacheDir = cache ? await cacheFolder(this.root) : undefined;
    return (this.#scanner ??= new Scanner({ root: this.root, cacheDir, rules, noRules, policy }));
  }

  async #scanAll(scanner: Scanner, packages: ReadonlyMap<string, BuiltPackage>): Promise<Map<string, PackageReport>> {
    const reports = new Map<string, PackageReport>();
    const waiting = [...packages.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
    for (const { folder } of waiting) reports.set(folder, undefined as never); // Fixes the order.
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        reports.set(next.folder, await scanner.scan(next.folder, next.files));
      }
    };
    await Promise.all(Array.from({ length: SCANS_AT_ONCE }, work));
    return reports;
  }

  async #notice(folder: string, build: Build): Promise<Notice | undefined> {
    const { warn, fail } = this.settings;
    const report = build.reports.get(folder) as PackageReport;
    const live = strongestFirst(report.findings.filter((one) => !one.suppressed));
    const worst = live[0];
    if (!worst) return undefined;
    const level = meets(worst.severity, fail) ? "error" : "warning";
    if (level === "warning" && !meets(worst.severity, warn)) return undefined;
    const findings = live.filter((one) => meets(one.severity, level === "error" ? fail : warn));
    const sites = await sitesIn(folder, build);
    const chain = chainTo(folder, build.packages);
    // A direct import is shown by its site; only a way through other packages needs words.
    const through = chain && chain.length > 2 ? this.#chainWords(chain, build) : undefined;
    return makeNotice({ folder, root: this.root, level, report, findings, sites, chain: through });
  }

  #chainWords([own, ...folders]: string[], { reports }: Build): string[] {
    const names = folders.map((folder) => {
      const report = reports.get(folder);
      return report ? label(report) : folderName(folder);
    });
    return [shown(own as string, this.root), ...names];
  }
}

/** Every import of a package, the project's own files first. */
async function sitesIn(folder: string, { packages, scanner }: Build): Promise<Site[]> {
  const own = (file: string) => Number(packageFolder(file) !== undefined);
  const importers = [...(packages.get(folder)?.importers.values() ?? [])].sort(
    (a, b) => own(a.file) - own(b.file) || (a.file < b.file ? -1 : 1),
  );
  const sites: Site[] = [];
  for (const { file, specifiers } of importers) {
    sites.push(...(await sitesOf(file, folder, specifiers, scanner.listImports)));
  }
  return sites;
}

async function externalFolder(importer: string, specifier: string): Promise<string | undefined> {
  const name = specifierPackage(specifier);
  const folder = name === undefined ? undefined : await resolvePackage(importer, name);
  // A linked folder outside node_modules is the project's own code.
  return folder !== undefined && packageFolder(path.join(folder, "package.json")) !== undefined ? folder : undefined;
}

async function cacheFolder(root: string): Promise<string | undefined> {
  for (let folder = root; ; folder = path.dirname(folder)) {
    const modules = path.join(folder, "node_modules");
    if ((await stat(modules).catch(() => undefined))?.isDirectory()) return path.join(modules, ".cache", "importguard");
    if (folder === path.dirname(folder)) return undefined;
  }
}

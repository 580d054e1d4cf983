/** From what a person handed over to a report with the files behind it. */
import { AnalyzerError, type ImportSite, type Issue, type PackageReport, type Report, type Surface } from "importguard-wasm";

import { analyzer } from "./analyzer.ts";
import { damagedArchive, nothingToRead, ScanFailure, tooLarge } from "./failure.ts";
import type { Candidate } from "./intake/group.ts";
import { Sources } from "./sources.ts";

/** One package's report and what is needed to look into it. */
export interface ScannedPackage {
  report: PackageReport;
  sources: Sources;
  /** The entries of its package.json. */
  dependencies: ImportSite[];
  /** What it may reach, to be linked with the other packages; absent if nothing of it could be read. */
  surface?: Surface;
}

/** One candidate, scanned. */
interface Read {
  report: Report;
  sources: Sources;
  surface?: Surface;
}

export interface Scan {
  report: Report;
  packages: ScannedPackage[];
}

export interface Progress {
  done: number;
  total: number;
  /** Files listed so far, while the total is not known. */
  found?: number;
  file: string;
}

/** A package's files are in memory while it is analysed. */
const MAX_PACKAGE_BYTES = 700_000_000;
const MAX_TARBALL_BYTES = 250_000_000;
const READS_AT_ONCE = 128;

export async function scan(candidates: readonly Candidate[], signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Scan> {
  const progress = new Tally(candidates, onProgress);
  const reports: Report[] = [];
  const byReport: ScannedPackage[] = [];
  for (const candidate of candidates) {
    signal.throwIfAborted();
    const one = candidate.kind === "tarball" ? scanTarball(candidate, signal, progress) : scanFolder(candidate, signal, progress);
    // On its own, what cannot be read is all there is to say; among others it is one entry of the list.
    const { report, sources, surface } = await (candidates.length === 1 ? one : one.catch((error: unknown) => unread(candidate.path, error, signal)));
    reports.push(report);
    for (const found of report.packages) {
      byReport.push({ report: found, sources, dependencies: await dependenciesOf(sources, signal), ...(surface ? { surface } : {}) });
    }
  }
  const readable = byReport.some(({ report }) => report.stats.parsed + report.stats.skipped > 0 || report.name !== "" || report.findings.length > 0);
  const manifest = byReport.some(({ sources }) => sources.has("package.json"));
  const only = byReport[0];
  if (!readable && !manifest) throw nothingToRead(only?.report.path ?? "", only?.report.stats.files ?? 0);
  const report = reports.length === 1 && reports[0] ? reports[0] : await analyzer.mergeReports(reports);
  const packages = report.packages.map((merged) => byReport.find((one) => one.report.path === merged.path) ?? { report: merged, sources: new Sources([]), dependencies: [] });
  return { report, packages };
}

async function scanTarball(candidate: Extract<Candidate, { kind: "tarball" }>, signal: AbortSignal, progress: Tally): Promise<Read> {
  const { path, file } = candidate;
  if (file.size > MAX_TARBALL_BYTES) throw tooLarge(path, file.size, MAX_TARBALL_BYTES);
  progress.say(path);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { report, surface, files } = await analyzer.scanTarball(path, bytes, { signal, onProgress: progress.part(1) }).catch((error: unknown) => {
    throw error instanceof AnalyzerError && error.code === "invalid-input" ? damagedArchive(path, [error.message]) : error;
  });
  if (files.length === 0) throw damagedArchive(path, report.packages.flatMap((one) => one.issues.map((issue) => issue.message)));
  return { report, surface, sources: new Sources(files.map((one) => ({ path: one.path, content: one.bytes }))) };
}

async function scanFolder(candidate: Extract<Candidate, { kind: "files" }>, signal: AbortSignal, progress: Tally): Promise<Read> {
  const { path, files } = candidate;
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  if (size > MAX_PACKAGE_BYTES) throw tooLarge(path, size, MAX_PACKAGE_BYTES);
  const issues = [...candidate.issues];
  const read: { path: string; bytes: Uint8Array }[] = [];
  for (let from = 0; from < files.length; from += READS_AT_ONCE) {
    signal.throwIfAborted();
    const some = files.slice(from, from + READS_AT_ONCE).map(async ({ path: name, file }) => {
      try {
        read.push({ path: name, bytes: new Uint8Array(await file.arrayBuffer()) });
      } catch (error) {
        issues.push({ kind: "unreadable", file: name, message: error instanceof Error ? error.message : String(error) });
      }
    });
    await Promise.all(some);
    progress.say(files[from]?.path ?? path);
  }
  const { report, surface } = await analyzer.scanPackage({ path, files: read, issues }, { signal, onProgress: progress.part(files.length) });
  return { report, surface, sources: new Sources(files.map((one) => ({ path: one.path, content: one.file }))) };
}

/** The report of a package of which nothing could be read. */
async function unread(path: string, error: unknown, signal: AbortSignal): Promise<Read> {
  if (!(error instanceof ScanFailure)) throw error;
  const issue: Issue = { kind: "unreadable", file: "", message: `${error.failure.title}. ${error.failure.what}` };
  return { report: await analyzer.scanFiles({ path, files: [], issues: [issue] }, { signal }), sources: new Sources([]) };
}

async function dependenciesOf(sources: Sources, signal: AbortSignal): Promise<ImportSite[]> {
  if (!sources.has("package.json")) return [];
  const text = new TextDecoder().decode(await sources.read("package.json"));
  // A manifest that cannot be read is an issue of the report already.
  const sites = await analyzer.listImports("package.json", text, { signal }).catch((): ImportSite[] => []);
  const development = developmentOnly(text);
  return sites.filter((site) => !development.has(site.package ?? site.specifier));
}

/** Whoever installs the package does not get what it is only developed with. */
function developmentOnly(manifest: string): Set<string> {
  try {
    const parsed = JSON.parse(manifest) as Record<string, object | undefined>;
    const names = (field: string): string[] => Object.keys(parsed[field] ?? {});
    const installed = new Set(["dependencies", "optionalDependencies", "peerDependencies"].flatMap(names));
    return new Set(names("devDependencies").filter((name) => !installed.has(name)));
  } catch {
    return new Set();
  }
}

/** Adds up the progress of several packages; a tarball counts as one until its files are known. */
class Tally {
  readonly #onProgress: (progress: Progress) => void;
  #before = 0;
  #total: number;

  constructor(candidates: readonly Candidate[], onProgress: (progress: Progress) => void) {
    this.#onProgress = onProgress;
    this.#total = candidates.reduce((sum, one) => sum + (one.kind === "tarball" ? 1 : one.files.length), 0);
  }

  say(file: string): void {
    this.#onProgress({ done: this.#before, total: this.#total, file });
  }

  part(expected: number): (done: number, total: number, file: string) => void {
    const before = this.#before;
    let counted = expected;
    return (done, total, file) => {
      this.#total += total - counted;
      counted = total;
      this.#before = before + done;
      this.say(file);
    };
  }
}

// A file system in memory and reports to order.
import type { FileStat, FileType, Uri } from 'vscode';
import { URI } from 'vscode-uri';
import type { FileSystem } from '../src/read.ts';
import type { Analyzer, Finding, PackageReport, Range, Surface } from '../src/report.ts';

export const uri = (path: string): Uri => URI.from({ scheme: 'file', path }) as unknown as Uri;

export const NO_RANGE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 }, bytes: [0, 0] };

/** Files by absolute path; a value of `null` is a link, an error is thrown on reading. */
export class Memory implements FileSystem {
  reads = 0;
  time = 1;
  readonly files: Map<string, string | null | Error>;

  constructor(files: Record<string, string | null | Error>) {
    this.files = new Map(Object.entries(files));
  }

  stat({ path }: Uri): Promise<FileStat> {
    const file = this.files.get(path);
    if (file === undefined) return Promise.reject(new Error(`no such file: ${path}`));
    return Promise.resolve({ type: 1, ctime: 0, mtime: this.time, size: typeof file === 'string' ? file.length : 0 });
  }

  readDirectory({ path }: Uri): Promise<[string, FileType][]> {
    const entries = new Map<string, number>();
    for (const [file, content] of this.files) {
      if (!file.startsWith(`${path}/`)) continue;
      const [name = '', ...rest] = file.slice(path.length + 1).split('/');
      entries.set(name, rest.length > 0 ? 2 : content === null ? 65 : 1);
    }
    return entries.size > 0 ? Promise.resolve([...entries] as [string, FileType][]) : Promise.reject(new Error(`no such folder: ${path}`));
  }

  readFile({ path }: Uri): Promise<Uint8Array> {
    this.reads++;
    const file = this.files.get(path);
    if (typeof file === 'string') return Promise.resolve(new TextEncoder().encode(file));
    return Promise.reject(file ?? new Error(`no such file: ${path}`));
  }
}

export const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: 'data-exfiltration', severity: 'critical', confidence: 'high', file: 'index.js', range: NO_RANGE, reach: 'import',
  message: 'secrets are sent', help: 'do not use it', evidence: [], ...more,
});

export const report = (more: Partial<PackageReport> = {}): PackageReport => ({
  name: 'demo', version: '1.0.0', path: '/demo', verdict: 'pass', effect: { kind: 'pure', reasons: [] }, capabilities: [],
  findings: [], entryPoints: [], issues: [], stats: { files: 1, bytes: 10, parsed: 1, skipped: 0, layers: 0 }, ...more,
});

export const SURFACE: Surface = { bytes: new Uint8Array([1]), dependencies: [] };

/** What the analyser gives for one package. */
export const scanned = (one: PackageReport, surface = SURFACE): Awaited<ReturnType<Analyzer['scanPackage']>> => ({
  report: {
    schemaVersion: 1, tool: { name: 'importguard', version: '0' }, packages: [one],
    summary: { packages: 1, block: 0, review: 0, pass: 1, files: 1, bytes: 1 },
  },
  surface,
});

// Where a file imports a package: the exact place of the specifier, in the text the user wrote.

import { readFile } from "node:fs/promises";
import path from "node:path";

import type { ImportSite } from "./analyzer.js";
import { resolvePackage, specifierPackage } from "./ids.js";

/** One import of a package. */
export interface Site {
  file: string;
  /** The file's text, for a code frame. */
  source: string;
  line: number;
  column: number;
  /** Columns of the specifier, without its quotes. */
  length: number;
  specifier: string;
}

/** Finds import sites; remembers nothing, so an edited file is read anew. */
export type ListImports = (path: string, source: string) => Promise<ImportSite[]>;

/** All places of a file that import the package in `folder`; `specifiers` are the ones the bundler resolved to it. */
export async function sitesOf(file: string, folder: string, specifiers: ReadonlySet<string>, list: ListImports): Promise<Site[]> {
  const source = await readFile(file, "utf8").catch(() => undefined);
  if (source === undefined) return [];
  const sites: Site[] = [];
  for (const site of await importsOf(file, source, list)) {
    const known = specifiers.has(site.specifier);
    const name = site.package ?? specifierPackage(site.specifier);
    if (known || (name !== undefined && (await resolvePackage(file, name)) === folder)) {
      const { start, end } = site.range;
      const length = end.line === start.line ? end.character - start.character : 1;
      sites.push({ file, source, line: start.line, column: start.character, length, specifier: site.specifier });
    }
  }
  return sites.length > 0 ? sites : quoted(file, source, specifiers);
}

/** The import sites of any file that can hold script: components and pages too. */
export async function importsOf(file: string, source: string, list: ListImports): Promise<ImportSite[]> {
  if (/\.[cm]?[jt]sx?$/.test(file)) return list(file, source);
  const script = scriptsOnly(source);
  return script === undefined ? [] : list(`${path.basename(file)}.ts`, script);
}

/** A component's text with everything but its scripts blanked out, so that every place keeps its line and column. */
function scriptsOnly(source: string): string | undefined {
  const kept: [number, number][] = [];
  for (const match of source.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script\s*>/gi)) {
    const start = match.index + match[0].indexOf(">") + 1;
    kept.push([start, start + (match[1] ?? "").length]);
  }
  const front = /^---\r?\n([\s\S]*?)\n---/.exec(source);
  if (front) kept.unshift([front[0].indexOf("\n") + 1, front[0].length - 3]);
  if (kept.length === 0) return undefined;
  const blank = (text: string) => text.replace(/[^\r\n]/g, " ");
  let out = "";
  let at = 0;
  for (const [start, end] of kept) {
    out += blank(source.slice(at, start)) + source.slice(start, end);
    at = end;
  }
  return out + blank(source.slice(at));
}

/** When the import is not there to be parsed (another language, a macro), the first place that quotes the specifier. */
function quoted(file: string, source: string, specifiers: ReadonlySet<string>): Site[] {
  for (const specifier of [...specifiers].sort()) {
    for (const quote of ['"', "'", "`"]) {
      const at = source.indexOf(quote + specifier + quote);
      if (at < 0) continue;
      const before = source.slice(0, at);
      const line = before.split("\n").length - 1;
      const column = at + 1 - (before.lastIndexOf("\n") + 1);
      return [{ file, source, line, column, length: specifier.length, specifier }];
    }
  }
  return [];
}

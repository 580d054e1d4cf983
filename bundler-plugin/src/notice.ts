// What the plugin says about one package at one import, before it takes a bundler's own form.

import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Finding, PackageReport } from "./analyzer.js";
import { codeFrame, printable } from "./frame.js";
import { shown } from "./ids.js";
import { SEVERITIES } from "./options.js";
import { label } from "./report.js";
import type { Site } from "./sites.js";

/** A place that supports a notice. */
export interface Note {
  text: string;
  file: string;
  line: number;
  column: number;
  length: number;
  source: string | undefined;
}

/** One statement about one package. */
export interface Notice {
  /** Folder of the package. */
  folder: string;
  level: "warning" | "error";
  /** One line. */
  title: string;
  /** Where the package is imported, the one to show first; empty if no file shows it. */
  sites: Site[];
  /** The strongest finding's place and steps. */
  notes: Note[];
  /** More lines: the way it came in, help, other findings, other places. */
  lines: string[];
}

/** What a notice is made from. */
export interface NoticeParts {
  folder: string;
  root: string;
  level: Notice["level"];
  report: PackageReport;
  /** At least one, strongest first. */
  findings: Finding[];
  sites: Site[];
  /** The way from the project's code, if it is not direct. */
  chain: string[] | undefined;
}

const REACH = { unreached: "only if a file of its own is imported", call: "when called", import: "on import", install: "on install" };

/** Findings, strongest first; equal ones keep the report's order. */
export function strongestFirst(findings: Finding[]): Finding[] {
  return [...findings].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
}

/** Words a notice. */
export async function makeNotice(parts: NoticeParts): Promise<Notice> {
  const { folder, root, report, findings, sites, chain } = parts;
  const [finding, ...others] = findings as [Finding, ...Finding[]];
  const title = `${label(report)}: ${printable(finding.message)} (${finding.severity}, ${finding.rule})`;
  const lines: string[] = [];
  if (chain) lines.push(`imported through ${chain.map(printable).join(" → ")}`);
  if (finding.help) lines.push(`help: ${printable(finding.help)}`);
  if (others.length > 0) {
    const rules = [...new Set(others.map((one) => `${one.rule} (${one.severity})`))];
    lines.push(`also: ${rules.join(", ")}`);
  }
  const more = sites.length - 1;
  if (more > 0) lines.push(`and ${more} more ${more === 1 ? "place imports" : "places import"} it`);
  return {
    folder,
    level: parts.level,
    title,
    sites,
    notes: await notesOf(finding, folder),
    lines: [...lines, `\`importguard explain ${finding.rule}\` says more`].map((line) => shownLine(line, root)),
  };
}

/** The whole notice as text: no bundler can be relied on to print the place and a frame of a warning by itself. */
export function noticeText({ title, sites: [site], notes, lines }: Notice, root: string): string {
  const place = (at: { file: string; line: number; column: number }) =>
    `${printable(shown(at.file, root))}:${at.line + 1}:${at.column + 1}`;
  const out = [title];
  if (site) out.push(`imported at ${place(site)}`, codeFrame(site.source, site));
  notes.forEach((note, index) => {
    out.push(index === 0 ? `found at ${place(note)}, ${note.text}` : `  - ${place(note)}: ${note.text}`);
    if (index === 0 && note.source !== undefined) out.push(codeFrame(note.source, note));
  });
  return [...out, ...lines].join("\n");
}

async function notesOf(finding: Finding, folder: string): Promise<Note[]> {
  const places = [
    { file: finding.file, range: finding.range, note: `runs ${REACH[finding.reach]}` },
    ...finding.evidence,
  ];
  const texts = new Map<string, string | undefined>();
  const notes: Note[] = [];
  for (const { file, range, note } of places) {
    const absolute = path.join(folder, file);
    // A name in a report comes from the package: it must not lead out of it.
    const inside = absolute.startsWith(folder + path.sep);
    if (!texts.has(file)) texts.set(file, inside ? await readFile(absolute, "utf8").catch(() => undefined) : undefined);
    const { start, end } = range;
    const length = end.line === start.line ? Math.max(1, end.character - start.character) : 1;
    const text = printable(note);
    notes.push({ text, file: absolute, line: start.line, column: start.character, length, source: texts.get(file) });
  }
  return notes;
}

function shownLine(line: string, root: string): string {
  return line.replaceAll(root + path.sep, "");
}

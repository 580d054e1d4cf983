// The report of a build: every bundled package with what it can do.

import type { PackageReport, Report } from "./analyzer.js";
import { printable } from "./frame.js";

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `name@version`, or what there is of it. */
export function label(report: PackageReport): string {
  const name = printable(report.name || report.path);
  return report.version ? `${name}@${printable(report.version)}` : name;
}

/** The report as text for a terminal. */
export function reportText(report: Report): string {
  const { packages, block, review, pass } = report.summary;
  const noun = packages === 1 ? "package" : "packages";
  const out = [`importguard: ${packages} bundled ${noun}: ${block} block, ${review} review, ${pass} pass`];
  for (const one of report.packages) {
    out.push("", `${label(one)}  ${one.verdict}, ${one.effect.kind}  (${printable(one.path)})`);
    for (const [capability, apis] of grouped(one)) out.push(`  ${capability.padEnd(16)} ${printable(apis.join(", "))}`);
    for (const finding of one.findings) {
      const place = `${finding.file}:${finding.range.start.line + 1}:${finding.range.start.character + 1}`;
      const silenced = finding.suppressed ? ` (suppressed: ${finding.suppressed.reason})` : "";
      out.push(`  ${finding.severity}: ${printable(`${finding.rule}: ${finding.message} at ${place}${silenced}`)}`);
    }
    for (const issue of one.issues) {
      out.push(`  not analysed: ${printable(`${issue.file ? `${issue.file}: ` : ""}${issue.message}`)} (${issue.kind})`);
    }
  }
  return out.join("\n");
}

const SHOWN = 4;

/** For each power the APIs it is used through, the first few by name. */
function grouped(report: PackageReport): [string, string[]][] {
  const groups = new Map<string, Set<string>>();
  for (const { capability, api } of report.capabilities) {
    const apis = groups.get(capability) ?? new Set();
    groups.set(capability, apis.add(api));
  }
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([capability, set]) => {
      const apis = [...set].sort();
      const more = apis.length - SHOWN;
      return [capability, more > 0 ? [...apis.slice(0, SHOWN), `and ${more} more`] : apis];
    });
}

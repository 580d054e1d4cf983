/** The WebAssembly build gives the native program's answers, byte for byte. */
import { execFileSync } from "node:child_process";

import type { Report } from "importguard-wasm";
import { createNodeAnalyzer } from "importguard-wasm/node";
import { afterAll, describe, expect, test } from "vitest";

import { fixtures, native, readPackage } from "./packages.ts";

const analyzer = createNodeAnalyzer({ workers: 2 });
afterAll(() => analyzer.dispose());

/** Without the list of popular names, which these hosts do not bring. */
function scanNatively(...what: string[]): Report {
  const out = execFileSync(native(), ["scan", ...what, "--no-rule", "typosquat", "--format", "json", "--fail-on", "never"], { encoding: "utf8", maxBuffer: 1 << 28 });
  return JSON.parse(out) as Report;
}

/** The hosts may name the same folder differently. */
function withoutPaths(report: Report): Report {
  return { ...report, packages: report.packages.map((one) => ({ ...one, path: "" })) };
}

describe("each fixture package", () => {
  const all = fixtures();
  test("there are fixtures", () => expect(all.length).toBeGreaterThan(25));
  test.each(all)("$name", async ({ folder }) => {
    const here = await analyzer.scanFiles(readPackage(folder));
    expect(withoutPaths(here)).toEqual(withoutPaths(scanNatively(folder)));
  });
});

test("all fixtures in one report: merged, sorted and counted alike", async () => {
  const all = fixtures();
  const reports = await Promise.all(all.map(({ folder }) => analyzer.scanFiles(readPackage(folder))));
  const merged = await analyzer.mergeReports(reports.reverse());
  expect(merged).toEqual(scanNatively(...all.map(({ folder }) => folder)));
});

test("the order of the files and the number of workers change nothing", async () => {
  const lone = createNodeAnalyzer();
  for (const { folder } of fixtures().slice(0, 8)) {
    const input = readPackage(folder);
    const forwards = await lone.scanFiles(input);
    const backwards = await analyzer.scanFiles({ ...input, files: [...input.files].reverse() });
    expect(backwards).toEqual(forwards);
  }
  lone.dispose();
});

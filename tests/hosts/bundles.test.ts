/** Code keeps what can be told of it when real bundlers and compilers have been at it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import * as esbuild from "esbuild";
import type { CapabilityUse, PackageReport, SourceFile } from "importguard-wasm";
import { createNodeAnalyzer } from "importguard-wasm/node";
import { rollup, type OutputOptions } from "rollup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import webpack, { type Configuration } from "webpack";

/** A package as its author writes it: ES and CommonJS modules, a TypeScript one, a dependency of its own. */
const SOURCE: Record<string, string> = {
  "src/index.js": `import * as fs from 'node:fs';
import { exec as run } from 'child_process';
import https from 'https';
import { send } from './send.js';
import { load } from './lib/load.js';
import legacy from './legacy.cjs';
import { weigh } from 'fixture-dependency';

export function save(text) {
  fs.writeFileSync('/etc/fixture.conf', text);
  return send(text);
}
export function list() {
  run('ls -l /opt/fixture');
  https.get('https://list.example.invalid/all');
  return load('a').then((x) => x.length);
}
export async function old() {
  await legacy.clean();
  return weigh(legacy.read());
}
`,
  "src/send.js": `import { token } from './lib/token.js';
export async function send(text) {
  const answer = await fetch('https://api.example.invalid/put', {
    method: 'POST',
    headers: { authorization: token() },
    body: text,
  });
  return answer.json();
}
`,
  "src/lib/token.js": `import { env } from 'process';
export const token = () => process.env.FIXTURE_TOKEN + env.FIXTURE_OTHER;
`,
  "src/lib/load.js": `import { readFile } from 'fs/promises';
export async function load(name) {
  const text = await readFile('/var/fixture/data.json', 'utf8');
  return text + name;
}
`,
  "src/legacy.cjs": `const { readFileSync, unlink } = require('fs');
const { spawn } = require('child_process');
const os = require('os');
exports.read = function () {
  return readFileSync('/etc/fixture.legacy', 'utf8') + os.hostname();
};
exports.clean = () => new Promise((done) => {
  unlink('/tmp/fixture.lock', done);
  spawn('fixture-tool', ['--clean']);
});
`,
  "node_modules/fixture-dependency/package.json": `{"name":"fixture-dependency","version":"1.0.0","main":"index.js"}`,
  "node_modules/fixture-dependency/index.js": `var dns = require('dns');
exports.weigh = function (text) {
  dns.lookup('weigh.example.invalid', function () {});
  return text.length;
};
`,
  // The same without CommonJS, which rollup reads only with a plugin, and without anything from outside.
  "src/modules.js": `import * as fs from 'node:fs';
import { exec as run } from 'child_process';
import https from 'https';
import { send } from './send.js';
import { load } from './lib/load.js';
export function save(text) {
  fs.writeFileSync('/etc/fixture.conf', text);
  return send(text);
}
export function list() {
  run('ls -l /opt/fixture');
  https.get('https://list.example.invalid/all');
  return load('a').then((x) => x.length);
}
`,
  "src/alone.js": `import { put } from './put.js';
export function send(text) { return put(text + navigator.userAgent); }
`,
  "src/put.js": `export const put = (text) => fetch('https://alone.example.invalid/put', { method: 'POST', body: text });
`,
  "src/typed.ts": `import fs = require('fs');
import { execSync } from 'child_process';
enum Kind { Plain = 'plain', Odd = 'odd' }
export class Saver {
  constructor(private readonly name: string, readonly kind: Kind = Kind.Plain) {}
  async save(text: string): Promise<void> {
    await fs.promises.writeFile('/etc/fixture.typed', text);
    execSync('fixture-tool --typed');
  }
}
`,
};

/** What a use is apart from its place. */
type Told = string;

/** The report's types, with what this test is about. */
interface Original {
  file: string;
  line?: number;
  character?: number;
}
type Use = CapabilityUse & { original?: Original };

const analyzer = createNodeAnalyzer({ workers: 2 });
let home = "";

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), "importguard-bundles-"));
  for (const [name, text] of Object.entries(SOURCE)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
});
afterAll(() => {
  analyzer.dispose();
  rmSync(home, { recursive: true, force: true });
});

async function scan(files: SourceFile[]): Promise<PackageReport> {
  const report = await analyzer.scanFiles({ path: "fixture", files });
  const [one] = report.packages;
  if (!one) throw new Error("there is no report");
  return one;
}

function told(report: PackageReport, leaveOut: readonly string[] = []): Told[] {
  const words = report.capabilities
    .filter((used) => !leaveOut.includes(used.capability))
    .map((used) => [used.capability, used.api, ...(used.hosts ?? []), ...(used.paths ?? []), ...(used.commands ?? []), ...(used.variables ?? [])].join(" "));
  return [...new Set(words)].sort();
}

/** What can be told of these modules as they were written. */
async function written(...names: string[]): Promise<Told[]> {
  const files = names.map((name) => ({ path: name, bytes: new TextEncoder().encode(SOURCE[name]) }));
  return told(await scan(files));
}

const ALL = ["src/index.js", "src/send.js", "src/lib/token.js", "src/lib/load.js", "src/legacy.cjs", "node_modules/fixture-dependency/index.js"];
const MODULES = ["src/modules.js", "src/send.js", "src/lib/token.js", "src/lib/load.js"];
const ALONE = ["src/alone.js", "src/put.js"];

/** The files that a bundler wrote, as a package of their own. */
function outputOf(name: string): SourceFile[] {
  const folder = path.join(home, name);
  return readdirSync(folder).map((file) => ({ path: `${name}/${file}`, bytes: readFileSync(path.join(folder, file)) }));
}

async function withWebpack(name: string, how: Configuration): Promise<SourceFile[]> {
  const { output, ...rest } = how;
  const config: Configuration = {
    context: home,
    entry: "./src/index.js",
    target: "node",
    output: { path: path.join(home, name), filename: "bundle.js", library: { type: "commonjs2" }, ...output },
    ...rest,
  };
  await new Promise<void>((done, fail) => {
    webpack(config, (error, stats) => {
      if (error) fail(error);
      else if (stats?.hasErrors()) fail(new Error(stats.toString()));
      else done();
    });
  });
  return outputOf(name);
}

async function withEsbuild(name: string, how: esbuild.BuildOptions): Promise<SourceFile[]> {
  await esbuild.build({
    absWorkingDir: home,
    entryPoints: ["src/index.js"],
    bundle: true,
    platform: "node",
    logLevel: "error",
    outfile: `${name}/bundle.js`,
    ...how,
  });
  return outputOf(name);
}

async function withRollup(name: string, input: string, how: OutputOptions): Promise<SourceFile[]> {
  // It warns that a browser has no built-in modules.
  const bundle = await rollup({ input: path.join(home, input), onwarn: () => {}, external: (id) => !/^[./]/.test(id) && !path.isAbsolute(id) });
  await bundle.write({ file: path.join(home, name, "bundle.js"), ...how });
  await bundle.close();
  return outputOf(name);
}

/** Where a use came from, as far as it is told. */
function origins(report: PackageReport): Map<string, string> {
  const out = new Map<string, string>();
  for (const used of report.capabilities as Use[]) {
    const { original } = used;
    if (original) out.set(used.api, original.line === undefined ? original.file : `${original.file}:${original.line + 1}`);
  }
  return out;
}

describe("what was written", () => {
  test("uses what it says", async () => {
    expect(await written(...ALL)).toEqual([
      "dns dns.lookup weigh.example.invalid",
      "env process.env FIXTURE_OTHER",
      "env process.env FIXTURE_TOKEN",
      "fs-read fs.promises.readFile /var/fixture/data.json",
      "fs-read fs.readFileSync /etc/fixture.legacy",
      "fs-write fs.unlink /tmp/fixture.lock",
      "fs-write fs.writeFileSync /etc/fixture.conf",
      "network fetch https://api.example.invalid/put",
      "network https.get https://list.example.invalid/all",
      "process-exec child_process.exec ls -l /opt/fixture",
      "process-exec child_process.spawn fixture-tool --clean",
      "system-info os.hostname",
    ]);
  });
});

describe("webpack", () => {
  const ways: Record<string, Configuration> = {
    production: { mode: "production" },
    "production, modules apart": { mode: "production", optimization: { concatenateModules: false } },
    "production, names kept": { mode: "production", optimization: { concatenateModules: false, minimize: false, moduleIds: "named" } },
    development: { mode: "development", devtool: false },
    "development, a map": { mode: "development", devtool: "source-map" },
    umd: { mode: "production", output: { library: { name: "Fixture", type: "umd" }, globalObject: "this" } },
    "an ES module": { mode: "production", experiments: { outputModule: true }, output: { library: { type: "module" } } },
  };
  test.each(Object.entries(ways))("%s", async (name, how) => {
    const report = await scan(await withWebpack(`webpack ${name}`.replace(/\W+/g, "-"), how));
    expect(told(report)).toEqual(await written(...ALL));
    expect(report.findings.filter((found) => found.severity === "high" || found.severity === "critical")).toEqual([]);
  });

  test.each(["eval", "eval-source-map"] as const)("development, %s", async (devtool) => {
    const report = await scan(await withWebpack(`webpack-${devtool}`, { mode: "development", devtool }));
    expect(told(report, ["dynamic-code"])).toEqual(await written(...ALL));
    expect(origins(report).get("fetch")).toBe("src/send.js");
    expect(report.findings.filter((found) => found.severity === "high" || found.severity === "critical")).toEqual([]);
  });

  test("modules have the paths that the bundle names", async () => {
    const found = origins(await scan(await withWebpack("webpack-paths", ways["development"] ?? {})));
    expect(found.get("child_process.spawn")).toBe("src/legacy.cjs");
    expect(found.get("fs.promises.readFile")).toBe("src/lib/load.js");
    expect(found.get("dns.lookup")).toBe("node_modules/fixture-dependency/index.js");
  });

  test("places have the lines that the map tells", async () => {
    const found = origins(await scan(await withWebpack("webpack-map", ways["development, a map"] ?? {})));
    expect(found.get("child_process.spawn")).toBe("src/legacy.cjs:9");
    expect(found.get("fs.promises.readFile")).toBe("src/lib/load.js:3");
  });

  test("what is only in the browser needs no module loader", async () => {
    const how: Configuration = { mode: "production", target: "web", entry: "./src/alone.js", output: { library: { name: "Fixture", type: "umd" } } };
    expect(told(await scan(await withWebpack("webpack-web", how)))).toEqual(await written(...ALONE));
  });
});

describe("esbuild", () => {
  const ways: Record<string, esbuild.BuildOptions> = {
    cjs: { format: "cjs" },
    esm: { format: "esm" },
    iife: { format: "iife", globalName: "Fixture" },
    "cjs, minified": { format: "cjs", minify: true },
    "esm, minified": { format: "esm", minify: true },
    "for an old engine": { format: "cjs", target: "es2015" },
    "names kept": { format: "cjs", keepNames: true, minify: true },
  };
  test.each(Object.entries(ways))("%s", async (name, how) => {
    const report = await scan(await withEsbuild(`esbuild ${name}`.replace(/\W+/g, "-"), how));
    expect(told(report)).toEqual(await written(...ALL));
    expect(report.findings.filter((found) => found.severity === "high" || found.severity === "critical")).toEqual([]);
  });

  test.each(["inline", "external", "linked"] as const)("a source map, %s", async (sourcemap) => {
    const report = await scan(await withEsbuild(`esbuild-map-${sourcemap}`, { format: "cjs", minify: true, sourcemap }));
    expect(told(report)).toEqual(await written(...ALL));
    const found = origins(report);
    // With an external map the file does not say that there is one, and minified it names no path.
    expect(found.get("child_process.exec")).toBe(sourcemap === "external" ? undefined : "src/index.js:14");
    expect(found.get("fetch")).toBe(sourcemap === "external" ? undefined : "src/send.js:3");
  });

  test("modules have the paths that the bundle names", async () => {
    const found = origins(await scan(await withEsbuild("esbuild-paths", { format: "cjs" })));
    expect(found.get("child_process.spawn")).toBe("src/legacy.cjs");
    expect(found.get("fetch")).toBe("src/send.js");
    expect(found.get("child_process.exec")).toBe("src/index.js");
  });
});

describe("rollup", () => {
  const ways: Record<string, OutputOptions> = {
    es: { format: "es" },
    cjs: { format: "cjs" },
    "cjs, as Babel does": { format: "cjs", interop: "auto" },
    umd: { format: "umd", name: "Fixture" },
    amd: { format: "amd" },
    system: { format: "system" },
  };
  test.each(Object.entries(ways))("%s", async (name, how) => {
    const report = await scan(await withRollup(`rollup ${name}`.replace(/\W+/g, "-"), "src/modules.js", how));
    expect(told(report)).toEqual(await written(...MODULES));
  });

  test.each(["iife", "umd"] as const)("%s without anything from outside", async (format) => {
    const report = await scan(await withRollup(`rollup-alone-${format}`, "src/alone.js", { format, name: "Fixture", sourcemap: true }));
    expect(told(report)).toEqual(await written(...ALONE));
    expect(origins(report).get("fetch")).toBe("src/put.js:1");
  });
});

describe("a compiler", () => {
  test.each(["cjs", "esm"] as const)("TypeScript to %s", async (format) => {
    const source = SOURCE["src/typed.ts"] ?? "";
    const { code } = await esbuild.transform(source, { loader: "ts", format, target: "es2016" });
    const compiled = await scan([{ path: "dist/typed.js", bytes: new TextEncoder().encode(code) }]);
    expect(told(compiled)).toEqual(await written("src/typed.ts"));
    expect(told(compiled)).toContain("process-exec child_process.execSync fixture-tool --typed");
  });
});

describe("a map", () => {
  test("that lies changes nothing but what is shown", async () => {
    const code = "require('child_process').exec('ls /map');\n//# sourceMappingURL=index.js.map\n";
    const files = (map: string): SourceFile[] => [
      { path: "index.js", bytes: new TextEncoder().encode(code) },
      { path: "index.js.map", bytes: new TextEncoder().encode(map) },
    ];
    const plain = await scan(files("{}"));
    for (const map of [
      `{"version":3,"sources":["<script>.js"],"names":[],"mappings":"AAAA"}`,
      `{"version":3,"sources":["a.js"],"names":[],"mappings":"${"gggggg".repeat(50)}"}`,
      `{"version":3,"sections":[${"[".repeat(1000)}`,
      `{"version":3,"sources":`,
    ]) {
      const report = await scan(files(map));
      expect(told(report)).toEqual(told(plain));
      expect(report.findings.map((found) => [found.rule, found.severity, found.range])).toEqual(
        plain.findings.map((found) => [found.rule, found.severity, found.range]),
      );
    }
  });
});

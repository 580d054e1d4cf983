/** Effects through dependencies: the WebAssembly build, given what a host finds, says what the native program says. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import type { EffectsReport, LinkedPackage, Surface } from "importguard-wasm";
import { createNodeAnalyzer } from "importguard-wasm/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { native, readPackage, ROOT } from "./packages.ts";

const analyzer = createNodeAnalyzer({ workers: 2 });
const scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), "importguard-effects-")));
afterAll(() => {
  analyzer.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

const esm = (name: string, more: object = {}): string => JSON.stringify({ name, version: "1.0.0", type: "module", main: "index.js", ...more });
const cjs = (name: string, more: object = {}): string => JSON.stringify({ name, version: "1.0.0", ...more });

/** Packages below `node_modules` of one project, by path. */
const FILES: Record<string, string> = {
  "kit/package.json": esm("kit", { exports: { ".": "./index.js", "./late": "./late.js", "./all": "./all.js" } }),
  "kit/index.js": [
    "import { request } from 'wire';",
    "import { clean } from '@scope/clean';",
    "export const parse = (text) => text.split(',').map(clean);",
    "export function send(text) { return request(text); }",
    "export default class Kit { run(text) { return send(text); } }",
  ].join("\n"),
  "kit/late.js": "export const late = async (text) => (await import('nowhere')).go(text);\nexport const sum = (a, b) => a + b;\n",
  "kit/all.js": "export * from 'wire';\nexport * as box from 'common';\n",
  // A copy of its own: calm, unlike the one beside it.
  "nested/package.json": esm("nested"),
  "nested/index.js": "export { request } from 'wire';\n",
  "nested/node_modules/wire/package.json": esm("wire", { version: "0.1.0" }),
  "nested/node_modules/wire/index.js": "export const request = (text) => text;\n",
  "wire/package.json": esm("wire", { version: "2.0.0" }),
  "wire/index.js": "import https from 'node:https';\nexport function request(text) { return https.request('https://wire.example.invalid/' + text); }\nexport const name = 'wire';\n",
  "@scope/clean/package.json": esm("@scope/clean"),
  "@scope/clean/index.js": "export const clean = (text) => text.trim();\n",
  // In circles, in CommonJS.
  "common/package.json": cjs("common"),
  "common/index.js": "const other = require('other');\nexports.home = () => process.env.HOME;\nexports.twice = (n) => other.double(n);\nexports.lost = () => require('nowhere')();\n",
  "other/package.json": cjs("other"),
  "other/index.js": "exports.double = (n) => n * 2;\nexports.back = () => require('common').home();\n",
  "only/package.json": cjs("only"),
  "only/index.js": "module.exports = (text) => text.length;\n",
};

beforeAll(() => {
  for (const [file, text] of Object.entries(FILES)) {
    const at = path.join(scratch, "node_modules", file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, text);
  }
  // As pnpm lays packages out.
  const store = path.join(scratch, "node_modules/.pnpm/linked@1.0.0/node_modules");
  mkdirSync(path.join(store, "linked"), { recursive: true });
  mkdirSync(path.join(store, "inner"), { recursive: true });
  writeFileSync(path.join(store, "linked/package.json"), esm("linked"));
  writeFileSync(path.join(store, "linked/index.js"), "export { shout } from 'inner';\n");
  writeFileSync(path.join(store, "inner/package.json"), esm("inner"));
  writeFileSync(path.join(store, "inner/index.js"), "export const shout = (text) => console.log(process.argv, text);\n");
  symlinkSync(path.join(store, "linked"), path.join(scratch, "node_modules/linked"), "dir");
});

/** The real folder of a package that another one imports, as Node looks for it. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(path.basename(folder) === "node_modules" ? folder : path.join(folder, "node_modules"), name);
    if (existsSync(found)) return realpathSync(found);
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** The package in a folder and all that it leads to, each condensed once. */
async function closure(folder: string): Promise<LinkedPackage[]> {
  const folders = [realpathSync(folder)];
  const packages: LinkedPackage[] = [];
  for (let index = 0; index < folders.length; index += 1) {
    const at = folders[index] ?? "";
    const surface: Surface = (await analyzer.scanPackage(readPackage(at))).surface;
    const installed: Record<string, number> = {};
    for (const name of surface.dependencies) {
      const found = resolve(at, name);
      if (found === undefined) continue;
      if (!folders.includes(found)) folders.push(found);
      installed[name] = folders.indexOf(found);
    }
    packages.push({ surface, installed });
  }
  return packages;
}

function natively(specifier: string, cwd: string): EffectsReport {
  const out = execFileSync(native(), ["effects", specifier, "--format", "json"], { encoding: "utf8", cwd, maxBuffer: 1 << 28 });
  return JSON.parse(out) as EffectsReport;
}

async function here(folder: string, subpath?: string): Promise<EffectsReport | undefined> {
  return analyzer.effects(await closure(folder), folder, subpath === undefined ? {} : { subpath });
}

const withoutPath = (report: EffectsReport | undefined): EffectsReport | undefined => report && { ...report, path: "" };

const kinds = (report: EffectsReport | undefined): Record<string, string> =>
  Object.fromEntries((report?.subpaths ?? []).flatMap(({ subpath, exports }) => exports.map(({ name, effect }) => [`${subpath} ${name}`, effect.kind])));

describe("each package with its dependencies", () => {
  test.each(["kit", "nested", "wire", "@scope/clean", "common", "other", "only", "linked"])("%s", async (name) => {
    const report = await here(path.join(scratch, "node_modules", name));
    expect(report?.subpaths.length).toBeGreaterThan(0);
    expect(withoutPath(report)).toEqual(withoutPath(natively(name, scratch)));
  });

  test("one subpath alone", async () => {
    const report = await here(path.join(scratch, "node_modules/kit"), "./late");
    expect(withoutPath(report)).toEqual(withoutPath(natively("kit/late", scratch)));
    expect(await here(path.join(scratch, "node_modules/kit"), "./none")).toBeUndefined();
  });

  test("the answers are the right ones", async () => {
    expect(kinds(await here(path.join(scratch, "node_modules/kit")))).toMatchObject({
      ". parse": "pure", ". send": "effects", ". default": "effects", "./late late": "unknown", "./late sum": "pure", "./all request": "effects", "./all name": "pure",
    });
    expect(kinds(await here(path.join(scratch, "node_modules/nested")))).toEqual({ ". request": "pure" });
    expect(kinds(await here(path.join(scratch, "node_modules/common")))).toMatchObject({ ". home": "effects", ". twice": "pure", ". lost": "unknown" });
  });
});

describe("real packages of this repository's own tools", () => {
  test.each(["magic-string", "postcss"])("%s", async (name) => {
    const report = await here(path.join(ROOT, "node_modules", name));
    expect(report?.subpaths.some(({ exports }) => exports.length > 0)).toBe(true);
    expect(withoutPath(report)).toEqual(withoutPath(natively(name, ROOT)));
  });
});

// Real builds with every bundler.

import assert from "node:assert/strict";
import { readFile, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";

import { bundlers, printed, project } from "./support.mjs";

const MAIN = `import { double } from "plain";
const spaced = 1;

/* wide: 😀é */ import { label } from "env-thief";
import "./second.mjs";
import { wrapped } from "wrapper";
import { unused } from "shaken";

console.log(double(spaced), label, wrapped);
`;
const SECOND = `import { label } from "env-thief";
import { decode } from "@scope/decoder";

console.log(label, decode("A"));
`;

const files = { "package.json": '{ "name": "app", "private": true }', "src/main.mjs": MAIN, "src/second.mjs": SECOND };
const installed = {
  plain: "plain",
  shaken: "shaken",
  "env-thief": "env-thief-1",
  "@scope/decoder": "@scope/decoder",
  wrapper: "wrapper",
  "wrapper/node_modules/env-thief": "env-thief-2",
};
const clean = {
  "package.json": '{ "name": "app", "private": true }',
  "src/main.mjs": 'import { double } from "plain";\n\nconsole.log(double(2));\n',
};

const names = (report) => report.packages.map((one) => `${one.name}@${one.version}`);

for (const [name, build] of Object.entries(bundlers)) {
  describe(name, () => {
    test("warns at the import, once per package, with a frame and the evidence", async (t) => {
      const root = await project(t, files, installed);
      const { warnings, errors } = await build(root, {});
      assert.deepEqual(errors, []);

      const first = warnings.find((one) => one.text.includes("env-thief@1.0.0"));
      assert.ok(first, JSON.stringify(warnings, null, 2));
      assert.equal(first.file, "src/main.mjs");
      assert.equal(first.line, 4);
      const line = MAIN.split("\n")[3];
      const column = line.indexOf("env-thief");
      // esbuild counts bytes of UTF-8.
      assert.equal(first.column, name === "esbuild" ? Buffer.byteLength(line.slice(0, column)) : column);
      assert.match(first.frame, /import \{ label \} from "env-thief";/);
      assert.match(first.frame, /[^^]\^{9}(?!\^)/);
      assert.match(first.text, /data-exfiltration/);
      assert.match(first.text, /and 1 more place imports it/);
      assert.match(first.text, /importguard explain data-exfiltration/);

      const second = warnings.find((one) => one.text.includes("env-thief@2.0.0"));
      assert.ok(second, "the other version is looked at on its own");
      assert.equal(second.file, "node_modules/wrapper/index.js");
      assert.equal(second.line, 1);
      assert.match(second.text, /imported through src\/main\.mjs → wrapper@0\.3\.0 → env-thief@2\.0\.0|imported through .*main\.mjs → wrapper@0\.3\.0/);

      const decoder = warnings.find((one) => one.text.includes("@scope/decoder@4.5.6"));
      assert.equal(decoder?.file, "src/second.mjs");
      assert.equal(decoder.line, 2);
      assert.equal(warnings.length, 3, warnings.map((one) => one.text).join("\n\n"));
    });

    test("is silent about clean packages", async (t) => {
      const root = await project(t, clean, { plain: "plain" });
      const out = await printed(async () => assert.deepEqual(await build(root, {}), { warnings: [], errors: [] }));
      assert.doesNotMatch(out, /importguard/);
    });

    test("reports exactly the packages whose code is in the output", async (t) => {
      const root = await project(t, files, installed);
      const file = path.join(root, "out/report.json");
      await build(root, { report: file, warn: "off" }, { external: ["@scope/decoder"] });
      const report = JSON.parse(await readFile(file, "utf8"));
      assert.deepEqual(names(report), ["env-thief@1.0.0", "plain@1.2.3", "wrapper@0.3.0", "env-thief@2.0.0"]);
      assert.equal(report.schemaVersion, 1);
      assert.equal(report.summary.packages, 4);
      const [thief, plain] = report.packages;
      assert.deepEqual([...new Set(thief.capabilities.map((one) => one.capability))].sort(), ["env", "network"]);
      assert.equal(plain.effect.kind, "pure");
    });

    test("lists external packages when asked to", async (t) => {
      const root = await project(t, files, installed);
      const file = path.join(root, "report.json");
      const { warnings } = await build(root, { report: file, externals: true }, { external: ["@scope/decoder"] });
      assert.ok(names(JSON.parse(await readFile(file, "utf8"))).includes("@scope/decoder@4.5.6"));
      assert.equal(warnings.find((one) => one.text.includes("@scope/decoder"))?.file, "src/second.mjs");
    });

    test("prints the report as text", async (t) => {
      const root = await project(t, files, installed);
      const out = await printed(() => build(root, { report: true, warn: "off" }));
      assert.match(out, /^importguard: 5 bundled packages: /m);
      assert.match(out, /^env-thief@1\.0\.0 {2}block, effects/m);
      assert.match(out, /^ {2}network +fetch$/m);
      assert.match(out, /^plain@1\.2\.3 {2}pass, pure/m);
    });

    test("breaks the build at the fail level", async (t) => {
      const root = await project(t, files, installed);
      const { errors } = await build(root, { fail: "critical" });
      const all = errors.map((one) => one.text).join("\n");
      assert.match(all, /env-thief@1\.0\.0/);
      assert.match(all, /env-thief@2\.0\.0/);
      assert.equal(errors.find((one) => one.file === "src/main.mjs")?.line, 4);
      // esbuild has written its files before a plugin sees the result.
      if (name !== "esbuild") await assert.rejects(readdir(path.join(root, "dist")), { code: "ENOENT" });
    });

    test("does not break a clean build at the lowest fail level", async (t) => {
      const root = await project(t, clean, { plain: "plain" });
      assert.deepEqual((await build(root, { fail: "info" })).errors, []);
    });

    test("finds packages behind links and under other names", async (t) => {
      const source = 'import { label } from "renamed";\n\nconsole.log(label);\n';
      const store = ".pnpm/env-thief@1.0.0/node_modules/env-thief";
      const root = await project(t, { ...clean, "src/main.mjs": source }, { [store]: "env-thief-1" });
      await symlink(path.join(root, "node_modules", store), path.join(root, "node_modules/renamed"), "junction");
      const { warnings } = await build(root, {});
      assert.equal(warnings.length, 1);
      const [{ text, file, line, column }] = warnings;
      assert.match(text, /env-thief@1\.0\.0/);
      assert.deepEqual([file, line, column], ["src/main.mjs", 1, 23]);
    });

    test("names a file that does not parse as a blind spot", async (t) => {
      const source = 'import { whole } from "torn";\n\nconsole.log(whole(1));\n';
      const root = await project(t, { ...clean, "src/main.mjs": source }, { torn: "torn" });
      const file = path.join(root, "report.json");
      const { errors } = await build(root, { report: file });
      assert.deepEqual(errors, []);
      const [torn] = JSON.parse(await readFile(file, "utf8")).packages;
      assert.equal(torn.issues.find((one) => one.file === "torn.js")?.kind, "unparsed");
    });
  });
}

// Builds that go on: nothing is scanned or said twice without need.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, readdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import nodeResolve from "@rollup/plugin-node-resolve";
import esbuild from "esbuild";
import { watch } from "rollup";
import { importguard } from "unplugin-importguard";
import webpack from "webpack";

import { Scanner } from "../dist/scanner.js";
import { project } from "./support.mjs";

const files = {
  "package.json": '{ "name": "app", "private": true }',
  "src/main.mjs": 'import { label } from "env-thief";\n\nconsole.log(label);\n',
};
const installed = { "env-thief": "env-thief-1", plain: "plain" };

test("a package is scanned again only when it has changed", async (t) => {
  const root = await project(t, files, installed);
  const scanner = new Scanner({ root, cacheDir: undefined, rules: [], noRules: [], policy: false });
  t.after(() => scanner.dispose());
  const folder = path.join(root, "node_modules/plain");
  const bundled = [path.join(folder, "index.js")];
  const first = await scanner.scan(folder, bundled);
  assert.equal(await scanner.scan(folder, bundled), first);

  // Touched, not changed in size: looked at again, since only a hash could tell.
  const later = new Date(Date.now() + 5000);
  await utimes(bundled[0], later, later);
  const touched = await scanner.scan(folder, bundled);
  assert.notEqual(touched, first);
  assert.deepEqual(touched, first);

  await writeFile(bundled[0], "export function double(value) {\n  return fetch(value);\n}\n");
  const changed = await scanner.scan(folder, bundled);
  assert.equal(changed.capabilities[0]?.capability, "network");
});

test("two calls at the same time share one scan", async (t) => {
  const root = await project(t, files, installed);
  const scanner = new Scanner({ root, cacheDir: undefined, rules: [], noRules: [], policy: false });
  t.after(() => scanner.dispose());
  const folder = path.join(root, "node_modules/plain");
  const [one, other] = await Promise.all([scanner.scan(folder, []), scanner.scan(folder, [])]);
  assert.equal(one, other);
});

test("the disk cache gives the same report, and a damaged or foreign entry is not used", async (t) => {
  const root = await project(t, files, installed);
  const cacheDir = path.join(root, "node_modules/.cache/importguard");
  const folder = path.join(root, "node_modules/env-thief");
  const scan = async (noRules = []) => {
    const scanner = new Scanner({ root, cacheDir, rules: [], noRules, policy: false });
    t.after(() => scanner.dispose());
    return scanner.scan(folder, []);
  };
  const first = await scan();
  const [name] = await readdir(cacheDir);
  const entry = path.join(cacheDir, name);
  const kept = JSON.parse(await readFile(entry, "utf8"));
  assert.deepEqual(kept.report, first);

  // An entry that is used shows in the result.
  kept.report.name = "from the cache";
  await writeFile(entry, JSON.stringify(kept));
  assert.equal((await scan()).name, "from the cache");
  assert.equal((await scan(["data-exfiltration"])).name, "env-thief", "other rules, other key");

  await writeFile(entry, "{ torn");
  assert.deepEqual(await scan(), first);
});

test("rollup's watch mode warns again only when the package has changed", async (t) => {
  const root = await project(t, files, installed);
  const logs = [];
  const watcher = watch({
    input: path.join(root, "src/main.mjs"),
    output: { dir: path.join(root, "dist") },
    plugins: [importguard.rollup(), nodeResolve()],
    onLog: (level, log) => log.pluginCode === "IMPORTGUARD" && logs.push(log.message),
    watch: { buildDelay: 20, chokidar: { ignored: [] } },
  });
  t.after(() => watcher.close());
  const built = () =>
    new Promise((resolve, reject) => {
      const listen = (event) => {
        if (event.code === "BUNDLE_END") event.result.close();
        if (event.code !== "END" && event.code !== "ERROR") return;
        watcher.off("event", listen);
        event.code === "END" ? resolve() : reject(event.error);
      };
      watcher.on("event", listen);
    });
  await built();
  assert.equal(logs.length, 1);

  let next = built();
  await appendFile(path.join(root, "src/main.mjs"), "console.log(1);\n");
  await next;
  assert.equal(logs.length, 1);

  next = built();
  const index = path.join(root, "node_modules/env-thief/index.js");
  await writeFile(index, `// moved\n${await readFile(index, "utf8")}`);
  await next;
  assert.equal(logs.length, 2);
  assert.match(logs[1], /node_modules\/env-thief\/index\.js:3:/);
});

test("each result of webpack's watch mode has the warning once", async (t) => {
  const root = await project(t, files, installed);
  const compiler = webpack({
    mode: "development",
    context: root,
    entry: "./src/main.mjs",
    output: { path: path.join(root, "dist") },
    infrastructureLogging: { level: "none" },
    plugins: [importguard.webpack()],
  });
  const results = [];
  let done;
  const watching = compiler.watch({ aggregateTimeout: 20 }, (error, stats) => {
    results.push(stats.toJson({ all: false, warnings: true }).warnings.filter((one) => /env-thief@1/.test(one.message)).length);
    done?.();
  });
  t.after(() => new Promise((resolve) => watching.close(resolve)));
  await new Promise((resolve) => (done = resolve));
  const again = new Promise((resolve) => (done = resolve));
  await appendFile(path.join(root, "src/main.mjs"), "console.log(1);\n");
  await again;
  assert.deepEqual(results, [1, 1]);
});

test("each rebuild of esbuild has the warning once", async (t) => {
  const root = await project(t, files, installed);
  const context = await esbuild.context({
    absWorkingDir: root,
    entryPoints: ["src/main.mjs"],
    outdir: "dist",
    bundle: true,
    format: "esm",
    logLevel: "silent",
    plugins: [importguard.esbuild()],
  });
  t.after(() => context.dispose());
  for (let round = 0; round < 2; round++) assert.equal((await context.rebuild()).warnings.length, 1);
});

test("a build that nobody closes does not keep the process alive", async (t) => {
  const root = await project(t, files, installed);
  const script = `
    import { rollup } from "rollup";
    import nodeResolve from "@rollup/plugin-node-resolve";
    import { importguard } from "unplugin-importguard";
    const bundle = await rollup({
      input: ${JSON.stringify(path.join(root, "src/main.mjs"))},
      plugins: [importguard.rollup(), nodeResolve()],
      onLog: (level, log) => console.log(log.message),
    });
    await bundle.generate({});
    console.log("generated");
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  let out = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  const deadline = setTimeout(() => child.kill(), 20_000);
  const [code] = await once(child, "close");
  clearTimeout(deadline);
  assert.equal(code, 0);
  assert.match(out, /env-thief@1\.0\.0[\s\S]*generated/);
});

test("the policy of the project counts, and what is wrong with it stops the build", async (t) => {
  const root = await project(t, files, installed);
  const scanner = new Scanner({ root, cacheDir: undefined, rules: [], noRules: [], policy: undefined });
  t.after(() => scanner.dispose());
  const folder = path.join(root, "node_modules/env-thief");
  const scan = async () => {
    await scanner.readPolicy();
    return scanner.scan(folder, []);
  };
  const before = await scan();
  assert.equal(before.verdict, "block");
  const rules = [...new Set(before.findings.map((one) => one.rule))];
  const suppress = rules.map((rule) => ({ rule, package: "env-thief", reason: "ours" }));
  await writeFile(path.join(root, "importguard.json"), JSON.stringify({ suppress }));
  const after = await scan();
  assert.equal(after.verdict, "pass");
  assert.equal(after.findings.length, before.findings.length);
  assert.equal(after.findings[0].suppressed.reason, "ours");
  await writeFile(path.join(root, "importguard.json"), JSON.stringify({ suppress: [{ rule: "none-such", reason: "x" }] }));
  await assert.rejects(scan(), /importguard\.json: suppress\[0\]: there is no rule `none-such`/);
});

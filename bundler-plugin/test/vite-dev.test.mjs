// Vite's dev server: nothing is bundled, dependencies come pre-bundled, and warnings come as modules are served.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import { importguard } from "unplugin-importguard";
import { createLogger, createServer } from "vite";

import { project } from "./support.mjs";

const files = {
  "package.json": '{ "name": "app", "private": true }',
  "index.html": '<script type="module" src="/src/main.js"></script>\n',
  "src/main.js": 'import { double } from "plain";\nimport { wrapped } from "wrapper";\n\nimport "./thief.js";\nconsole.log(double(2), wrapped);\n',
  "src/thief.js": 'import { label } from "env-thief";\nconsole.log(label);\n',
  "src/other.js": 'export * from "env-thief";\n',
  "src/Page.vue": '<template>\n  <p>hi</p>\n</template>\n\n<script setup>\nimport { label } from "env-thief";\n</script>\n',
};
const installed = {
  plain: "plain",
  "env-thief": "env-thief-1",
  wrapper: "wrapper",
  "wrapper/node_modules/env-thief": "env-thief-2",
};

async function serve(t, root, options, plugins = []) {
  const said = [];
  const customLogger = createLogger("silent");
  for (const level of ["warn", "error"]) customLogger[level] = (text) => said.push(text);
  const server = await createServer({
    root,
    configFile: false,
    customLogger,
    server: { host: "127.0.0.1", port: 0, hmr: false, ws: false, watch: null },
    plugins: [importguard.vite(options), ...plugins],
  });
  t.after(() => server.close());
  await server.listen();
  const origin = `http://127.0.0.1:${server.httpServer.address().port}`;
  const seen = new Set();
  /** Fetches a module and everything it imports, as a browser would. */
  const load = async (url) => {
    if (seen.has(url)) return;
    seen.add(url);
    const text = await (await fetch(origin + url)).text();
    for (const [, next] of text.matchAll(/(?:from\s*|import\s*\(?\s*)"(\/[^"]+)"/g)) await load(next);
  };
  return { said, load, origin };
}

const until = async (holds) => {
  for (let tries = 0; tries < 200 && !holds(); tries++) await wait(50);
};

test("warns about direct and pre-bundled packages, once", async (t) => {
  const root = await project(t, files, installed);
  const { said, load } = await serve(t, root, { report: "report.json" });
  await load("/src/main.js");
  await until(() => said.length >= 2);
  await load("/src/main.js?again");
  await wait(400);
  assert.equal(said.length, 2, said.join("\n\n"));
  const direct = said.find((text) => text.includes("env-thief@1.0.0"));
  assert.match(direct, /imported at src\/thief\.js:1:24\n> 1 \| import \{ label \} from "env-thief";\n +\| +\^{9}\n/);
  const nested = said.find((text) => text.includes("env-thief@2.0.0"));
  assert.match(nested, /imported at node_modules\/wrapper\/index\.js:1:24/);
  assert.match(nested, /imported through src\/main\.js → wrapper@0\.3\.0 → env-thief@2\.0\.0/);
  const report = JSON.parse(await readFile(path.join(root, "report.json"), "utf8"));
  assert.deepEqual(
    report.packages.map((one) => `${one.name}@${one.version}`),
    ["env-thief@1.0.0", "plain@1.2.3", "wrapper@0.3.0", "env-thief@2.0.0"],
  );
});

test("refuses to serve a module that imports a package above the fail level", async (t) => {
  const root = await project(t, files, installed);
  const { load, origin } = await serve(t, root, { fail: "critical" });
  for (const name of ["thief.js", "other.js"]) {
    const answer = await fetch(`${origin}/src/${name}`);
    assert.equal(answer.status, 500, name);
  }
  await load("/src/main.js");
  assert.equal((await fetch(`${origin}/src/main.js`)).status, 200);
});

test("finds imports in a component's script", async (t) => {
  const root = await project(t, files, installed);
  const component = {
    name: "component",
    transform: (code, id) => (id.endsWith(".vue") ? { code: "export default 1;", map: null } : undefined),
  };
  const { said, origin } = await serve(t, root, {}, [component]);
  await (await fetch(`${origin}/src/Page.vue`)).text();
  await until(() => said.length > 0);
  assert.match(said.join("\n"), /imported at src\/Page\.vue:6:24/);
});

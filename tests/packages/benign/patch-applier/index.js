#!/usr/bin/env node
const fs = require("fs");
const path = require("path");
const { spawnSync } = require("child_process");

const root = process.env.INIT_CWD || process.cwd();
const folder = path.join(root, "patches");
const quiet = process.argv.includes("--quiet");

const patches = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith(".patch")) : [];
for (const name of patches) {
  const result = spawnSync("git", ["apply", "--whitespace=nowarn", path.join("patches", name)], { cwd: root, encoding: "utf8" });
  if (result.status !== 0) {
    console.error(`${name} does not apply:\n${result.stderr}`);
    process.exit(1);
  }
  if (!quiet) console.log(`applied ${name}`);
}

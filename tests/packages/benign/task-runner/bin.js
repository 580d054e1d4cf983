#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { run } from "./run.js";

const [, , name, ...rest] = process.argv;
if (!name) {
  console.error("usage: task-runner <script> [arguments]");
  process.exit(2);
}
const { scripts = {} } = JSON.parse(await readFile("package.json", "utf8"));
if (!scripts[name]) {
  console.error(`no script named ${name}`);
  process.exit(2);
}
process.exitCode = await run([scripts[name], ...rest].join(" "));

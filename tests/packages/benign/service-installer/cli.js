#!/usr/bin/env node
const { install } = require("./index.js");
const [name, script] = process.argv.slice(2);
if (!name || !script) {
  console.error("usage: service-installer NAME SCRIPT");
  process.exitCode = 2;
} else install({ name, script });

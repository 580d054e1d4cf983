#!/usr/bin/env node
const { clean, remove } = require("./index.js");
const named = process.argv.slice(2);
if (named.length) named.forEach((folder) => remove(folder));
else clean(process.cwd());

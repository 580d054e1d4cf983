#!/usr/bin/env node
require("./index").run(process.argv.slice(2));

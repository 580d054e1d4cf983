#!/usr/bin/env node
const { spawn } = require("child_process");
const { config } = require("./lib/main.js");

config();
const [command, ...values] = process.argv.slice(2);
spawn(command, values, { stdio: "inherit", env: process.env }).on("exit", (code) => process.exit(code ?? 1));

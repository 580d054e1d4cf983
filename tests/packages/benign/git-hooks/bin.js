#!/usr/bin/env node
const message = require("./index.js")();
if (message) console.log(message);

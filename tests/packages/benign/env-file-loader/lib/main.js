const fs = require("fs");
const path = require("path");

const LINE = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(?:"((?:\\.|[^"])*)"|'([^']*)'|([^#\r\n]*))/gm;

function parse(text) {
  const values = {};
  for (const [, key, double, single, bare] of text.matchAll(LINE)) {
    values[key] = double !== undefined ? double.replace(/\\n/g, "\n") : (single ?? bare.trim());
  }
  return values;
}

function config(options = {}) {
  const file = options.path ?? path.resolve(process.cwd(), ".env");
  let parsed = {};
  try {
    parsed = parse(fs.readFileSync(file, { encoding: options.encoding ?? "utf8" }));
  } catch (error) {
    return { error };
  }
  const target = options.processEnv ?? process.env;
  for (const [key, value] of Object.entries(parsed)) {
    if (!Object.prototype.hasOwnProperty.call(target, key) || options.override) target[key] = value;
  }
  return { parsed };
}

function expand(parsed, environment = process.env) {
  const merged = { ...environment, ...parsed };
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => [key, value.replace(/\$\{(\w+)\}/g, (_, name) => merged[name] ?? "")]),
  );
}

module.exports = { config, expand, parse };

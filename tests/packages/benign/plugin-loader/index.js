"use strict";

const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

/** Loads the plugins that the user's configuration names, from the project's folder. */
function load(names, root = process.cwd()) {
  const from = createRequire(path.join(root, "package.json"));
  return names.map((name) => {
    const plugin = from(name.startsWith(".") ? path.resolve(root, name) : `example-plugin-${name}`);
    return plugin.default || plugin;
  });
}

function loadFolder(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".js"))
    .map((name) => require(path.join(folder, name)));
}

const loadModern = (file) => import(file);

module.exports = { load, loadFolder, loadModern };

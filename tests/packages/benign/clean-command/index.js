const fs = require("fs");
const os = require("os");
const path = require("path");

const LEFT = ["dist", "coverage", ".turbo", "node_modules/.cache"];

exports.clean = function clean(folder) {
  for (const name of LEFT) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
};

exports.cleanCache = () => fs.rmSync(path.join(os.homedir(), ".cache/clean-command"), { recursive: true, force: true });

exports.remove = (folder) => fs.promises.rm(folder, { recursive: true, force: true });

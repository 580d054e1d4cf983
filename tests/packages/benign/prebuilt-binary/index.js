const { execFileSync } = require("child_process");
const path = require("path");

const binary = path.join(__dirname, "bin", process.platform === "win32" ? "compiler.exe" : "compiler");

exports.transform = (source, options = []) => execFileSync(binary, ["--stdin", ...options], { input: source, encoding: "utf8" });

const path = require("path");
const { spawn } = require("child_process");

const name = { linux: "tool", win32: "tool.exe" }[process.platform];

exports.path = path.join(__dirname, "bin", name || "tool");
exports.run = (args) => spawn(exports.path, args, { stdio: "inherit" });
exports.fast = () => require("./prebuilds/linux-x64/fast.node");

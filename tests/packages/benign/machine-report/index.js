const os = require("os");
const fs = require("fs");
const { execFile } = require("child_process");

const MODELS = { vmware: "VMware", virtualbox: "VirtualBox", kvm: "KVM", qemu: "QEMU", "hyper-v": "Hyper-V", parallels: "Parallels" };

exports.virtual = (call) =>
  execFile("dmidecode", ["-s", "system-product-name"], (error, text) => {
    const found = Object.keys(MODELS).find((name) => String(text).toLowerCase().includes(name));
    call(error, found ? MODELS[found] : null);
  });
exports.isContainer = () => fs.existsSync("/.dockerenv");
exports.isCI = Boolean(process.env.CI);
exports.isDebugged = () => process.execArgv.some((arg) => arg.startsWith("--inspect"));
exports.cores = () => os.cpus().length;

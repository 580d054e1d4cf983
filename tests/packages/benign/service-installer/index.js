const { execFileSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

/** Registers a program to run at login. */
exports.install = function install({ name, script }) {
  if (process.platform === "darwin") {
    const file = path.join(os.homedir(), "Library/LaunchAgents/", `${name}.plist`);
    fs.writeFileSync(file, `<plist><dict><key>Program</key><string>${script}</string></dict></plist>`);
    execFileSync("launchctl", ["load", file]);
  } else if (process.platform === "win32") {
    execFileSync("schtasks", ["/create", "/sc", "onlogon", "/tn", name, "/tr", `node ${script}`]);
  } else {
    const file = path.join(os.homedir(), ".config/systemd/user/", `${name}.service`);
    fs.writeFileSync(file, `[Service]\nExecStart=node ${script}\n`);
    execFileSync("systemctl", ["--user", "enable", "--now", name]);
  }
};

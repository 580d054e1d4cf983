const { exec } = require("child_process");

function terminalWindows() {
  exec("compile.bat", { windowsHide: true }, () => {});
}

if (process.platform === "win32") terminalWindows();
else process.exit(0);

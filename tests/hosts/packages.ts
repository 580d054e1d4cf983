/** The project's own fixture packages, as a host without a file system gets them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { PackageInput, SourceFile } from "importguard-wasm";

export const ROOT = path.resolve(import.meta.dirname, "../..");

export interface Fixture {
  /** `malicious/eval-base64` */
  name: string;
  folder: string;
}

/** Every folder under tests/packages that has a manifest of its own, in a fixed order. */
export function fixtures(): Fixture[] {
  const home = path.join(ROOT, "tests/packages");
  return readdirSync(home, { withFileTypes: true })
    .filter((group) => group.isDirectory())
    .flatMap((group) => readdirSync(path.join(home, group.name)).map((name) => `${group.name}/${name}`))
    .filter((name) => existsSync(path.join(home, name, "package.json")))
    .sort()
    .map((name) => ({ name, folder: path.join(home, name) }));
}

/** A package folder's files. */
export function readPackage(folder: string): PackageInput {
  const files: SourceFile[] = [];
  const walk = (inside: string): void => {
    for (const entry of readdirSync(path.join(folder, inside), { withFileTypes: true })) {
      const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) walk(name);
      else files.push({ path: name, bytes: readFileSync(path.join(folder, name)) });
    }
  };
  walk("");
  return { path: folder, files };
}

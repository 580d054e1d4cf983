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

/** The native program, as the Rust tests build it. */
export function native(): string {
  const given = process.env["IMPORTGUARD_BIN"];
  const program = given ?? path.join(ROOT, "target/debug/importguard");
  if (!existsSync(program)) throw new Error(`there is no ${program}: build it with \`cargo build --bin importguard\``);
  return program;
}

/** A package folder's files; those of the packages installed in it are not its own. */
export function readPackage(folder: string): PackageInput {
  const files: SourceFile[] = [];
  const walk = (inside: string): void => {
    for (const entry of readdirSync(path.join(folder, inside), { withFileTypes: true })) {
      const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules") walk(name);
      } else files.push({ path: name, bytes: readFileSync(path.join(folder, name)) });
    }
  };
  walk("");
  return { path: folder, files };
}

// From a bundler's module ids to files, and from files to the packages they belong to.

import { realpath } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The file behind a module id, or `undefined` for a module that exists only inside the bundler. */
export function fileOf(id: string): string | undefined {
  // Rollup's convention marks virtual modules with \0; proxies of real files keep the path behind it.
  let file = id.startsWith("\0") ? id.slice(1) : id;
  if (file.startsWith("file://")) {
    try {
      file = fileURLToPath(file);
    } catch {
      return undefined;
    }
  }
  if (file.startsWith("/@fs/")) file = file.slice(process.platform === "win32" ? 5 : 4);
  file = file.replace(/[?#].*$/s, "");
  return path.isAbsolute(file) ? path.normalize(file) : undefined;
}

/** The folder of the installed package that a file belongs to; `undefined` for the project's own files. */
export function packageFolder(file: string): string | undefined {
  // Not the nearest package.json: packages carry inner ones that only say `"type": "module"`.
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf("node_modules");
  const name = parts[at + 1];
  if (at < 0 || name === undefined || name === "" || name.startsWith(".")) return undefined;
  const length = name.startsWith("@") ? 3 : 2;
  // A file that lies directly in node_modules belongs to no package.
  return parts.length > at + length ? parts.slice(0, at + length).join(path.sep) : undefined;
}

/** The name under which a package folder is imported: `@scope/name` or `name`. */
export function folderName(folder: string): string {
  const parts = folder.split(path.sep);
  return parts.slice(parts.lastIndexOf("node_modules") + 1).join("/");
}

/** The package of a bare specifier: `@scope/name/sub` gives `@scope/name`. */
export function specifierPackage(specifier: string): string | undefined {
  return /^(?:@[^/\\:]+\/)?[^./\\@:\0][^/\\:]*(?=\/|$)/.exec(specifier)?.[0];
}

/** The real folder that Node would find for a package named in a file, or `undefined`. */
export async function resolvePackage(importer: string, name: string): Promise<string | undefined> {
  for (let folder = path.dirname(importer); ; folder = path.dirname(folder)) {
    if (path.basename(folder) !== "node_modules") {
      const real = await realpath(path.join(folder, "node_modules", name)).catch(() => undefined);
      if (real !== undefined) return real;
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** A path as it is shown: relative to the project where that is shorter, with `/`. */
export function shown(file: string, root: string): string {
  const relative = path.relative(root, file);
  const outside = relative.startsWith(`..${path.sep}..${path.sep}..`) || path.isAbsolute(relative);
  return (outside ? file : relative).split(path.sep).join("/");
}

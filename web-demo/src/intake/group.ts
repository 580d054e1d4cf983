/** A flat list of files becomes packages: each folder with its own manifest in node_modules is one. */
import type { Issue } from "importguard-wasm";

import type { Given, GivenFile } from "./collect.ts";

/** One package to scan, read when its turn comes. */
export type Candidate =
  | { kind: "tarball"; path: string; file: File }
  | { kind: "files"; path: string; files: { path: string; file: Blob }[]; issues: Issue[] };

/** Sorts what was given into packages. */
export function group(given: Given): Candidate[] {
  const tarballs = given.files.filter(({ path }) => isTarballName(path));
  // A tarball among a package's files is a file of it; tarballs on their own are packages.
  if (tarballs.length > 0 && tarballs.length === given.files.length) {
    return tarballs.map(({ path, file }) => ({ kind: "tarball", path, file }));
  }
  const top = commonFolder(given.files);
  const roots = packageRoots(given.files, top);
  const packages = new Map<string, Extract<Candidate, { kind: "files" }>>();
  const packageAt = (root: string): Extract<Candidate, { kind: "files" }> => {
    let found = packages.get(root);
    if (!found) packages.set(root, (found = { kind: "files", path: root, files: [], issues: [] }));
    return found;
  };
  for (const { path, file } of given.files) {
    const root = rootOf(path, roots) ?? top;
    packageAt(root).files.push({ path: inside(path, root), file });
  }
  for (const { path, message } of given.unreadable) {
    const root = rootOf(path, roots) ?? top;
    const kind = /^version control/.test(message) ? "skipped" : "unreadable";
    packageAt(root).issues.push({ kind, file: inside(path, root), message });
  }
  const only = given.files[0];
  return [...packages.values()].map((found) => ({ ...found, path: found.path || (given.files.length === 1 && only ? only.path : "dropped files") }));
}

export function isTarballName(path: string): boolean {
  return /\.(tgz|tar\.gz|tar)$/i.test(path);
}

function inside(path: string, root: string): string {
  return root === "" ? path : path.slice(root.length + 1);
}

/** The folder that all files are in, if it is one dropped folder. */
function commonFolder(files: readonly GivenFile[]): string {
  const first = files[0]?.path.split("/") ?? [];
  const folder = first.length > 1 ? (first[0] ?? "") : "";
  return files.every(({ path }) => path.startsWith(`${folder}/`)) ? folder : "";
}

const INSTALLED = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*$/;

function packageRoots(files: readonly GivenFile[], top: string): Set<string> {
  const roots = new Set<string>([top]);
  // Several package folders dropped at once.
  const sideBySide = top === "" && !files.some(({ path }) => path === "package.json");
  for (const { path } of files) {
    const folder = path.replace(/\/?package\.json$/, "");
    if (folder !== path && (INSTALLED.test(folder) || (sideBySide && !folder.includes("/")))) roots.add(folder);
  }
  return roots;
}

/** The innermost package folder that holds the path. */
function rootOf(path: string, roots: ReadonlySet<string>): string | undefined {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const folder = path.slice(0, end);
    if (roots.has(folder)) return folder;
  }
  return roots.has("") ? "" : undefined;
}

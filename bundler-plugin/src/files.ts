// Reads an installed package from disk: everything in its folder but the packages nested in it.

import { createHash } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";

import type { Issue } from "./analyzer.js";

const MAX_FILES = 50_000;
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_TOTAL_BYTES = 512 * 1024 * 1024;
const READ_AT_ONCE = 16;

/** One file of a package folder. */
interface Entry {
  path: string;
  size: number;
  mtimeMs: number;
}

/** What lies in a package folder, without its contents. */
export interface Listing {
  entries: Entry[];
  issues: Issue[];
  /** Changes whenever a file is added, removed or written. */
  fingerprint: string;
}

/** Lists a package's files, sorted by path. Links are named as issues, not followed. */
export async function listPackage(folder: string): Promise<Listing> {
  const entries: Entry[] = [];
  const issues: Issue[] = [];
  const pending = [""];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const children = await readdir(path.join(folder, directory), { withFileTypes: true }).catch((error: Error) => {
      issues.push({ kind: "unreadable", file: directory ?? "", message: error.message });
      return [];
    });
    for (const child of children) {
      const inside = directory === "" ? child.name : `${directory}/${child.name}`;
      if (child.isDirectory()) {
        if (child.name !== "node_modules") pending.push(inside);
      } else if (child.isFile()) {
        const info = await stat(path.join(folder, inside)).catch(() => undefined);
        entries.push({ path: inside, size: info?.size ?? 0, mtimeMs: info?.mtimeMs ?? 0 });
      } else {
        issues.push({ kind: "skipped", file: inside, message: "not a regular file: links are not followed" });
      }
    }
    if (entries.length > MAX_FILES) {
      issues.push({ kind: "limit", file: "", message: `more than ${MAX_FILES} files: the rest was not read` });
      break;
    }
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash("sha256");
  for (const entry of entries) hash.update(`${entry.path}\0${entry.size}\0${entry.mtimeMs}\n`);
  return { entries, issues, fingerprint: hash.digest("hex") };
}

/** Reads the listed files; what cannot be read or is too large becomes an issue. */
export async function readPackage(folder: string, listing: Listing) {
  const files: { path: string; bytes: Uint8Array }[] = [];
  const issues = [...listing.issues];
  const wanted: Entry[] = [];
  let total = 0;
  for (const entry of listing.entries) {
    total += entry.size;
    if (entry.size > MAX_FILE_BYTES || total > MAX_TOTAL_BYTES) {
      total -= entry.size;
      issues.push({ kind: "too-large", file: entry.path, message: `${entry.size} bytes: not read` });
    } else {
      wanted.push(entry);
    }
  }
  for (let from = 0; from < wanted.length; from += READ_AT_ONCE) {
    const batch = wanted.slice(from, from + READ_AT_ONCE);
    const read = await Promise.allSettled(batch.map((entry) => readFile(path.join(folder, entry.path))));
    read.forEach((result, index) => {
      const entry = batch[index] as Entry;
      if (result.status === "fulfilled") {
        // A copy of its own: small reads share one pooled buffer, which must not be handed to a worker.
        files.push({ path: entry.path, bytes: new Uint8Array(result.value) });
      } else {
        issues.push({ kind: "unreadable", file: entry.path, message: (result.reason as Error).message });
      }
    });
  }
  return { files, issues };
}

/** A cheap sign that a package may have changed: its folder, its manifest and its bundled files. */
export async function quickSign(folder: string, bundled: Iterable<string>): Promise<string> {
  const signs: string[] = [];
  for (const file of [folder, path.join(folder, "package.json"), ...[...bundled].sort()]) {
    const info = await stat(file).catch(() => undefined);
    signs.push(`${file}\0${info?.ino}\0${info?.size}\0${info?.mtimeMs}`);
  }
  return signs.join("\n");
}

/** Reads the files of one package, a few at a time, and keeps what was read and what was lost. */
import type { Issue } from "./report.js";
import type { CollectedInput, PackageInput, ScanHow, SourceFile } from "./types.js";

type Collect = (path: string, bytes: Uint8Array, asCode: boolean) => Promise<Uint8Array | { crash: string }>;

/** A package whose files have been read; some may have to be read again as code. */
export interface CollectedPackage {
  input(): CollectedInput;
  /** Reads these files again as code, and tells how many there were that had not been. */
  collectAsCode(paths: readonly string[]): Promise<number>;
}

/** Reads all files of a package. */
export async function collectPackage(input: PackageInput, collect: Collect, workers: number, how: ScanHow): Promise<CollectedPackage> {
  const facts = new Map<SourceFile, Uint8Array>();
  const crashed = new Map<SourceFile, string>();
  const asCode = new Set<SourceFile>();
  let done = 0;
  let total = input.files.length;

  const readAll = (files: readonly SourceFile[], code: boolean): Promise<void> =>
    inParallel(files, workers, async (file) => {
      how.signal?.throwIfAborted();
      const result = await collect(file.path, file.bytes, code);
      if (result instanceof Uint8Array) {
        facts.set(file, result);
        crashed.delete(file);
      } else {
        crashed.set(file, result.crash);
      }
      done += 1;
      how.onProgress?.(done, total, file.path);
    });

  await readAll(input.files, false);
  return {
    input: () => ({
      path: input.path,
      ...(input.integrity === undefined ? {} : { integrity: input.integrity }),
      files: input.files.flatMap((file) => {
        const read = facts.get(file);
        return read ? [{ path: file.path, facts: read }] : [];
      }),
      issues: [...(input.issues ?? []), ...[...crashed].map(([file, words]) => crashIssue(file.path, words))],
    }),
    collectAsCode: async (paths) => {
      const named = new Set(paths);
      const again = input.files.filter((file) => named.has(file.path) && !asCode.has(file));
      for (const file of again) asCode.add(file);
      total += again.length;
      await readAll(again, true);
      return again.length;
    },
  };
}

function crashIssue(file: string, words: string): Issue {
  return { kind: "crashed", file, message: `the analyser failed on this file and was restarted: ${words}` };
}

/** Enough under way to keep every worker busy, few enough that other calls get their turn. */
async function inParallel<T>(items: readonly T[], workers: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  const lanes = Math.min(items.length, workers * 6);
  await Promise.all(Array.from({ length: lanes }, lane));
}

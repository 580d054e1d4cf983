/** What went wrong, in words a person can act on: what, where, what to do. */
import { AnalyzerError } from "importguard-wasm";

import { MAX_FILES, TooManyFiles } from "./intake/collect.ts";

export interface Failure {
  title: string;
  what: string;
  where?: string;
  advice: string[];
}

export class ScanFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.title);
  }
}

const COMMAND_LINE = "Use the command line, which has no such limit: importguard scan, followed by the folder's path.";

export function tooLarge(path: string, bytes: number, limit: number): ScanFailure {
  return new ScanFailure({
    title: "This is too large for a web page",
    what: `It has ${megabytes(bytes)} MB; this page takes packages of up to ${megabytes(limit)} MB.`,
    where: path,
    advice: ["Drop a single package rather than a whole project.", COMMAND_LINE],
  });
}

export function damagedArchive(path: string, reasons: string[]): ScanFailure {
  return new ScanFailure({
    title: "This archive cannot be read",
    what: reasons.length > 0 ? `Not one file could be taken out of it: ${reasons.join("; ")}.` : "It holds no files.",
    where: path,
    advice: [
      "Download it again: a transfer that broke off leaves a file like this.",
      "If it comes from a registry and stays like this, do not install it: an archive that only some tools can open is a known trick.",
    ],
  });
}

export function nothingToRead(path: string, files: number): ScanFailure {
  return new ScanFailure({
    title: "Nothing here that importguard can read",
    what:
      files === 0
        ? "No file arrived. An empty folder looks like this."
        : `Among ${files === 1 ? "this one file" : `these ${files} files`} there is no JavaScript, no TypeScript and no package.json.`,
    where: path,
    advice: ["Drop the folder that has the package.json in it, or the .tgz that npm pack writes.", "Or paste the code."],
  });
}

/** Puts whatever was thrown into words. */
export function failureOf(thrown: unknown, where?: string): Failure {
  const place = where === undefined ? {} : { where };
  if (thrown instanceof ScanFailure) return thrown.failure;
  if (thrown instanceof TooManyFiles) {
    return {
      title: "Too many files for a web page",
      what: `More than ${MAX_FILES.toLocaleString("en")} files were dropped.`,
      ...place,
      advice: ["Drop a single package rather than a whole project.", COMMAND_LINE],
    };
  }
  if (thrown instanceof AnalyzerError) return ofAnalyzer(thrown, place);
  return {
    title: "The files could not be read",
    what: thrown instanceof Error ? thrown.message : String(thrown),
    ...place,
    advice: ["Check that the files still exist and that the browser may read them, then try again."],
  };
}

function ofAnalyzer(error: AnalyzerError, place: { where?: string }): Failure {
  if (error.code === "crashed" || error.code === "timed-out" || error.code === "invalid-input") {
    return {
      title: "The analyser failed on this package",
      what: error.message,
      ...place,
      advice: ["Treat the package as unchecked. Code that brings down an analyser may do so on purpose.", COMMAND_LINE],
    };
  }
  return {
    title: "The analyser could not be started",
    what: error.message,
    ...place,
    advice: [
      "Reload the page.",
      "If it stays like this, your browser may forbid WebAssembly or workers (some lockdown modes do): try another browser.",
    ],
  };
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1_000_000).toLocaleString("en");
}

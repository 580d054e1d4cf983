/** Why a call failed, when it did not fail because of one file's content. */
export type AnalyzerErrorCode =
  /** The WebAssembly module is missing, damaged or refused by this platform. */
  | "wasm-invalid"
  /** The worker did not start or died without a cause that one file explains. */
  | "worker-failed"
  /** The analyser was disposed of. */
  | "disposed"
  /** The analyser failed on the package as a whole. */
  | "crashed"
  /** The package as a whole took too long. */
  | "timed-out"
  /** The analyser refused the call's arguments. */
  | "invalid-input";

/** The one type of error that the wrapper throws, besides the reason of an aborted signal. */
export class AnalyzerError extends Error {
  override readonly name = "AnalyzerError";

  constructor(
    readonly code: AnalyzerErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The words of anything that was thrown. */
export function wordsOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === "string" ? thrown : String(thrown);
}

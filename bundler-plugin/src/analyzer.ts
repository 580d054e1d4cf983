// The analyser as the plugin uses it: in worker threads, so that the bundler's own thread stays free.

import { availableParallelism } from "node:os";

import type { Analyzer } from "importguard-wasm";
import { createNodeAnalyzer } from "importguard-wasm/node";

export type { Analyzer, Finding, ImportSite, Issue, PackageReport, Report, Severity, Suppression } from "importguard-wasm";

/** Starts an analyser; its threads do not keep the process alive. One core is left to the bundler. */
export function openAnalyzer(): Analyzer {
  return createNodeAnalyzer({ workers: Math.min(4, Math.max(1, availableParallelism() - 1)) });
}

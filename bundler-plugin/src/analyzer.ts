// The analyser as the plugin uses it: in a worker thread, so that the bundler's own thread stays free.

import type { Analyzer } from "importguard-wasm";
import { createNodeAnalyzer } from "importguard-wasm/node";

export type { Analyzer, Finding, ImportSite, Issue, PackageReport, Report, Severity } from "importguard-wasm";

/** Starts an analyser; its thread does not keep the process alive. */
export function openAnalyzer(): Analyzer {
  return createNodeAnalyzer();
}

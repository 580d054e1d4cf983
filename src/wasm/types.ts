/** The types of the wrapper's surface that are not part of the report. */
import type { ImportKind, Issue, Options, Range, Severity } from "./report.js";

// The declarations that wasm-bindgen writes import all of their types from here.
export type { EffectsReport, Options, PackageReport, Policy, Report } from "./report.js";

/** One file of a package: its path inside the package, `/`-separated, and its content. */
export interface SourceFile {
  path: string;
  bytes: Uint8Array;
}

/** A package as a host hands it over. */
export interface PackageInput {
  /** Where the host found it; shown in the report. */
  path: string;
  integrity?: string;
  files: SourceFile[];
  /** Blind spots the host knows of, such as files it could not read. */
  issues?: Issue[];
}

/** A package whose files have each been turned into facts. */
export interface CollectedInput {
  path: string;
  integrity?: string;
  files: { path: string; facts: Uint8Array }[];
  issues: Issue[];
  /** The content of `names.fst`; without it nothing is said of names. */
  names?: Uint8Array;
}

/** How to scan: when to stop, whom to tell, what to look for. */
export interface ScanHow {
  signal?: AbortSignal;
  onProgress?: (done: number, total: number, file: string) => void;
  options?: Partial<Options>;
}

/** What a package may reach, condensed for telling effects: of it, and of packages that import it. */
export interface Surface {
  /** Opaque; it depends on nothing but the package's files. */
  bytes: Uint8Array;
  /** The names of the packages that it imports. */
  dependencies: string[];
}

/** A package among others: `installed` tells where those that it imports are in the same list. */
export interface LinkedPackage {
  surface: Surface;
  installed: Record<string, number>;
}

/** What a tarball holds. */
export interface Unpacked {
  integrity: string;
  files: SourceFile[];
  issues: Issue[];
}

/** One place that names another module, or one dependency entry of a `package.json`. */
export interface ImportSite {
  specifier: string;
  /** Absent for relative paths, URLs and built-in modules. */
  package?: string;
  subpath: string;
  kind: ImportKind | "dependency";
  /** Imported export names: `default`, `*`, or as exported. */
  names: string[];
  range: Range;
}

/** What is said of one name. */
export interface Look {
  name: string;
  /** The popular name that it looks like. */
  target: string | null;
  /** Why, in a short sentence; empty where there is no target. */
  why: string;
}

/** One rule, with its page in Markdown. */
export interface RuleInfo {
  id: string;
  title: string;
  severity: Severity;
  docs: string;
}

/** The types of the report. Generated from the Rust types by `cargo xtask gen`; do not edit. */

/** A power over the world outside the module's own values. */
export type Capability = "network" | "dns" | "fs-read" | "fs-write" | "process-exec" | "dynamic-code" | "dynamic-import" | "env" | "system-info" | "native" | "wasm" | "worker" | "crypto" | "dom" | "storage" | "clipboard" | "device" | "wallet" | "global-mutation" | "process-control";

/** One use of a power. */
export type CapabilityUse = {
  /** Which power. */
  capability: Capability;
  /** The API, canonical: `child_process.exec`, `fetch`, `process.env`. */
  api: string;
  /** Path inside the package. */
  file: string;
  /** The place. */
  range: Range;
  /** How the place is reached. */
  reach: Reach;
  /** Hosts or URLs among the arguments, if known. */
  hosts?: Array<string>;
  /** File paths among the arguments, if known. */
  paths?: Array<string>;
  /** Commands among the arguments, if known. */
  commands?: Array<string>;
  /** Names of environment variables; `*` for the whole environment. */
  variables?: Array<string>;
  /** How the API was come by when it is not plain to see: `eval'd code`, `createRequire`, `a layer of decoded code`. */
  via?: string;
  /** The place in the source that this was compiled or bundled from. */
  original?: Original;
};

/** How sure the rule is. */
export type Confidence = "low" | "medium" | "high";

/** Whether code can touch the world outside its own values, and why that is believed. */
export type Effect = {
  /** The three-valued answer. */
  kind: EffectKind;
  /** For `effects` the powers, for `unknown` the places that cannot be told; empty for `pure`. */
  reasons: Array<EffectReason>;
};

/** `pure` is a proof; whatever cannot be resolved is `unknown`. */
export type EffectKind = "pure" | "effects" | "unknown";

/** One reason of an effect verdict. */
export type EffectReason = {
  /** The reason, a short phrase. */
  message: string;
  /** Path inside the package. */
  file: string;
  /** The place. */
  range: Range;
  /** The package that the file is in, `name@version`; absent for the package itself. */
  package?: string;
  /** How the place is reached; absent where that does not matter. */
  reach?: Reach;
  /** The statements that lead there, each mentioning or importing the next. */
  path?: Array<EffectStep>;
};

/** One statement on the way to a reason. */
export type EffectStep = {
  /** The package, `name@version`. */
  package: string;
  /** Path inside the package. */
  file: string;
  /** The name that the statement declares; empty if it declares none, or if the file is loaded as a whole. */
  name: string;
  /** Where the statement begins. */
  range: Range;
};

/** What each export of a package reaches. */
export type EffectsReport = {
  /** Always 1 for this shape; fields may be added, never renamed. */
  schemaVersion: number;
  /** The program that made the report. */
  tool: Tool;
  /** Name from the manifest; empty if it has none. */
  name: string;
  /** Version from the manifest; empty if it has none. */
  version: string;
  /** Where the host found it. */
  path: string;
  /** The effect of the whole package: whatever is imported or called of it, and installing it. */
  effect: Effect;
  /** What merely importing each subpath does, and each of its exports; importing is part of every export's effect. */
  subpaths: Array<SubpathEffects>;
};

/** One way in which code of the package gets to run. */
export type EntryPoint = {
  /** Path inside the package. */
  file: string;
  /** How it is reached. */
  reach: Reach;
  /** What leads there: `main`, `exports["."].import`, `bin.tool`, `scripts.postinstall`. */
  condition: string;
};

/** One step of the reasoning behind a finding. */
export type Evidence = {
  /** Path inside the package. */
  file: string;
  /** The place. */
  range: Range;
  /** What happens there, a short phrase. */
  note: string;
  /** Depth of the layer of evaluated code the place was found in; absent for plain code. */
  layer?: number;
  /** The place in the source that this was compiled or bundled from. */
  original?: Original;
};

/** The effect of importing and using one export. */
export type ExportEffect = {
  /** The exported name; `*` for whatever is exported. */
  name: string;
  /** What importing it and using it in any way does. */
  effect: Effect;
};

/** One rule's statement about one place. */
export type Finding = {
  /** The rule's id. */
  rule: string;
  /** How bad it is if true. */
  severity: Severity;
  /** How sure the rule is. */
  confidence: Confidence;
  /** Path inside the package. */
  file: string;
  /** The primary place. */
  range: Range;
  /** How the place is reached. */
  reach: Reach;
  /** What is wrong: lower case, no full stop. */
  message: string;
  /** What to do about it. */
  help: string;
  /** The steps that lead to the statement, in order. */
  evidence: Array<Evidence>;
  /** Why a person silenced it; a suppressed finding is shown and counted, but weighs nothing. */
  suppressed?: Suppressed;
  /** The place in the source that this was compiled or bundled from. */
  original?: Original;
};

/** The forms an import takes. */
export type ImportKind = "import" | "re-export" | "dynamic" | "require" | "resolve" | "dependency";

/** Something that could not be analysed. */
export type Issue = {
  /** What kind of blind spot. */
  kind: IssueKind;
  /** Path inside the package; empty for the package itself. */
  file: string;
  /** What happened, in words. */
  message: string;
};

/** The kinds of blind spots. */
export type IssueKind = "archive" | "manifest" | "unparsed" | "too-deep" | "too-large" | "invalid-utf8" | "unreadable" | "limit" | "crashed" | "skipped" | "untold";

/** What the reader of a report wants to see. */
export type Options = {
  /** Only these rules run; empty means all. */
  rules: Array<string>;
  /** These rules do not run. */
  noRules: Array<string>;
  /** Findings below this severity are left out. */
  minSeverity: Severity | null;
  /** Findings that weigh nothing, from the policy. */
  suppress: Array<Suppression>;
  /** What day it is, `YYYY-MM-DD`; what has a last day does not hold without it. */
  today: string | null;
};

/** A place in the source that a file was compiled or bundled from, as a source map or the bundle itself says: a claim of the package, to be shown beside the place and believed by nobody. */
export type Original = {
  /** The path that is told; it may be anything. */
  file: string;
  /** Line, from 0, if it is told. */
  line?: number;
  /** Column in UTF-16 code units, from 0, if it is told. */
  character?: number;
  /** The name that stood there, if it is told. */
  name?: string;
};

/** What is known of one package. */
export type PackageReport = {
  /** Name from the manifest; empty if it has none. */
  name: string;
  /** Version from the manifest; empty if it has none. */
  version: string;
  /** Where the host found it. */
  path: string;
  /** Subresource-integrity string of the tarball, if it came from one. */
  integrity?: string;
  /** What to do with the package, derived from its findings. */
  verdict: Verdict;
  /** Whether importing and calling it can touch the world outside. */
  effect: Effect;
  /** Every use of a power over the outside world, sorted by file and place. */
  capabilities: Array<CapabilityUse>;
  /** What the rules say, strongest first. */
  findings: Array<Finding>;
  /** How code of the package gets to run. */
  entryPoints: Array<EntryPoint>;
  /** What could not be analysed, and why: never silent. */
  issues: Array<Issue>;
  /** Counts. */
  stats: Stats;
};

/** The content of `importguard.json`. */
export type Policy = {
  /** Where the schema is, for editors. */
  $schema?: string;
  /** Findings that weigh nothing. */
  suppress: Array<Suppression>;
};

/** A place in a text as editors count: both from 0, the column in UTF-16 code units. */
export type Position = {
  /** Line, from 0. */
  line: number;
  /** Column in UTF-16 code units, from 0. */
  character: number;
};

/** A range as every host needs it: positions to show, bytes to cut. */
export type Range = {
  /** First character. */
  start: Position;
  /** After the last character. */
  end: Position;
  /** The same as byte offsets, `[start, end]`. */
  bytes: [number, number];
};

/** How code is reached. */
export type Reach = "unreached" | "call" | "import" | "install";

/** What a scan found out about one or more packages. */
export type Report = {
  /** Always 1 for this shape; fields may be added, never renamed. */
  schemaVersion: number;
  /** The program that made the report. */
  tool: Tool;
  /** One entry per package, sorted by path, then name and version. */
  packages: Array<PackageReport>;
  /** Totals over the packages. */
  summary: Summary;
};

/** How bad it is if true. */
export type Severity = "info" | "low" | "medium" | "high" | "critical";

/** Counts of one package. */
export type Stats = {
  /** Files in the package. */
  files: number;
  /** Their size in bytes. */
  bytes: number;
  /** Modules that were parsed to a tree. */
  parsed: number;
  /** Code files that were not. */
  skipped: number;
  /** Inner layers of evaluated code that were analysed. */
  layers: number;
};

/** The effects of one subpath by which a package can be imported. */
export type SubpathEffects = {
  /** The subpath as `exports` writes it: `.`, `./x`. */
  subpath: string;
  /** What importing it does, nothing of it being used. */
  import: Effect;
  /** Its exports, by name. */
  exports: Array<ExportEffect>;
  /** Whether it may export more than is listed. */
  open: boolean;
};

/** Totals of a report. */
export type Summary = {
  /** Packages. */
  packages: number;
  /** With verdict `block`. */
  block: number;
  /** With verdict `review`. */
  review: number;
  /** With verdict `pass`. */
  pass: number;
  /** Files in all packages. */
  files: number;
  /** Their size in bytes. */
  bytes: number;
};

/** A person's reason to silence a finding. */
export type Suppressed = {
  /** The reason, as written in the policy. */
  reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`; for good without it. */
  expires?: string;
};

/** Findings of one rule that weigh nothing: in all packages or one, in all its files or some. */
export type Suppression = {
  /** The rule's id. */
  rule: string;
  /** Package, `name` or `name@version`; `*` stands for any characters but `/`. All packages without it. */
  package?: string;
  /** Path inside the package; `*` stands for any characters but `/`, `**` for any. All files without it. */
  path?: string;
  /** Why, for those who come later. */
  reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`; for good without it. */
  expires?: string;
};

/** Name and version of the program. */
export type Tool = {
  /** `importguard`. */
  name: string;
  /** Its semantic version. */
  version: string;
};

/** The conclusion for a package. */
export type Verdict = "pass" | "review" | "block";

/** Stands in until it is generated from the Rust types. */
export type Capability =
  | "network" | "dns" | "fs-read" | "fs-write" | "process-exec" | "dynamic-code" | "dynamic-import" | "env" | "system-info" | "native"
  | "wasm" | "worker" | "crypto" | "dom" | "storage" | "clipboard" | "device" | "wallet" | "global-mutation" | "process-control";
export type Severity = "info" | "low" | "medium" | "high" | "critical";
export type Confidence = "low" | "medium" | "high";
export type Reach = "unreached" | "call" | "import" | "install";
export type Verdict = "pass" | "review" | "block";
export type EffectKind = "pure" | "effects" | "unknown";
export type ImportKind = "import" | "re-export" | "dynamic" | "require" | "resolve";
export type IssueKind = "archive" | "manifest" | "unparsed" | "too-deep" | "too-large" | "invalid-utf8" | "unreadable" | "limit" | "crashed" | "skipped";
export type Position = { line: number; character: number };
export type Range = { start: Position; end: Position; bytes: [number, number] };
export type Issue = { kind: IssueKind; file: string; message: string };
export type Evidence = { file: string; range: Range; note: string; layer?: number };
export type Suppressed = { reason: string };
export type Finding = {
  rule: string; severity: Severity; confidence: Confidence; file: string; range: Range; reach: Reach; message: string; help: string;
  evidence: Evidence[]; suppressed?: Suppressed;
};
export type EffectReason = { message: string; file: string; range: Range };
export type Effect = { kind: EffectKind; reasons: EffectReason[] };
export type CapabilityUse = {
  capability: Capability; api: string; file: string; range: Range; reach: Reach;
  hosts?: string[]; paths?: string[]; commands?: string[]; variables?: string[]; via?: string;
};
export type EntryPoint = { file: string; reach: Reach; condition: string };
export type Stats = { files: number; bytes: number; parsed: number; skipped: number; layers: number };
export type PackageReport = {
  name: string; version: string; path: string; integrity?: string; verdict: Verdict; effect: Effect; capabilities: CapabilityUse[];
  findings: Finding[]; entryPoints: EntryPoint[]; issues: Issue[]; stats: Stats;
};
export type Summary = { packages: number; block: number; review: number; pass: number; files: number; bytes: number };
export type Tool = { name: string; version: string };
export type Report = { schemaVersion: number; tool: Tool; packages: PackageReport[]; summary: Summary };
export type Options = { rules: string[]; noRules: string[]; minSeverity: Severity | null };

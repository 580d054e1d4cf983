// The one door to the analyser's types; they are generated from the Rust source.
export type {
  Analyzer, Capability, CapabilityUse, Finding, ImportSite, Issue, IssueKind, PackageReport, Range, Reach, RuleInfo, Severity, SourceFile,
} from 'importguard-wasm';

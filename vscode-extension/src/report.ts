// The one door to the analyser's types; they are generated from the Rust source.
export type {
  Analyzer, Capability, CapabilityUse, Effect, EffectReason, EffectsReport, Finding, ImportSite, Issue, IssueKind, LinkedPackage, PackageReport, Range, Reach,
  RuleInfo, Severity, SourceFile, SubpathEffects, Suppression, Surface,
} from 'importguard-wasm';

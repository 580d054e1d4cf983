/** What wasm-bindgen exports, as the wrapper uses it. */
import type { CollectedInput, EffectsReport, ImportSite, Look, Options, PackageReport, Policy, Report, RuleInfo, Unpacked } from "./types.js";

export declare function initSync(from: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
export declare function __wbg_reset_state(): void;
export declare function collectFacts(path: string, bytes: Uint8Array, asCode: boolean): Uint8Array;
export declare function assemblePackage(
  input: CollectedInput,
  options: Options | undefined,
  isFinal: boolean,
): PackageReport | string[];
export declare function mergeReports(packages: PackageReport[]): Report;
export declare function unpackTarball(bytes: Uint8Array): Unpacked;
export declare function checkNames(list: Uint8Array, names: string[]): Look[];
export declare function listImports(path: string, source: string): ImportSite[];
export declare function ruleCatalog(): RuleInfo[];
export declare function readPolicy(text: string): Policy;
export declare function condensePackage(input: CollectedInput): Uint8Array;
export declare function dependenciesOf(surface: Uint8Array): string[];
export declare function linkEffects(
  surfaces: Uint8Array[],
  installed: Record<string, number>[],
  path: string,
  subpath?: string | null,
): EffectsReport | undefined;

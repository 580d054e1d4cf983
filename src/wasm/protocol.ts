/** The messages between a host and its worker, and the little that a worker must be able to do. */
import type { EffectsReport, Options, PackageReport, Policy, Report } from "./report.js";
import type { CollectedInput, ImportSite, LinkedPackage, RuleInfo, Surface, Unpacked } from "./types.js";

/** Each operation: what goes in, what comes out. */
export interface Operations {
  start: { in: { wasm: WebAssembly.Module }; out: null };
  collect: { in: { path: string; bytes: Uint8Array; asCode: boolean }; out: Uint8Array };
  /** Paths to collect again as code, unless `final`; else the report. */
  assemble: { in: { input: CollectedInput; options: Partial<Options>; final: boolean }; out: { wanted: string[] } | { report: PackageReport } };
  condense: { in: { input: CollectedInput }; out: Surface };
  effects: { in: { packages: LinkedPackage[]; path: string; subpath?: string }; out: EffectsReport | undefined };
  merge: { in: { packages: PackageReport[] }; out: Report };
  unpack: { in: { bytes: Uint8Array }; out: Unpacked };
  imports: { in: { path: string; source: string }; out: ImportSite[] };
  policy: { in: { text: string }; out: Policy };
  rules: { in: object; out: RuleInfo[] };
}

export type Operation = keyof Operations;

export type Body = { [Op in Operation]: { op: Op } & Operations[Op]["in"] }[Operation];

export type Request = { id: number } & Body;

/**
 * `crash`: the instance was lost and replaced. `error`: the call was refused, the instance is fine.
 * `fatal`: no new instance could be made, the worker is of no more use.
 */
export type Reply =
  | { id: number; ok: unknown }
  | { id: number; crash: string }
  | { id: number; error: string }
  | { id: number; fatal: string };

/** What the wrapper needs of a worker, whatever the platform. It handles requests one by one, in order. */
export interface WorkerLike {
  post(request: Request, transfer: ArrayBuffer[]): void;
  onReply(listener: (reply: Reply) => void): void;
  /** The worker failed to start, or died. */
  onFailure(listener: (reason: string) => void): void;
  /** Whether the worker has something to do: an idle one must not keep a process alive. */
  busy?(yes: boolean): void;
  terminate(): void;
}

/** Buffers to hand over rather than copy. */
export function transferable(values: readonly Uint8Array[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { buffer } of values) if (buffer instanceof ArrayBuffer) buffers.add(buffer);
  return [...buffers];
}

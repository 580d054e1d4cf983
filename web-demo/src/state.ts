/** What the page shows now, and the few things a person can do to change it. */
import { batch, computed, signal } from "@preact/signals";
import type { Range, RuleInfo } from "importguard-wasm";

import { analyzer } from "./analyzer.ts";
import { failureOf, type Failure } from "./failure.ts";
import { fromDrop, fromList, type Given } from "./intake/collect.ts";
import { group, type Candidate } from "./intake/group.ts";
import { scan, type Progress, type Scan, type ScannedPackage } from "./scan.ts";

export type Screen = { kind: "start" } | { kind: "working"; title: string } | { kind: "report"; scan: Scan } | { kind: "failure"; failure: Failure };

/** A place in a file that a person wants to see. */
export interface Place {
  file: string;
  range?: Range;
  note: string;
  /** The package that the file is in, if it is not the one that is looked at. */
  within?: ScannedPackage;
}

export const screen = signal<Screen>({ kind: "start" });
export const progress = signal<Progress | null>(null);
/** Said aloud by screen readers. */
export const announcement = signal("");
/** Index of the package that is looked at, when there are several. */
export const selected = signal<number | null>(null);
export const place = signal<Place | null>(null);
export const rules = signal<ReadonlyMap<string, RuleInfo>>(new Map());

export const current = computed<ScannedPackage | null>(() => {
  const now = screen.value;
  if (now.kind !== "report") return null;
  const index = now.scan.packages.length === 1 ? 0 : selected.value;
  return index === null ? null : (now.scan.packages[index] ?? null);
});

let running: AbortController | null = null;

export function scanDrop(transfer: DataTransfer): Promise<void> {
  return run("Reading what you dropped", (signal, show) => fromDrop(transfer, signal, (found, file) => show({ done: 0, total: 0, found, file })));
}

export function scanList(list: FileList): Promise<void> {
  return run("Reading what you chose", () => Promise.resolve(fromList(list)));
}

export function scanText(path: string, text: string): Promise<void> {
  return run(`Reading ${path}`, () => Promise.resolve({ files: [{ path, file: new File([text], path) }], unreadable: [] }));
}

/** Files that come with the page, as if their folder had been dropped. */
export function scanSample(name: string, files: Record<string, string>): Promise<void> {
  const given = Object.entries(files).map(([path, text]) => ({ path: `${name}/${path}`, file: new File([text], path) }));
  return run(`Reading ${name}`, () => Promise.resolve({ files: given, unreadable: [] }));
}

let opener: HTMLElement | null = null;

/** Shows a place; the control that asked for it gets the focus back afterwards. */
export function show(wanted: Place, from: HTMLElement): void {
  opener = from;
  place.value = wanted;
}

export function hide(): void {
  place.value = null;
  // Where the source covered the report, the report takes the focus only once it is drawn uncovered.
  requestAnimationFrame(() => opener?.focus());
}

/** The report has become narrower: what was pressed may have moved out of sight. */
export function keepOpenerInSight(): void {
  opener?.scrollIntoView({ block: "center" });
}

export function cancel(): void {
  running?.abort();
}

export function startOver(): void {
  cancel();
  batch(() => {
    screen.value = { kind: "start" };
    selected.value = null;
    place.value = null;
    announcement.value = "";
  });
}

export async function loadRules(): Promise<void> {
  if (rules.value.size > 0) return;
  const catalog = await analyzer.ruleCatalog();
  rules.value = new Map(catalog.map((rule) => [rule.id, rule]));
}

async function run(title: string, list: (signal: AbortSignal, show: (now: Progress) => void) => Promise<Given>): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  batch(() => {
    screen.value = { kind: "working", title };
    progress.value = null;
    selected.value = null;
    place.value = null;
    announcement.value = title;
  });
  let candidates: Candidate[] = [];
  try {
    const show = throttled((now) => {
      if (!mine.signal.aborted) progress.value = now;
    });
    const given = await list(mine.signal, show);
    candidates = group(given);
    const found = await scan(candidates, mine.signal, show);
    await loadRules();
    if (mine.signal.aborted) return;
    screen.value = { kind: "report", scan: found };
  } catch (thrown) {
    if (mine !== running) return;
    if (mine.signal.aborted) {
      startOver();
      announcement.value = "Cancelled. Nothing was kept.";
    } else {
      screen.value = { kind: "failure", failure: failureOf(thrown, candidates.length === 1 ? candidates[0]?.path : undefined) };
    }
  }
}

/** Thousands of files a second must not mean thousands of redraws. */
function throttled(show: (now: Progress) => void): (now: Progress) => void {
  let last = 0;
  return (now) => {
    const time = performance.now();
    if (time - last < 60 && now.done < now.total) return;
    last = time;
    show(now);
  };
}

/** What the exports of a package do: linked with the packages that were handed over together with it. */
import type { EffectReason, EffectsReport, LinkedPackage } from "importguard-wasm";

import { analyzer } from "./analyzer.ts";
import type { Scan, ScannedPackage } from "./scan.ts";

export interface Linked {
  /** Absent if nothing of the package could be read. */
  report?: EffectsReport;
  /** The package that a reason lies in; its name alone if that does not tell it apart, nothing for the package itself. */
  packageOf(reason: Pick<EffectReason, "package">): ScannedPackage | string | undefined;
}

const known = new WeakMap<ScannedPackage, Linked>();

/** The effects of a package's exports, worked out when they are first looked at. */
export async function effectsOf(scan: Scan, scanned: ScannedPackage, signal: AbortSignal): Promise<Linked> {
  const before = known.get(scanned);
  if (before) return before;
  const { linked, packages } = closure(scan, scanned);
  const report = linked.length === 0 ? undefined : await analyzer.effects(linked, scanned.report.path, { signal });
  const titles = byTitle(packages);
  const found: Linked = {
    ...(report ? { report } : {}),
    packageOf: ({ package: title }) => {
      const found = title === undefined ? scanned : (titles.get(title) ?? title);
      return found === scanned ? undefined : found;
    },
  };
  known.set(scanned, found);
  return found;
}

/** The package and all that it leads to among the packages at hand. */
function closure(scan: Scan, first: ScannedPackage): { linked: LinkedPackage[]; packages: ScannedPackage[] } {
  const linked: LinkedPackage[] = [];
  const packages: ScannedPackage[] = [];
  const places = new Map<ScannedPackage, number>();
  const add = (one: ScannedPackage): void => {
    if (!one.surface || places.has(one)) return;
    places.set(one, packages.length);
    packages.push(one);
    linked.push({ surface: one.surface, installed: {} });
  };
  const find = finder(scan);
  add(first);
  for (let index = 0; index < packages.length; index += 1) {
    const from = packages[index];
    const place = linked[index];
    if (!from || !place) break;
    const installed: [string, number][] = [];
    for (const name of place.surface.dependencies) {
      const target = find(from, name);
      if (target) add(target);
      const at = target && places.get(target);
      if (at !== undefined) installed.push([name, at]);
    }
    place.installed = Object.fromEntries(installed);
  }
  return { linked, packages };
}

/** Where a package finds another: in the `node_modules` folders above it, as Node looks for it, or else by its name. */
function finder({ packages }: Scan): (from: ScannedPackage, name: string) => ScannedPackage | undefined {
  const byPath = new Map<string, ScannedPackage>();
  const byName = new Map<string, ScannedPackage>();
  for (const one of packages) {
    byPath.set(one.report.path, one);
    if (one.surface && !byName.has(one.report.name)) byName.set(one.report.name, one);
  }
  return (from, name) => {
    const parts = from.report.path.split("/");
    for (let length = parts.length; length >= 0; length -= 1) {
      const folder = parts.slice(0, length);
      const path = [...folder, ...(folder.at(-1) === "node_modules" ? [] : ["node_modules"]), name].join("/");
      const found = byPath.get(path);
      if (found?.surface) return found;
    }
    return byName.get(name);
  };
}

/** Packages by `name@version`; two of the same title cannot be told apart. */
function byTitle(packages: readonly ScannedPackage[]): Map<string, ScannedPackage | undefined> {
  const titles = new Map<string, ScannedPackage | undefined>();
  for (const one of packages) {
    const { name, version } = one.report;
    const title = version === "" ? name : `${name}@${version}`;
    titles.set(title, titles.has(title) ? undefined : one);
  }
  return titles;
}

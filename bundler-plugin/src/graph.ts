// A finished build as every bundler can tell it, and the packages in it.

import { fileOf, packageFolder } from "./ids.js";

/** One import from a module to another. */
export interface Edge {
  /** Id of the importing module. */
  importer: string;
  /** Id of the imported module, or its specifier if it was left out of the bundle. */
  target: string;
  /** The specifier as written, if the bundler tells it. */
  specifier?: string | undefined;
  /** Left out of the bundle. */
  external?: boolean | undefined;
}

/** What a bundler says about a finished build. */
export interface BuildGraph {
  /** Ids of the modules whose code is in the output. */
  bundled: Iterable<string>;
  edges: Iterable<Edge>;
}

/** A file that imports a package, with the specifiers the bundler resolved to it. */
export interface Importer {
  file: string;
  specifiers: Set<string>;
}

/** One package of a build. */
export interface BuiltPackage {
  folder: string;
  /** Its files in the output. */
  files: Set<string>;
  importers: Map<string, Importer>;
}

/** The packages of a build by folder; `external` finds the folder of a specifier that was left out, if that is wanted. */
export async function packagesOf(
  graph: BuildGraph,
  external?: (importer: string, specifier: string) => Promise<string | undefined>,
): Promise<Map<string, BuiltPackage>> {
  const packages = new Map<string, BuiltPackage>();
  const of = (folder: string): BuiltPackage => {
    let found = packages.get(folder);
    if (!found) packages.set(folder, (found = { folder, files: new Set(), importers: new Map() }));
    return found;
  };
  for (const id of graph.bundled) {
    const file = fileOf(id);
    const folder = file === undefined ? undefined : packageFolder(file);
    if (file !== undefined && folder !== undefined) of(folder).files.add(file);
  }
  for (const edge of graph.edges) {
    const importer = fileOf(edge.importer);
    if (importer === undefined) continue;
    let folder: string | undefined;
    if (edge.external) {
      folder = await external?.(importer, edge.specifier ?? edge.target);
      if (folder !== undefined) of(folder);
    } else {
      const target = fileOf(edge.target);
      folder = target === undefined ? undefined : packageFolder(target);
    }
    const found = folder === undefined ? undefined : packages.get(folder);
    if (!found || packageFolder(importer) === folder) continue;
    let entry = found.importers.get(importer);
    if (!entry) found.importers.set(importer, (entry = { file: importer, specifiers: new Set() }));
    if (edge.specifier !== undefined) entry.specifiers.add(edge.specifier);
  }
  return packages;
}

/** The shortest way from the project's own code to a package: an own file, then package folders. */
export function chainTo(folder: string, packages: ReadonlyMap<string, BuiltPackage>): string[] | undefined {
  const queue: string[][] = [[folder]];
  const seen = new Set([folder]);
  for (let chain = queue.shift(); chain; chain = queue.shift()) {
    const importers = [...(packages.get(chain[0] as string)?.importers.keys() ?? [])].sort();
    const own = importers.find((file) => packageFolder(file) === undefined);
    if (own !== undefined) return [own, ...chain];
    for (const file of importers) {
      const parent = packageFolder(file);
      if (parent !== undefined && !seen.has(parent)) {
        seen.add(parent);
        queue.push([parent, ...chain]);
      }
    }
  }
  return undefined;
}

// Rollup, Rolldown and Vite's build: one set of output hooks serves all three.

import type { BuildGraph, Edge } from "../graph.js";
import type { Guard } from "../guard.js";
import { type Notice, noticeText } from "../notice.js";
import { specifierPackage } from "../ids.js";

/** A log entry as these bundlers take it. */
export interface Log {
  message: string;
  code: string;
  id?: string;
  loc?: { file: string; line: number; column: number };
}

/** The part of a plugin context that is used. */
export interface Context {
  warn(log: Log): void;
  error(log: Log): never;
  getModuleIds(): Iterable<string>;
  getModuleInfo(id: string): { importedIds: readonly string[]; dynamicallyImportedIds: readonly string[]; isExternal?: boolean } | null;
  environment?: { name: string };
}

/** The options of one output. */
export interface Output {
  dir?: string | undefined;
  file?: string | undefined;
  format?: string | undefined;
}

/** One file of an output. */
export interface Chunk {
  type: string;
  modules?: Record<string, { renderedLength: number }>;
}

/** The hooks that look at a finished output. */
export function outputHooks(guard: Guard) {
  let watching = false;
  return {
    buildStart(options: object) {
      // Only Rolldown has a folder of its own; Rollup works in the process's.
      if ("cwd" in options && typeof options.cwd === "string") guard.root = options.cwd;
    },
    async generateBundle(this: Context & { meta?: { watchMode?: boolean } }, output: Output, bundle: Record<string, Chunk>) {
      watching ||= this.meta?.watchMode === true;
      const key = [this.environment?.name, output.dir, output.file, output.format].join("|");
      const { warnings, errors } = await guard.inspect(readBuild(this, bundle), key);
      for (const notice of guard.onlyNew(warnings)) this.warn(log(notice, guard.root));
      await guard.report();
      const [first, ...rest] = errors;
      if (first) {
        // A build can only fail once: the others ride along in the message.
        const failure = log(first, guard.root);
        for (const other of rest) failure.message += `\n\n${noticeText(other, guard.root)}`;
        guard.dispose();
        this.error(failure);
      }
    },
    closeBundle() {
      if (!watching) guard.dispose();
    },
    closeWatcher() {
      guard.dispose();
    },
  };
}

/** A notice as a log entry that stands at the import. */
export function log(notice: Notice, root: string): Log {
  const [site] = notice.sites;
  const entry: Log = { message: noticeText(notice, root), code: "IMPORTGUARD" };
  return site ? { ...entry, id: site.file, loc: { file: site.file, line: site.line + 1, column: site.column } } : entry;
}

function readBuild(context: Context, bundle: Record<string, Chunk>): BuildGraph {
  const bundled = new Set<string>();
  for (const chunk of Object.values(bundle)) {
    for (const [id, module] of Object.entries(chunk.modules ?? {})) if (module.renderedLength > 0) bundled.add(id);
  }
  const edges: Edge[] = [];
  for (const importer of context.getModuleIds()) {
    const info = context.getModuleInfo(importer);
    for (const target of [...(info?.importedIds ?? []), ...(info?.dynamicallyImportedIds ?? [])]) {
      // Rolldown does not mark externals, but only they keep a bare name for an id.
      const external = context.getModuleInfo(target)?.isExternal ?? specifierPackage(target) !== undefined;
      edges.push({ importer, target, external });
    }
  }
  return { bundled, edges };
}

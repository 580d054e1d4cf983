// esbuild: the metafile tells what is in the output; warnings and errors are what `onEnd` returns.

import path from "node:path";

import type { PartialMessage, PluginBuild } from "esbuild";

import { lineAt } from "../frame.js";
import type { BuildGraph, Edge } from "../graph.js";
import type { Guard } from "../guard.js";
import { shown } from "../ids.js";
import type { Notice } from "../notice.js";

/** The part of a metafile that is used. */
interface Metafile {
  inputs: Record<string, { imports: { path: string; original?: string; external?: boolean }[] }>;
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}

/** Hooks the guard into an esbuild build. */
export function setupEsbuild(guard: Guard, build: PluginBuild): void {
  const options = build.initialOptions;
  guard.root = options.absWorkingDir ?? process.cwd();
  // Without `bundle` imports stay imports: no package lands in the output.
  if (!options.bundle) return;
  options.metafile = true;
  build.onEnd(async (result) => {
    if (!result.metafile) return undefined;
    const { warnings, errors } = await guard.inspect(readMetafile(result.metafile, guard.root));
    await guard.report();
    return { warnings: warnings.map((one) => message(one, guard.root)), errors: errors.map((one) => message(one, guard.root)) };
  });
  build.onDispose(() => guard.dispose());
}

function readMetafile(metafile: Metafile, root: string): BuildGraph {
  // Paths with another namespace in front (`(disabled):`, a plugin's own) are no files.
  const id = (input: string) => (/^[\w()-]{2,}:/.test(input) ? input : path.resolve(root, input));
  const bundled = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) if (bytesInOutput > 0) bundled.add(id(input));
  }
  const edges: Edge[] = [];
  for (const [input, { imports }] of Object.entries(metafile.inputs)) {
    for (const one of imports) {
      const target = one.external ? one.path : id(one.path);
      edges.push({ importer: id(input), target, specifier: one.original ?? (one.external ? one.path : undefined), external: one.external });
    }
  }
  return { bundled, edges };
}

function message(notice: Notice, root: string): PartialMessage {
  const [site] = notice.sites;
  return {
    id: "importguard",
    text: notice.title,
    ...(site && { location: location(site.source, site.file, site.line, site.column, site.length, root) }),
    notes: [
      ...notice.notes.map((note) => ({
        text: note.text,
        location: location(note.source ?? "", note.file, note.line, note.column, note.length, root),
      })),
      ...notice.lines.map((text) => ({ text })),
    ],
  };
}

const LONGEST_LINE = 500;

/** A place in esbuild's terms: line from 1, column and length in bytes of UTF-8. */
function location(source: string, file: string, line: number, column: number, length: number, root: string) {
  const text = lineAt(source, line);
  const bytes = (part: string) => Buffer.byteLength(part, "utf8");
  return {
    file: shown(file, root),
    line: line + 1,
    column: bytes(text.slice(0, column)),
    length: bytes(text.slice(column, column + length)),
    // esbuild prints the line in full: one of a minified file would bury everything else.
    ...(text.length <= LONGEST_LINE && { lineText: text }),
  };
}

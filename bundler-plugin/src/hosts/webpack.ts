// webpack and Rspack: warnings and errors join those of the compilation, at the importing module.

import type { Compilation, Compiler, Module } from "webpack";

import type { Edge } from "../graph.js";
import type { Guard } from "../guard.js";
import { type Notice, noticeText } from "../notice.js";

const NAME = "importguard";

/** Hooks the guard into a compiler of webpack or of anything with its interface. */
export function applyWebpack(guard: Guard, compiler: Compiler): void {
  guard.root = compiler.context;
  let watching = false;
  compiler.hooks.watchRun.tap(NAME, () => void (watching = true));
  compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
    let edges: Edge[] = [];
    let modules = new Map<string, Module>();
    // Before optimisation: joined modules lose their own connections.
    compilation.hooks.finishModules.tap(NAME, (all) => {
      modules = new Map([...all].map((module) => [resource(module) ?? "", module]));
      edges = readEdges(compilation, all);
    });
    const { PROCESS_ASSETS_STAGE_REPORT: stage } = compiler.webpack.Compilation;
    compilation.hooks.processAssets.tapPromise({ name: NAME, stage }, async () => {
      const { warnings, errors } = await guard.inspect({ bundled: bundledModules(compilation), edges }, compiler.name);
      const entry = (notice: Notice) => problem(compiler, notice, guard.root, modules.get(notice.sites[0]?.file ?? ""));
      compilation.warnings.push(...warnings.map(entry));
      compilation.errors.push(...errors.map(entry));
    });
  });
  compiler.hooks.done.tapPromise(NAME, async () => {
    await guard.report();
    if (!watching) guard.dispose();
  });
  compiler.hooks.watchClose.tap(NAME, () => guard.dispose());
  compiler.hooks.shutdown.tap(NAME, () => guard.dispose());
}

function resource(module: Module): string | undefined {
  const file = (module as { resource?: unknown }).resource;
  return typeof file === "string" ? file : undefined;
}

function readEdges(compilation: Compilation, modules: Iterable<Module>): Edge[] {
  const edges: Edge[] = [];
  for (const module of modules) {
    const importer = resource(module);
    if (importer === undefined) continue;
    for (const { module: target, dependency } of compilation.moduleGraph.getOutgoingConnections(module)) {
      const specifier = (dependency as { request?: string } | null)?.request;
      if (!target) continue;
      const file = resource(target);
      const external = file === undefined && target.identifier().startsWith("external ");
      if (file !== undefined) edges.push({ importer, target: file, specifier });
      else if (external && specifier !== undefined) edges.push({ importer, target: specifier, specifier, external });
    }
  }
  return edges;
}

/** The files of the modules that are in a chunk, joined ones included. */
function bundledModules(compilation: Compilation): Set<string> {
  const files = new Set<string>();
  for (const module of compilation.modules) {
    let inChunk = false;
    for (const _ of compilation.chunkGraph.getModuleChunksIterable(module)) inChunk = true;
    if (!inChunk) continue;
    for (const one of [module, ...((module as { modules?: Iterable<Module> }).modules ?? [])]) {
      const file = resource(one);
      if (file !== undefined) files.add(file);
    }
  }
  return files;
}

function problem(compiler: Compiler, notice: Notice, root: string, module: Module | undefined) {
  const [site] = notice.sites;
  const error = new compiler.webpack.WebpackError(noticeText(notice, root));
  error.name = notice.level === "error" ? "ImportguardError" : "ImportguardWarning";
  // A stack would show the plugin's insides in place of the package's.
  error.hideStack = true;
  error.stack = "";
  if (site) {
    error.file = site.file;
    error.loc = {
      start: { line: site.line + 1, column: site.column },
      end: { line: site.line + 1, column: site.column + site.length },
    };
  }
  if (module) error.module = module;
  return error;
}

// Vite: its build is Rollup's; its dev server bundles nothing, so packages are seen as modules are served.

import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Edge } from "../graph.js";
import type { Guard } from "../guard.js";
import { fileOf, packageFolder, resolvePackage } from "../ids.js";
import { type Notice, noticeText } from "../notice.js";
import { importsOf } from "../sites.js";
import { type Log, log, outputHooks } from "./rollup.js";

interface Config {
  root: string;
  cacheDir: string;
  command: "serve" | "build";
  logger: { warn(text: string, options?: { timestamp?: boolean }): void; error(text: string, options?: { timestamp?: boolean }): void };
}

interface Server {
  httpServer?: { once(event: "close", listener: () => void): unknown } | null;
}

interface TransformContext {
  error(log: Log): never;
  environment?: { config?: { consumer?: string } };
}

/** How long served modules are gathered before their packages are looked at together. */
const GATHER_MS = 100;

/** The hooks of Vite's build and of its dev server. */
export function viteHooks(guard: Guard) {
  const build = outputHooks(guard);
  let dev: DevSession | undefined;
  return {
    configResolved(config: Config) {
      guard.root = config.root;
      if (config.command === "serve") dev = new DevSession(guard, config);
    },
    configureServer(server: Server) {
      server.httpServer?.once("close", () => dev?.close());
    },
    async transform(this: TransformContext, code: string, id: string) {
      if (!dev) return undefined;
      const stop = await dev.served(code, id, this.environment?.config?.consumer === "server");
      if (stop) this.error(log(stop, guard.root));
      return undefined;
    },
    generateBundle: build.generateBundle,
    closeWatcher: build.closeWatcher,
    closeBundle() {
      if (dev) dev.close();
      else build.closeBundle();
    },
  };
}

/** What the dev server has served so far. */
class DevSession {
  readonly #guard: Guard;
  readonly #config: Config;
  readonly #bundled = new Set<string>();
  readonly #edges = new Map<string, Edge[]>();
  /** Modules that are being read just now. */
  #reading = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(guard: Guard, config: Config) {
    this.#guard = guard;
    this.#config = config;
  }

  /** Takes note of a module; gives the notice that must keep it from being served, if there is one. */
  async served(code: string, id: string, server: boolean): Promise<Notice | undefined> {
    const file = fileOf(id);
    if (file === undefined) return undefined;
    this.#reading++;
    try {
      await this.#read(file, code, id, server);
    } finally {
      this.#reading--;
    }
    if (this.#guard.settings.fail === "off") {
      // Only the last of modules that are read together knows all imports.
      if (this.#reading === 0) this.#schedule();
      return undefined;
    }
    for (const notice of (await this.#look()).errors) {
      const here = notice.sites.find((site) => site.file === file);
      if (here) return { ...notice, sites: [here, ...notice.sites.filter((site) => site !== here)] };
    }
    return undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#guard.dispose();
  }

  async #read(file: string, code: string, id: string, server: boolean): Promise<void> {
    if (file.startsWith(path.normalize(this.#config.cacheDir) + path.sep)) return this.#prebundled(file);
    // A component comes again in parts, whose places are not those of its file.
    if (!/[?&](?:vue|svelte|type=|astro)/.test(id)) await this.#note(file, code, server);
    if (packageFolder(file) !== undefined) this.#bundled.add(file);
  }

  /** Dependencies come joined into one file; its source map names the real ones. */
  async #prebundled(file: string): Promise<void> {
    const sources = await mapSources(`${file}.map`);
    const real = sources.map((source) => path.resolve(path.dirname(file), source));
    const fresh = real.filter((one) => packageFolder(one) !== undefined && !this.#edges.has(one));
    for (const one of fresh) await this.#note(one, await readFile(one, "utf8").catch(() => ""), false);
    // Not before all their imports are known: a package is announced once, with its place.
    for (const one of fresh) this.#bundled.add(one);
  }

  /** Notes a module's imports of packages. */
  async #note(file: string, code: string, server: boolean): Promise<void> {
    const edges: Edge[] = [];
    const sites = await importsOf(file, code, (name, source) => this.#guard.listImports(name, source));
    for (const { specifier, package: name } of sites) {
      const folder = name === undefined ? undefined : await resolvePackage(file, name);
      if (folder === undefined) continue;
      // Servers import packages at run time; browsers get every one of them.
      const target = server ? specifier : path.join(folder, "package.json");
      edges.push({ importer: file, target, specifier, external: server });
    }
    this.#edges.set(file, edges);
    if (server || packageFolder(file) !== undefined) return;
    for (const { target } of edges) this.#bundled.add(target);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look().catch((error: unknown) => this.#config.logger.error(`importguard: ${String(error)}`));
    }, GATHER_MS);
    this.#timer.unref();
  }

  async #look() {
    if (this.#closed) return { warnings: [], errors: [] };
    const outcome = await this.#guard.inspect({ bundled: this.#bundled, edges: [...this.#edges.values()].flat() });
    const { logger, root } = this.#config;
    for (const notice of this.#guard.onlyNew(outcome.warnings)) logger.warn(`importguard: ${noticeText(notice, root)}`, { timestamp: true });
    // What stands in one of the project's files is shown there, in the browser; the rest has no other place.
    const hidden = outcome.errors.filter(({ sites: [site] }) => !site || packageFolder(site.file) !== undefined);
    for (const notice of this.#guard.onlyNew(hidden)) logger.error(`importguard: ${noticeText(notice, root)}`, { timestamp: true });
    if (this.#guard.settings.report?.file !== undefined) await this.#guard.report();
    return outcome;
  }
}


async function mapSources(file: string): Promise<string[]> {
  try {
    return (JSON.parse(await readFile(file, "utf8")) as { sources?: string[] }).sources ?? [];
  } catch {
    return []; // Being rewritten, or none: the next request comes again.
  }
}

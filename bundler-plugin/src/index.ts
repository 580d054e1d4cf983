// unplugin-importguard: what a bundled package can do and looks like it intends, said where it is imported.

import { type UnpluginFactory, type UnpluginInstance, createUnplugin } from "unplugin";

import { Guard } from "./guard.js";
import { setupEsbuild } from "./hosts/esbuild.js";
import { outputHooks } from "./hosts/rollup.js";
import { viteHooks } from "./hosts/vite.js";
import { applyWebpack } from "./hosts/webpack.js";
import { type ImportguardOptions, readOptions } from "./options.js";

export type { Finding, PackageReport, Report, Severity } from "./analyzer.js";
export type { ImportguardOptions, Threshold } from "./options.js";

const factory: UnpluginFactory<ImportguardOptions | undefined> = (options) => {
  const guard = new Guard(readOptions(options));
  return {
    name: "importguard",
    // Before other plugins, so that imports are seen as they were written.
    enforce: "pre",
    rollup: outputHooks(guard),
    rolldown: outputHooks(guard),
    vite: viteHooks(guard),
    webpack: (compiler) => applyWebpack(guard, compiler),
    rspack: (compiler) => applyWebpack(guard, compiler as unknown as Parameters<typeof applyWebpack>[1]),
    esbuild: { setup: (build) => setupEsbuild(guard, build) },
  };
};

/** The plugin for every bundler: `importguard.vite(options)`, `importguard.webpack(options)`, … */
export const importguard: UnpluginInstance<ImportguardOptions | undefined> = /* #__PURE__ */ createUnplugin(factory);

export default importguard;

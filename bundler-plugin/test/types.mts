// Compiled, not run: the plugin fits each bundler's configuration type.

import vite from "unplugin-importguard/vite";
import rollup from "unplugin-importguard/rollup";
import rolldown from "unplugin-importguard/rolldown";
import webpack from "unplugin-importguard/webpack";
import rspack from "unplugin-importguard/rspack";
import esbuild from "unplugin-importguard/esbuild";
import type { UserConfig } from "vite";
import type { RollupOptions } from "rollup";
import type { Configuration } from "webpack";
import type { BuildOptions } from "esbuild";
import type { Configuration as R } from "@rspack/core";
import type { RolldownOptions } from "rolldown";
export const a: UserConfig = { plugins: [vite({ warn: "high", report: "./x.json" })] };
export const b: RollupOptions = { plugins: [rollup()] };
export const c: Configuration = { plugins: [webpack({ fail: "critical" })] };
export const d: BuildOptions = { plugins: [esbuild()] };
export const e: R = { plugins: [rspack()] };
export const f: RolldownOptions = { plugins: [rolldown()] };
// @ts-expect-error not a severity
vite({ warn: "hihg" });

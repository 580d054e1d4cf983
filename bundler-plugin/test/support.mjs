// Projects in temporary folders, and one way to build them with every bundler.

import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import commonjs from "@rollup/plugin-commonjs";
import nodeResolve from "@rollup/plugin-node-resolve";
import { rspack } from "@rspack/core";
import esbuild from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";
import { importguard } from "unplugin-importguard";
import { build as vite } from "vite";
import webpack from "webpack";

const packages = fileURLToPath(new URL("packages", import.meta.url));

/** A project with these files, and these packages (place under the project: folder of test/packages). */
export async function project(t, files, installed) {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "importguard-plugin-")));
  t.after(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  for (const [place, source] of Object.entries(installed)) {
    await cp(path.join(packages, source), path.join(root, "node_modules", place), { recursive: true });
  }
  return root;
}

/** What was printed to standard output while `run` ran. */
export async function printed(run) {
  const lines = [];
  const log = console.log;
  console.log = (...parts) => lines.push(parts.join(" "));
  try {
    await run();
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

const relative = (root, file) => (file ? path.relative(root, file).split(path.sep).join("/") : undefined);

/** A bundler's log as it gives it, reduced to what every bundler has. Lines count from 1, columns from 0. */
function rollupLog(root) {
  return (log) => ({
    text: log.message,
    file: relative(root, log.loc?.file ?? log.id),
    line: log.loc?.line,
    column: log.loc?.column,
    frame: log.message,
  });
}

async function rollupLike(make, root, plugin, { external = [], plugins = [] }) {
  const logs = [];
  const errors = [];
  try {
    const bundle = await make({
      input: path.join(root, "src/main.mjs"),
      cwd: root,
      external,
      plugins: [...plugins, plugin],
      onLog: (level, log) => level === "warn" && log.pluginCode === "IMPORTGUARD" && logs.push(log),
    });
    try {
      await bundle.write({ dir: path.join(root, "dist") });
    } finally {
      await bundle.close();
    }
  } catch (error) {
    errors.push(...(error.errors ?? [error]));
  }
  return { warnings: logs.map(rollupLog(root)), errors: errors.map(rollupLog(root)) };
}

/** The project as seen by webpack and Rspack. */
function packLike(make, plugin) {
  return async (root, options, { external = [], mode = "production" } = {}) => {
    const compiler = make({
      mode,
      context: root,
      entry: "./src/main.mjs",
      output: { path: path.join(root, "dist") },
      externals: Object.fromEntries(external.map((name) => [name, "commonjs " + name])),
      infrastructureLogging: { level: "none" },
      plugins: [importguard[plugin](options)],
    });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    await new Promise((resolve) => compiler.close(resolve));
    const entry = ({ message, loc, file, moduleName }) => {
      const [, line, column] = /^(\d+):(\d+)/.exec(loc ?? "") ?? [];
      return {
        text: message,
        file: relative(root, file) ?? moduleName?.replace(/^\.\//, ""),
        line: line && Number(line),
        column: column && Number(column),
        frame: message,
      };
    };
    const { warnings, errors } = stats.toJson({ all: false, warnings: true, errors: true });
    const ours = (one) => /importguard explain/.test(one.message);
    return { warnings: warnings.filter(ours).map(entry), errors: errors.map(entry) };
  };
}

async function esbuildBuild(root, options, { external = [] } = {}) {
  const entry = ({ text, location, notes, pluginName }) => ({
    text: [text, ...notes.map((note) => note.text)].join("\n"),
    file: location?.file,
    line: location?.line,
    column: location?.column,
    frame: location && `${location.lineText}\n${" ".repeat(location.column)}${"^".repeat(location.length)}`,
    pluginName,
  });
  const given = {
    absWorkingDir: root,
    entryPoints: ["src/main.mjs"],
    outdir: "dist",
    bundle: true,
    format: "esm",
    platform: "node",
    external,
    logLevel: "silent",
    plugins: [importguard.esbuild(options)],
  };
  const result = await esbuild.build(given).catch((error) => error);
  const ours = (one) => one.pluginName === "importguard";
  return { warnings: result.warnings.filter(ours).map(entry), errors: (result.errors ?? []).map(entry) };
}

async function viteBuild(root, options, { external = [] } = {}) {
  const logs = [];
  const errors = [];
  const keep = (log) => log.pluginCode === "IMPORTGUARD" && logs.push(log);
  await vite({
    root,
    configFile: false,
    logLevel: "silent",
    plugins: [importguard.vite(options)],
    build: {
      lib: { entry: "src/main.mjs", formats: ["es"] },
      rolldownOptions: { external, onLog: (level, log) => level === "warn" && keep(log) },
    },
  }).catch((error) => errors.push(...(error.errors ?? [error])));
  return { warnings: logs.map(rollupLog(root)), errors: errors.map(rollupLog(root)) };
}

/** Builds a project's `src/main.mjs` with one bundler: `(root, options, { external }) => { warnings, errors }`. */
export const bundlers = {
  vite: viteBuild,
  rollup: (root, options, how = {}) =>
    rollupLike(
      ({ cwd, ...given }) => rollup(given),
      root,
      importguard.rollup(options),
      { ...how, plugins: [nodeResolve(), commonjs()] },
    ),
  rolldown: (root, options, how = {}) => rollupLike(rolldown, root, importguard.rolldown(options), how),
  webpack: packLike(webpack, "webpack"),
  rspack: packLike(rspack, "rspack"),
  esbuild: esbuildBuild,
};

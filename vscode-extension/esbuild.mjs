// Builds dist/: one bundle per host, one worker per host, and the analyser's WebAssembly. `--tests` builds the unit tests.
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const inPackage = (name) => fileURLToPath(import.meta.resolve(`importguard-wasm/${name}`));

if (!existsSync(inPackage('importguard_bg.wasm'))) {
  console.error('pkg/ holds no analyser yet: build it with `cargo xtask wasm`, then build the extension again');
  process.exit(1);
}

const common = {
  absWorkingDir: here,
  bundle: true,
  target: 'es2022',
  minify: true,
  keepNames: true,
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
  // The extension names its files itself; a module's own address means nothing in a bundle.
  define: { 'import.meta.url': '"file:///bundled"' },
};
const node = { ...common, platform: 'node', format: 'cjs', external: ['vscode'] };
const web = { ...common, platform: 'browser', format: 'cjs', external: ['vscode'] };

if (process.argv.includes('--tests')) {
  const out = path.join(here, 'dist/test');
  await rm(out, { recursive: true, force: true });
  const tests = (await readdir(path.join(here, 'test'))).filter((name) => name.endsWith('.test.ts'));
  await esbuild.build({ ...node, minify: false, alias: { vscode: './test/vscode.cjs' }, external: [], entryPoints: tests.map((name) => `test/${name}`), outdir: out, outExtension: { '.js': '.cjs' } });
} else if (process.argv.includes('--e2e')) {
  await esbuild.build({ ...web, minify: false, entryPoints: ['e2e/suite/index.ts'], outfile: 'dist/e2e/suite.js' });
} else {
  await mkdir(path.join(here, 'dist'), { recursive: true });
  const builds = [
    { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/node.js' },
    { ...web, entryPoints: ['src/extension.ts'], outfile: 'dist/web.js' },
    { ...node, entryPoints: [inPackage('node-worker')], outfile: 'dist/worker.node.js' },
    // A classic worker: the web extension host starts workers with importScripts.
    { ...web, format: 'iife', entryPoints: [inPackage('worker')], outfile: 'dist/worker.web.js' },
  ];
  await cp(inPackage('importguard_bg.wasm'), path.join(here, 'dist/importguard_bg.wasm'));
  await cp(path.join(here, '../docs/importguard.schema.json'), path.join(here, 'dist/importguard.schema.json'));
  if (process.argv.includes('--watch')) {
    for (const build of builds) await (await esbuild.context(build)).watch();
  } else {
    await Promise.all(builds.map((build) => esbuild.build(build)));
  }
}

// What is judged `pure` is run, and must touch nothing that the analyser's tables call a power.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { caught, innocent } from './fixtures.mjs';
import { readTables } from './table.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const installed = process.env.PURITY_FOLDER ?? join(here, '../../target/purity');
const importguard = process.env.IMPORTGUARD_BIN ?? join(here, '../../target/debug/importguard');
const packages = Object.keys(JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies);
const tables = readTables();

/** Small packages whose purity must be proved as a whole. */
const SMALL = `ansi-regex array-flatten array-union arrify balanced-match bytes camelcase change-case clsx color-name
  concat-map content-type cookie decamelize ee-first emoji-regex escape-string-regexp extend fast-deep-equal
  fast-json-stable-stringify fastest-levenshtein fresh has-flag indent-string is-extglob is-fullwidth-code-point is-glob
  is-number isarray isobject kind-of leven map-obj merge-descriptors minimist mitt ms object-assign pad-left path-parse
  quick-lru range-parser repeat-string slash string-width strip-ansi trim-newlines utils-merge vary word-wrap wrappy
  yocto-queue`.split(/\s+/);

/** Runs a child to its end, or for so long. */
function run(program, args, { cwd, input = '', milliseconds = 60_000 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, NODE_OPTIONS: '' } });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    // Starting may take its time on a busy machine.
    let quiet = setTimeout(() => child.kill('SIGKILL'), Math.max(milliseconds, 40_000));
    child.stdout.on('data', () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    });
    child.on('error', (error) => (err += error));
    child.on('close', (code) => {
      clearTimeout(quiet);
      resolve({ code, out, err });
    });
  });
}

const [major, minor] = process.versions.node.split('.').map(Number);
const permission = major > 23 || (major === 23 && minor >= 5) ? '--permission' : '--experimental-permission';

/** Folders that have the harness: it must not be written while a child reads it. */
const prepared = new Set();

/** Runs the harness; what hangs is skipped the next time, and told. */
async function harness(folder, subpaths) {
  if (!prepared.has(folder)) {
    prepared.add(folder);
    copyFileSync(join(here, 'harness.mjs'), join(folder, 'harness.mjs'));
  }
  const skip = [];
  for (;;) {
    const job = JSON.stringify({ subpaths, skip, tables, milliseconds: 150 });
    const file = join(folder, 'harness.mjs');
    const options = [permission, '--allow-fs-read=*', '--no-warnings', '--stack-size=600', file];
    const { out, err } = await run(process.execPath, options, {
      cwd: folder,
      input: job,
      milliseconds: 10_000,
    });
    const said = out
      .split('\n')
      .flatMap((line) => line.split('\u0001PURITY ').slice(1))
      .map((line) => JSON.parse(line));
    const last = said.at(-1);
    if (last?.done) {
      const all = (key) => said.flatMap((one) => (one[key] === undefined ? [] : one[key]));
      return { touched: last.touched, used: all('used'), failed: said.filter((one) => one.failed), absent: all('absent'), hung: skip, watched: all('watched')[0] };
    }
    const hung = said.findLast((one) => one.start)?.start;
    assert.ok(hung && !skip.includes(hung) && skip.length < 12, `the harness failed in ${folder}: ${hung}, of ${subpaths[0]?.specifier}\n${err}`);
    skip.push(hung);
  }
}

/** What an analysis says of a package that is installed. */
async function effects(name) {
  const { out, err, code } = await run(importguard, ['effects', name, '--format', 'json'], { cwd: installed, milliseconds: 150_000 });
  if (code !== 0 && /no such subpath/.test(err)) return undefined;
  assert.equal(code, 0, `importguard effects ${name}: ${err}`);
  return JSON.parse(out);
}

/** So many at a time. */
async function each(list, atOnce, action) {
  const queue = [...list];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) await action(one);
    }),
  );
}

describe('the harness', () => {
  let folder;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'purity-')));
    for (const kind of ['esm', 'cjs']) {
      for (const [name, code] of Object.entries({ ...caught[kind], ...innocent[kind] })) {
        const home = join(folder, 'node_modules', `${kind}-${name}`);
        mkdirSync(home, { recursive: true });
        writeFileSync(join(home, 'package.json'), JSON.stringify({ name: `${kind}-${name}`, version: '1.0.0', main: 'index.js', type: kind === 'esm' ? 'module' : 'commonjs' }));
        writeFileSync(join(home, 'index.js'), code);
        if (code.includes('x.node')) writeFileSync(join(home, 'x.node'), '');
      }
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const kind of ['esm', 'cjs']) {
    test(`catches every kind of power in ${kind}`, async () => {
      // What spoils the built-ins for others is run alone.
      const names = Object.keys(caught[kind]);
      const alone = names.filter((name) => /global|prototype|built-in|sloppy/.test(name));
      const jobs = [names.filter((name) => !alone.includes(name)), ...alone.map((name) => [name])];
      const found = [];
      await each(jobs, 2, async (names) => {
        const { touched } = await harness(folder, names.map((name) => ({ specifier: `${kind}-${name}`, exports: ['run'] })));
        found.push(...touched);
      });
      const missed = names.filter((name) => !found.some((what) => what.startsWith(`${kind}-${name}#`) || what.startsWith(`${kind}-${name} `)));
      assert.deepEqual(missed, []);
    });
    test(`does not cry wolf in ${kind}`, async () => {
      const names = Object.keys(innocent[kind]);
      const { touched, used } = await harness(folder, names.map((name) => ({ specifier: `${kind}-${name}`, exports: ['run'] })));
      assert.deepEqual(touched, []);
      for (const name of names) assert.ok(used.some((one) => one.startsWith(`${kind}-${name}#`)), `${name} was not used`);
    });
  }

  test('watches most of what the tables list for Node', async () => {
    const { watched } = await harness(folder, [{ specifier: 'esm-arithmetic', exports: ['run'] }]);
    assert.ok(watched > 400, `only ${watched} are watched`);
  });
});

describe('what is called pure', () => {
  test('there are 60 packages, and they are installed', () => {
    assert.ok(packages.length >= 60, `only ${packages.length}`);
    for (const name of packages) assert.ok(existsSync(join(installed, 'node_modules', name)), `${name} is not installed in ${installed}`);
  });

  test('touches nothing', async (t) => {
    const wrong = [];
    const unproved = new Set(SMALL);
    const idle = [];
    let proved = 0;
    let exercised = 0;
    const failed = [];
    await each(packages, 2, async (name) => {
      const report = await effects(name);
      if (!report) return;
      if (report.effect.kind === 'pure') unproved.delete(name);
      const subpaths = report.subpaths
        .map((one) => ({
          specifier: name + one.subpath.slice(1),
          exports: one.exports.filter((known) => known.effect.kind === 'pure').map((known) => known.name),
          pure: one.import.kind === 'pure',
        }))
        .filter((one) => one.pure && !/\.(json|css|d\.ts)$/.test(one.specifier));
      if (subpaths.length === 0) return;
      const found = await harness(installed, subpaths);
      const names = new Set(found.used.map((one) => one.replace(/ \(\w+\)$/, '')));
      proved += subpaths.reduce((sum, one) => sum + one.exports.length, 0);
      exercised += names.size;
      if (subpaths.some((one) => one.exports.length > 0) && names.size === 0) idle.push(name);
      for (const what of found.touched) wrong.push(`${name}: ${what}`);
      for (const what of found.hung) t.diagnostic(`could not be exercised, it does not end: ${what}`);
      for (const one of found.failed) failed.push(`${one.failed}: ${one.why}`);
    });
    t.diagnostic(`${proved} exports are called pure, ${exercised} of them were used`);
    if (failed.length > 0) t.diagnostic(`${failed.length} could not be loaded in Node, such as ${failed.slice(0, 3).join('; ')}`);
    assert.deepEqual(wrong, [], 'called pure, but it is not');
    assert.deepEqual(idle, [], 'nothing of them could be used');
    assert.ok(exercised >= 250, `only ${exercised} exports were used`);
    assert.deepEqual([...unproved], [], 'small packages that are not proved pure');
    assert.ok(SMALL.length >= 25);
  });
});

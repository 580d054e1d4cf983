import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, Effects, type Told } from '../src/effects.ts';
import { exists } from '../src/imports/resolve.ts';
import type { Analyzer, EffectsReport, LinkedPackage } from '../src/report.ts';
import { Scanner } from '../src/scanner.ts';
import { renderEffects, subpathOf, whole } from '../src/views/effects.ts';
import { Memory, NO_RANGE, report, scanned, uri } from './tools.ts';

interface Linking { packages: LinkedPackage[]; subpath: string | undefined; signal: AbortSignal | undefined }

const LINKED: EffectsReport = {
  schemaVersion: 1, tool: { name: 'importguard', version: '0' }, name: 'a', version: '1.0.0', path: '/ws/node_modules/a',
  effect: { kind: 'pure', reasons: [] }, subpaths: [{ subpath: '.', import: { kind: 'pure', reasons: [] }, exports: [], open: false }],
};

/** Packages by folder, with the names that each imports; the linking is written down. */
const setUp = (imported: Record<string, string[]>, mostPackages?: number) => {
  const files: Record<string, string> = {};
  for (const folder of Object.keys(imported)) files[`${folder}/package.json`] = '{}';
  const memory = new Memory(files);
  const scans: string[] = [];
  let held: Promise<void> = Promise.resolve();
  const linkings: Linking[] = [];
  const analyzer = {
    scanPackage: async ({ path }, how = {}) => {
      scans.push(path);
      await held;
      how.signal?.throwIfAborted();
      if (path.endsWith('/broken')) throw new Error('the analyser failed');
      return scanned(report({ name: path.split('/').at(-1) ?? '', version: '1.0.0', path }), { bytes: new TextEncoder().encode(path), dependencies: imported[path] ?? [] });
    },
    effects: (packages, path, { subpath, signal } = {}) => {
      linkings.push({ packages, subpath, signal });
      return Promise.resolve({ ...LINKED, path });
    },
  } as Pick<Analyzer, 'scanPackage' | 'effects'> as Analyzer;
  const scanner = new Scanner(analyzer, memory, () => ({ maxPackageFiles: 10, maxPackageBytes: 1000 }));
  const effects = new Effects({ analyzer, scanner, exists: exists(memory), realFolder: (folder) => Promise.resolve(folder), ...(mostPackages === undefined ? {} : { mostPackages }) });
  const ask = (folder: string, subpath = '.', waitMs = 5000): Promise<Answer> => effects.ask(uri(folder), subpath, waitMs, new AbortController().signal);
  const hold = (): (() => void) => {
    let release = (): void => {};
    held = new Promise((resolve) => { release = resolve; });
    return () => release();
  };
  return { ask, effects, hold, linkings, memory, scanner, scans };
};

const told = (answer: Answer): Told => {
  assert.equal(answer.state, 'told');
  return answer as Told;
};

/** Each package's folder, with the folders of those that it imports. */
const graph = ({ packages }: Linking): Record<string, Record<string, string>> => {
  const folder = (index: number): string => new TextDecoder().decode(packages[index]?.surface.bytes);
  return Object.fromEntries(packages.map(({ installed }, index) => [folder(index), Object.fromEntries(Object.entries(installed).map(([name, place]) => [name, folder(place)]))]));
};

const [A, B, C, NESTED] = ['/ws/node_modules/a', '/ws/node_modules/b', '/ws/node_modules/c', '/ws/node_modules/a/node_modules/c'] as const;

test('each package finds its own dependencies, as Node does, in circles too; each is scanned once', async () => {
  const { ask, linkings, scans } = setUp({ [A]: ['b', 'c', 'gone'], [B]: ['c', 'a'], [C]: [], [NESTED]: [] });
  const { folderOf, cutAt } = told(await ask(A));
  assert.deepEqual(graph(linkings[0] as Linking), { [A]: { b: B, c: NESTED }, [B]: { c: C, a: A }, [NESTED]: {}, [C]: {} });
  assert.deepEqual([...scans].sort(), [A, NESTED, B, C].sort());
  assert.equal(cutAt, undefined);
  assert.equal(folderOf(undefined)?.path, A);
  assert.equal(folderOf('b@1.0.0')?.path, B);
  assert.equal(folderOf('c@1.0.0'), undefined, 'two packages have this name and version');
});

test('an answer is remembered per subpath; the packages are not scanned again for another one', async () => {
  const { ask, linkings, scans } = setUp({ [A]: ['b'], [B]: [] });
  await ask(A);
  await ask(A);
  await ask(A, './x');
  assert.deepEqual(linkings.map(({ subpath }) => subpath), ['.', './x']);
  assert.equal(scans.length, 2);
});

test('a package that is forgotten takes along the answers that rest on it, and no others', async () => {
  const { ask, linkings, scanner } = setUp({ [A]: ['b'], [B]: [], [C]: [] });
  await ask(A);
  await ask(C);
  scanner.forget(uri(B));
  await ask(A);
  await ask(C);
  assert.deepEqual(linkings.map(({ packages }) => packages.length), [2, 1, 2]);
});

test('a package that was scanned anew makes the answer stale', async () => {
  const { ask, linkings, memory, scanner } = setUp({ [A]: ['b'], [B]: [] });
  await ask(A);
  memory.files.set(`${B}/package.json`, '{"version": "2"}');
  await scanner.scan(uri(B), new AbortController().signal);
  await ask(A);
  assert.equal(linkings.length, 2);
});

test('whoever does not wait to the end is told how far it is, and gets the answer later', async () => {
  const { ask, hold, linkings } = setUp({ [A]: ['b'], [B]: [] });
  const release = hold();
  assert.deepEqual(await ask(A, '.', 5), { state: 'looking', packages: 1 });
  release();
  told(await ask(A));
  assert.equal(linkings.length, 1);
});

test('at the bound the rest is left out, and that is said', async () => {
  const { ask, linkings } = setUp({ [A]: ['b', 'c'], [B]: [], [C]: [] }, 2);
  const answer = told(await ask(A));
  assert.equal(answer.cutAt, 2);
  assert.equal(linkings[0]?.packages.length, 2);
  assert.match(renderEffects(SITE, answer, () => undefined), /more packages than the 2 packages that were looked into/);
});

test('what cannot be read is left out by name; if it is the package itself, that is the answer', async () => {
  const broken = '/ws/node_modules/broken';
  const { ask } = setUp({ [A]: ['broken'], [broken]: [] });
  assert.deepEqual([...told(await ask(A)).unreadable], ['broken']);
  assert.deepEqual(await ask(broken), { state: 'failed', message: 'the analyser failed' });
});

test('of several that are asked for, the last ones are worked out', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `/ws/node_modules/${name}`);
  const { ask, effects, hold, linkings } = setUp(Object.fromEntries(names.map((name) => [name, []])));
  const release = hold();
  for (const name of names) await ask(name, '.', 1);
  release();
  for (const name of names.slice(2)) told(await ask(name));
  assert.equal(linkings.length, 3);
  effects.dispose();
});

test('a name that is special to objects is a name', async () => {
  const { ask, linkings } = setUp({ [A]: ['__proto__'], '/ws/node_modules/__proto__': [] });
  await ask(A);
  assert.deepEqual(Object.entries(linkings[0]?.packages[0]?.installed ?? {}), [['__proto__', 1]]);
});

const SITE = { names: ['x'], specifier: 'a' };
const place = { file: 'index.js', range: NO_RANGE };
const network = { ...place, message: 'network through `https.request`', package: 'b@1.0.0', reach: 'call' as const, path: [
  { package: 'a@1.0.0', file: 'index.js', name: 'get', range: NO_RANGE }, { package: 'b@1.0.0', file: 'index.js', name: 'request', range: NO_RANGE },
] };
const missing = { ...place, message: 'imports `x`, which is not at hand', reach: 'call' as const };

const answer = (subpath: Partial<EffectsReport['subpaths'][0]>, more: Partial<Told> = {}): Told => ({
  state: 'told', folderOf: () => undefined, unreadable: new Set(), cutAt: undefined,
  report: { ...LINKED, subpaths: [{ subpath: '.', import: { kind: 'pure', reasons: [] }, exports: [], open: false, ...subpath }] }, ...more,
});

const EXPORTS: EffectsReport['subpaths'][0]['exports'] = [
  { name: 'parse', effect: { kind: 'pure', reasons: [] } },
  { name: 'get', effect: { kind: 'effects', reasons: [network] } },
  { name: 'load', effect: { kind: 'unknown', reasons: [missing] } },
];

const say = (names: string[], told: Answer): string => renderEffects({ names, specifier: 'a' }, told, (title, file) => `file:///${title ?? 'own'}/${file}`);

test('each imported name has its answer: pure, powers with the way to them, or why it cannot be told', () => {
  const text = say(['parse', 'get', 'load'], answer({ exports: EXPORTS }));
  assert.match(text, /^\*\*What is imported here\*\*\n\n- `parse`: \*\*pure\*\*/);
  assert.match(text, /- `get` can use \*\*network\*\*\n {2}- network through `https\.request`, when called, in \[b\\@1\\\.0\\\.0\\\/index\\\.js\\:1\]\(file:\/\/\/b@1\.0\.0\/index\.js\), through `get` → b\\@1\\\.0\\\.0 → `request`/);
  assert.match(text, /- `load`: \*\*cannot be told\*\*\n {2}- imports `x`, which is not installed, when called, in \[index/);
});

test('a way that says nothing new is left out', () => {
  const own = { ...place, message: 'env through `process.env`', path: network.path.slice(0, 1) };
  assert.doesNotMatch(say(['get'], answer({ exports: [{ name: 'get', effect: { kind: 'effects', reasons: [own] } }] })), /, through/);
  assert.match(say(['other'], answer({ exports: [{ name: 'other', effect: { kind: 'effects', reasons: [own] } }] })), /, through `get`/);
});

test('why a dependency is not known is told as it is', () => {
  const exports = EXPORTS.slice(2);
  assert.match(say(['load'], answer({ exports }, { unreadable: new Set(['x']) })), /imports `x`, which could not be read/);
  assert.match(say(['load'], answer({ exports }, { cutAt: 400 })), /imports `x`, which was not looked into/);
});

test('everything, the default of a module without one, and the import alone', () => {
  const all = answer({ exports: EXPORTS });
  assert.match(say(['*'], all), /- all of it can use \*\*network\*\*; 1 of 3 exports is pure\n/);
  assert.match(say(['default'], all), /- `default` can use \*\*network\*\*; 1 of 3 exports is pure\n/);
  assert.match(say([], all), /- importing it: \*\*pure\*\*/);
  assert.match(say(['Options'], all), /`Options`: not among what its code exports/);
  assert.match(say(['Options'], answer({ exports: EXPORTS, open: true })), /`Options` can use \*\*network\*\*/);
  assert.match(say(['x'], answer({}, { report: { ...LINKED, subpaths: [] } })), /cannot be imported as `a`/);
});

test('nothing is called pure that may be more than was looked at', () => {
  const pure = EXPORTS.slice(0, 1);
  const importing = { kind: 'pure' as const, reasons: [] };
  assert.equal(whole({ subpath: '.', import: importing, exports: pure, open: false }).kind, 'pure');
  assert.equal(whole({ subpath: '.', import: importing, exports: pure, open: true }).kind, 'unknown');
  assert.equal(whole({ subpath: '.', import: importing, exports: [{ name: '*', effect: importing }], open: true }).kind, 'pure');
  assert.equal(whole({ subpath: '.', import: importing, exports: [...pure, EXPORTS[2] as typeof EXPORTS[0]], open: false }).kind, 'unknown');
});

test('while the packages are looked into, that is said; a failure too', () => {
  assert.match(say(['x'], { state: 'looking', packages: 37 }), /still looking into 37 packages/);
  assert.match(say(['x'], { state: 'failed', message: 'a *b*' }), /cannot be told: a \\\*b\\\*/);
});

test('nothing a package says becomes markup', () => {
  const hostile = '![x](https://x.invalid/p.png) <b> $(pass) [a](command:evil) `\n# big\u202e';
  const path = [{ package: hostile, file: hostile, name: hostile, range: NO_RANGE }, { package: `${hostile}2`, file: hostile, name: hostile, range: NO_RANGE }];
  const effect = (kind: 'effects' | 'unknown') => ({ kind, reasons: [{ message: hostile, file: hostile, range: NO_RANGE, package: hostile, path }] });
  const told = answer({ exports: [{ name: hostile, effect: effect('effects') }, { name: 'b', effect: effect('unknown') }] });
  const text = renderEffects({ names: [hostile, 'b'], specifier: hostile }, told, () => undefined);
  const bare = text.replace(/(?<![\\`])(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '').replace(/\\[^\w\s]/g, '');
  for (const markup of ['[', ']', '<', '$(', '!', '#b', 'U+202E>']) assert.ok(!bare.includes(markup), `${markup} in ${bare}`);
  assert.ok(!text.includes('\u202e'));
});

test('the subpath is asked for as `exports` writes it', () => {
  assert.equal(subpathOf({ subpath: '' }), '.');
  assert.equal(subpathOf({ subpath: 'lib/x.js' }), './lib/x.js');
});

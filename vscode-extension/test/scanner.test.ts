import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Analyzer } from '../src/report.ts';
import { type Outcome, Scanner } from '../src/scanner.ts';
import { Memory, report, scanned, SURFACE, uri } from './tools.ts';

interface Call { path: string; signal: AbortSignal; finish: (name?: string) => void; fail: (error: Error) => void }

/** An analyser whose scans end when the test says so. */
const setUp = (files: Record<string, string> = { '/p/package.json': '{}' }) => {
  const calls: Call[] = [];
  const scanPackage: Analyzer['scanPackage'] = ({ path }, how = {}) => new Promise((resolve, reject) => {
    const signal = how.signal ?? new AbortController().signal;
    signal.addEventListener('abort', () => reject(signal.reason));
    const finish = (name = 'demo'): void => resolve(scanned(report({ name })));
    calls.push({ path, signal, finish, fail: reject });
  });
  const memory = new Memory(files);
  const scanner = new Scanner({ scanPackage } as Analyzer, memory, () => ({ maxPackageFiles: 10, maxPackageBytes: 1000 }));
  const called = async (count: number): Promise<Call> => {
    while (calls.length < count) await new Promise((resolve) => setImmediate(resolve));
    return calls[count - 1] as Call;
  };
  return { calls, called, memory, scanner, scan: (path = '/p', abort = new AbortController()) => scanner.scan(uri(path), abort.signal) };
};

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const nameOf = (outcome: Outcome): string | undefined => (outcome.state === 'done' ? outcome.report.name : outcome.state);

test('a package is scanned once for all who ask, and remembered', async () => {
  const { called, calls, scan } = setUp();
  const both = [scan(), scan()];
  (await called(1)).finish();
  assert.deepEqual((await Promise.all(both)).map(nameOf), ['demo', 'demo']);
  assert.equal(nameOf(await scan()), 'demo');
  assert.equal(calls.length, 1);
});

test('a changed package is scanned again', async () => {
  const { called, memory, scan } = setUp();
  const first = scan();
  (await called(1)).finish('old');
  await first;
  memory.files.set('/p/package.json', '{"version": "2"}');
  const second = scan();
  (await called(2)).finish('new');
  assert.equal(nameOf(await second), 'new');
});

test('the work stops when the last one leaves, not before', async () => {
  const { called, scan } = setUp();
  const [one, two] = [new AbortController(), new AbortController()];
  const waiting = [scan('/p', one), scan('/p', two)];
  const { signal } = await called(1);
  one.abort();
  await assert.rejects(waiting[0] as Promise<Outcome>, { name: 'AbortError' });
  assert.equal(signal.aborted, false);
  two.abort();
  await assert.rejects(waiting[1] as Promise<Outcome>, { name: 'AbortError' });
  assert.equal(signal.aborted, true);
  await settle();
  const again = scan();
  (await called(2)).finish();
  assert.equal(nameOf(await again), 'demo');
});

test('whoever waits for a forgotten scan gets a fresh one', async () => {
  const { called, scan, scanner } = setUp();
  const forgotten: (string | undefined)[] = [];
  scanner.onForget((folder) => void forgotten.push(folder?.path));
  const waiting = scan();
  const { signal } = await called(1);
  scanner.forget(uri('/p'));
  assert.equal(signal.aborted, true);
  (await called(2)).finish('fresh');
  assert.equal(nameOf(await waiting), 'fresh');
  assert.deepEqual(forgotten, ['/p']);
});

test('two at a time, the others in turn', async () => {
  const { called, calls, scan } = setUp(Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`/${name}/package.json`, '{}'])));
  const all = ['/a', '/b', '/c', '/d'].map((path) => scan(path));
  await called(2);
  await settle();
  assert.equal(calls.length, 2);
  calls[0]?.finish();
  await called(3);
  await settle();
  assert.equal(calls.length, 3);
  calls[1]?.finish();
  calls[2]?.finish();
  (await called(4)).finish();
  assert.equal((await Promise.all(all)).length, 4);
});

test('what somebody looks at goes before what is only depended on', async () => {
  const { called, calls, scan, scanner } = setUp(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`/${name}/package.json`, '{}'])));
  const { signal } = new AbortController();
  const aside = (path: string): Promise<Outcome> => scanner.scan(uri(path), signal, { aside: true });
  const all = [aside('/a'), aside('/b'), aside('/c'), aside('/d')];
  await called(2);
  await settle();
  all.push(scan('/e'), scan('/d'));
  await settle();
  for (let count = 1; count <= 5; count++) (await called(count)).finish();
  await Promise.all(all);
  assert.deepEqual(calls.map(({ path }) => path).slice(2), ['/d', '/e', '/c']);
});

test("a package's surface is kept with its report", async () => {
  const { called, scan } = setUp();
  const first = scan();
  (await called(1)).finish();
  const outcome = await first;
  assert.deepEqual(outcome.state === 'done' && outcome.surface, SURFACE);
});

test('a failure is an answer, and is not remembered for a changed package', async () => {
  const { called, memory, scan } = setUp();
  const first = scan();
  (await called(1)).fail(new Error('the analyser failed'));
  assert.deepEqual(await first.then((outcome) => outcome.state === 'failed' && outcome.message), 'the analyser failed');
  memory.time++;
  const second = scan();
  (await called(2)).finish();
  assert.equal(nameOf(await second), 'demo');
});

test('knows which packages a file belongs to', async () => {
  const { called, scan, scanner } = setUp();
  const first = scan();
  (await called(1)).finish();
  await first;
  assert.deepEqual(scanner.foldersAround(uri('/p/lib/x.js')).map(({ path }) => path), ['/p']);
  assert.deepEqual(scanner.foldersAround(uri('/pq/x.js')), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPackage } from '../src/read.ts';
import { Memory, uri } from './tools.ts';

const LIMITS = { maxPackageFiles: 100, maxPackageBytes: 1000 };
const read = (files: Record<string, string | null | Error>, limits = LIMITS, signal = new AbortController().signal) =>
  readPackage(new Memory(files), uri('/p'), limits, signal);
const paths = (files: { path: string }[]): string[] => files.map(({ path }) => path).sort();

test('reads everything but nested packages and links', async () => {
  const { files, issues, unread } = await read({
    '/p/package.json': '{}', '/p/lib/a.js': 'a', '/p/node_modules/other/index.js': 'b', '/p/.git/config': 'c', '/p/link.js': null, '/q/x.js': 'x',
  });
  assert.deepEqual(paths(files), ['lib/a.js', 'package.json']);
  assert.deepEqual(issues, [{ kind: 'skipped', file: 'link.js', message: 'a link: not followed' }]);
  assert.equal(unread, 0);
});

test('a file that cannot be read is a blind spot, not an end', async () => {
  const { files, issues } = await read({ '/p/package.json': '{}', '/p/a.js': new Error('no permission'), '/p/b.js': 'b' });
  assert.deepEqual(paths(files), ['b.js', 'package.json']);
  assert.deepEqual(issues, [{ kind: 'unreadable', file: 'a.js', message: 'no permission' }]);
});

test('limits keep code and tell what they left out', async () => {
  const { files, issues, unread } = await read({
    '/p/picture.png': 'x'.repeat(400), '/p/README.md': 'x'.repeat(400), '/p/index.js': 'x'.repeat(400), '/p/index.d.ts': 'x'.repeat(400), '/p/package.json': '{}',
  });
  assert.deepEqual(paths(files), ['README.md', 'index.js', 'package.json']);
  assert.equal(unread, 2);
  assert.deepEqual(issues.map(({ kind, file }) => [kind, file]), [['limit', 'picture.png'], ['limit', 'index.d.ts']]);
});

test('many files: a part is named, the rest counted', async () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`/p/f${index}.js`, '']));
  const { files, issues, unread } = await read(many, { maxPackageFiles: 10, maxPackageBytes: 1000 });
  assert.equal(files.length, 10);
  assert.equal(unread, 50);
  assert.equal(issues.length, 21);
  assert.match(issues.at(-1)?.message ?? '', /^30 more files were not read/);
});

test('endless folders end', async () => {
  const { issues } = await read({ [`/p${'/a'.repeat(100)}/x.js`]: '' });
  assert.match(issues[0]?.message ?? '', /more than 64 levels of folders/);
});

test('stops when nobody waits', async () => {
  const abort = new AbortController();
  abort.abort();
  await assert.rejects(read({ '/p/package.json': '{}' }, LIMITS, abort.signal), { name: 'AbortError' });
});

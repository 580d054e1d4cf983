import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exists, isPackageName, nodeModulesAbove, resolvePackage } from '../src/imports/resolve.ts';
import { Memory, uri } from './tools.ts';

const resolve = async (name: string, from: string, files: string[]): Promise<string | undefined> =>
  (await resolvePackage(name, uri(from), exists(new Memory(Object.fromEntries(files.map((file) => [file, '{}']))))))?.path;

test('the nearest node_modules wins', async () => {
  const files = ['/ws/node_modules/a/package.json', '/ws/app/node_modules/a/package.json'];
  assert.equal(await resolve('a', '/ws/app/src/x.js', files), '/ws/app/node_modules/a');
  assert.equal(await resolve('a', '/ws/other/x.js', files), '/ws/node_modules/a');
  assert.equal(await resolve('b', '/ws/other/x.js', files), undefined);
});

test('a folder without package.json does not count', async () => {
  assert.equal(await resolve('a', '/ws/app/x.js', ['/ws/app/node_modules/a/index.js', '/ws/node_modules/a/package.json']), '/ws/node_modules/a');
});

test('scoped names, and roots of drives', async () => {
  assert.equal(await resolve('@s/a', '/c:/ws/x.js', ['/c:/ws/node_modules/@s/a/package.json']), '/c:/ws/node_modules/@s/a');
});

test('folders above a file, nearest first, never node_modules in node_modules', () => {
  assert.deepEqual(nodeModulesAbove(uri('/ws/node_modules/a/x.js')).map(({ path }) => path), ['/ws/node_modules/a/node_modules', '/ws/node_modules', '/node_modules']);
});

test('names that would lead elsewhere are no packages', async () => {
  for (const name of ['..', '.', '', '@', '@s', '@s/', '@/a', '../x', 'a/b', '@s/a/b', '@s/..', '.bin', 'a\\b', 'a:b', 'a%2f', 'a\0']) {
    assert.equal(isPackageName(name), false, JSON.stringify(name));
    assert.equal(await resolve(name, '/ws/x.js', ['/ws/node_modules/package.json', '/ws/package.json', '/ws/x/package.json']), undefined);
  }
  for (const name of ['a', 'a.js', '@s/a', 'JSONStream', '_x', 'a~b']) assert.equal(isPackageName(name), true, name);
});

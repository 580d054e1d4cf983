import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Policies } from '../src/policy.ts';
import type { Analyzer, Suppression } from '../src/report.ts';
import { Memory, uri } from './tools.ts';

const ENTRY: Suppression = { rule: 'install-script', reason: 'it builds' };

const setUp = (text: string, trusted = true) => {
  const complaints: string[] = [];
  const readPolicy: Analyzer['readPolicy'] = (given) => given === 'wrong' ? Promise.reject(new Error('no JSON')) : Promise.resolve(JSON.parse(given) as { suppress: Suppression[] });
  const fs = new Memory({ '/w/importguard.json': text });
  const policies = new Policies({
    analyzer: { readPolicy }, fs, rootOf: ({ path }) => (path.startsWith('/w/') ? uri('/w') : undefined), trusted: () => trusted,
    complain: (file, message) => complaints.push(`${file.path}: ${message}`),
  });
  return { policies, complaints, fs };
};

test('the policy of the workspace around a package counts', async () => {
  const { policies } = setUp(JSON.stringify({ suppress: [ENTRY] }));
  assert.deepEqual(await policies.around(uri('/w/node_modules/a')), [ENTRY]);
  assert.deepEqual(await policies.around(uri('/elsewhere/a')), []);
});

test('a workspace that is not trusted suppresses nothing', async () => {
  const { policies } = setUp(JSON.stringify({ suppress: [ENTRY] }), false);
  assert.deepEqual(await policies.around(uri('/w/node_modules/a')), []);
});

test('what is wrong with it is said once, and again after it was right', async () => {
  const { policies, complaints, fs } = setUp('wrong');
  const folder = uri('/w/node_modules/a');
  for (let time = 0; time < 3; time++) assert.deepEqual(await policies.around(folder), []);
  assert.deepEqual(complaints, ['/w/importguard.json: no JSON']);
  fs.files.set('/w/importguard.json', '{"suppress": []}');
  await policies.around(folder);
  fs.files.set('/w/importguard.json', 'wrong');
  await policies.around(folder);
  assert.equal(complaints.length, 2);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { label, summary, tally } from '../src/status.ts';
import { capabilityGroups, renderReport } from '../src/views/hover.ts';
import { statusOf } from '../src/views/list.ts';
import { rulePage } from '../src/views/rule.ts';
import { finding, NO_RANGE, report, SURFACE, uri } from './tools.ts';

const HOSTILE = '![x](https://x.invalid/p.png) <b onclick=1> $(pass) [a](command:evil) `\n# big\u202e';

test('nothing a package says becomes markup', () => {
  const hostile = report({
    name: HOSTILE, version: HOSTILE, verdict: 'block',
    effect: { kind: 'unknown', reasons: [{ message: HOSTILE, file: HOSTILE, range: NO_RANGE }] },
    findings: [finding({ message: HOSTILE, help: HOSTILE, file: HOSTILE, rule: HOSTILE })],
    capabilities: [{ capability: 'network', api: HOSTILE, file: HOSTILE, range: NO_RANGE, reach: 'import', hosts: [HOSTILE], via: HOSTILE }],
    issues: [{ kind: 'unparsed', file: HOSTILE, message: HOSTILE }],
  });
  const text = renderReport(hostile, () => undefined);
  // What is left after escapes and code spans are taken away holds no brackets, tags or icons.
  const bare = text.replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '').replace(/\\[^\w\s]/g, '');
  for (const markup of ['[', ']', '<', '$(', '!', '#b', 'U+202E>']) assert.ok(!bare.includes(markup), `${markup} in ${bare}`);
  assert.ok(!text.includes('\u202e'));
});

test('links are made for places only, and only if they can be opened', () => {
  const text = renderReport(report({ verdict: 'review', findings: [finding()] }), (file) => `file:///p/${file}`);
  assert.match(text, /in \[index\\\.js\\:1\]\(file:\/\/\/p\/index\.js\)/);
});

test('powers are grouped at their most immediate reach; dead code is left out', () => {
  const use = (capability: 'network' | 'env', reach: 'install' | 'import' | 'call' | 'unreached', file = 'a.js') => ({ capability, api: 'x', file, range: NO_RANGE, reach });
  const groups = capabilityGroups([use('env', 'call'), use('network', 'call'), use('network', 'install', 'b.js'), use('env', 'unreached')]);
  assert.deepEqual(groups.map(({ capability, reach, uses }) => [capability, reach, uses.length, uses[0]?.file]), [['network', 'install', 2, 'b.js'], ['env', 'call', 1, 'a.js']]);
});

test('a pure package says so, an unknown one says why', () => {
  assert.match(renderReport(report(), () => undefined), /\*\*Pure\*\*/);
  const unknown = renderReport(report({ effect: { kind: 'unknown', reasons: [{ message: 'cannot tell', file: 'a.js', range: NO_RANGE }] } }), () => undefined);
  assert.match(unknown, /\*\*Effect unknown\*\*: cannot tell a\\\.js\\:1/);
  assert.doesNotMatch(unknown, /\*\*Pure\*\*/);
});

test('imports that were not followed are no fault of the package, and no proof', () => {
  const reason = (message: string) => ({ message, file: 'a.js', range: NO_RANGE });
  const text = (...messages: string[]): string => renderReport(report({ effect: { kind: 'unknown', reasons: messages.map(reason) } }), () => undefined);
  const imports = 'imports `b`, which is not at hand';
  assert.match(text(imports), /\*\*Uses no power itself\*\*; .* it imports `b`/);
  assert.match(text(imports, 'cannot tell'), /\*\*Effect unknown\*\*/);
  assert.match(text(...Array.from({ length: 20 }, () => imports)), /\*\*Effect unknown\*\*/);
});

test('nothing is called pure that was not read to the end', () => {
  for (const kind of ['limit', 'unreadable', 'crashed', 'archive'] as const) {
    const partial = report({ issues: [{ kind, file: 'b.js', message: 'not read' }] });
    assert.doesNotMatch(renderReport(partial, () => undefined), /Pure/);
    assert.equal(statusOf({ state: 'done', folder: uri('/p'), unread: 0, surface: SURFACE, report: partial }), 'no effects in what could be read');
  }
});

test('lists show no icons of a package', () => {
  const outcome = { state: 'done' as const, folder: uri('/p'), unread: 0, surface: SURFACE, report: report({ verdict: 'review', findings: [finding({ message: '$(pass) fine' })] }) };
  assert.equal(statusOf(outcome), '$ (pass) fine, when imported');
});

test('the status bar counts packages once and shows the worst', () => {
  const done = (path: string, verdict: 'pass' | 'review' | 'block') =>
    ({ folder: uri(path), excluded: false, outcome: { state: 'done' as const, folder: uri(path), unread: 0, surface: SURFACE, report: report({ verdict }) } });
  const places = [done('/a', 'pass'), done('/a', 'pass'), done('/b', 'review'), { folder: uri('/c'), excluded: false, outcome: undefined }, { folder: undefined, excluded: false, outcome: undefined }];
  assert.equal(label(tally(places)), '1 to review');
  assert.equal(summary(tally(places)), '3 packages in this file: 1 to review, 1 without objection, 1 being scanned');
  assert.equal(label(tally([...places, done('/d', 'block')])), '1 to avoid');
  assert.equal(label(tally([])), '0 packages');
});

test("the examples of a rule's page say what they show", () => {
  assert.equal(rulePage('# t\n\n```js bad\nx\n```\n\n```json ok file=package.json\n{}\n```\n\n```js\ny\n```\n'),
    '# t\n\n*Reported:*\n\n```js\nx\n```\n\n*Not reported, in `package.json`:*\n\n```json\n{}\n```\n\n```js\ny\n```\n');
  assert.equal(rulePage('```js file=setup.js\nx\n```'), '*`setup.js`:*\n\n```js\nx\n```');
});

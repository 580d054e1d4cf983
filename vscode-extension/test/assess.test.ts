import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess, findingsByStrength, statementText, whenOf } from '../src/assess.ts';
import { isExcluded, parseConfig } from '../src/config.ts';
import { finding, NO_RANGE, report } from './tools.ts';

const config = parseConfig(() => undefined);

test('severity decides the level', () => {
  const level = (severity: 'critical' | 'high' | 'medium' | 'low' | 'info'): string | undefined => assess(report({ findings: [finding({ severity })] }), config)?.level;
  assert.deepEqual((['critical', 'high', 'medium', 'low', 'info'] as const).map(level), ['error', 'error', 'warning', 'information', undefined]);
});

test('the strongest finding speaks, the others are counted', () => {
  const findings = [
    finding({ severity: 'medium', rule: 'a' }), finding({ severity: 'high', confidence: 'low', rule: 'b' }),
    finding({ severity: 'high', reach: 'call', rule: 'c' }), finding({ severity: 'high', reach: 'install', rule: 'd' }), finding({ severity: 'info', rule: 'e' }),
  ];
  assert.deepEqual(findingsByStrength(report({ findings })).map(({ rule }) => rule), ['d', 'c', 'b', 'a', 'e']);
  const statement = assess(report({ findings }), config);
  assert.equal(statement?.finding.rule, 'd');
  assert.equal(statement.more, 3);
});

test('silenced findings and those below the threshold say nothing', () => {
  assert.equal(assess(report({ findings: [finding({ suppressed: { reason: 'known' } })] }), config), undefined);
  assert.equal(assess(report({ findings: [finding({ severity: 'medium' })] }), { ...config, minSeverity: 'high' }), undefined);
  assert.equal(assess(report(), config), undefined);
});

test('a level of none hides a severity, not those below it', () => {
  const levels = { ...config.levels, high: 'none' as const };
  assert.equal(assess(report({ findings: [finding({ severity: 'high' }), finding({ severity: 'low' })] }), { ...config, levels })?.level, 'information');
});

test('the message names verdict, package, place and the rest', () => {
  const bad = report({ name: 'evil', version: '1.2.3', verdict: 'block', findings: [finding({ range: { ...NO_RANGE, start: { line: 4, character: 2 } } }), finding()] });
  const statement = assess(bad, config);
  assert.ok(statement);
  assert.equal(statementText(bad, statement), 'Do not use evil@1.2.3: secrets are sent, when imported [index.js:5] (+1 more)');
});

test('a message shows a hostile name for what it is', () => {
  const bad = report({ name: 'e\u202evil', verdict: 'review', findings: [finding({ message: 'a\nb' })] });
  const statement = assess(bad, config);
  assert.ok(statement);
  assert.equal(statementText(bad, statement), 'Review e<U+202E>vil@1.0.0: a b, when imported [index.js:1]');
});

test('when the code runs is said once', () => {
  assert.equal(whenOf({ message: 'runs `node x.js` when it is installed', reach: 'install' }), '');
  assert.equal(whenOf({ message: 'sends secrets', reach: 'unreached' }), ', in code that nothing reaches');
});

test('settings of a wrong kind fall back', () => {
  const wrong: Record<string, unknown> = { enable: 'no', minSeverity: 'awful', levels: { high: 'hint', low: 7, other: 'x' }, exclude: 'x', maxPackageFiles: -5, maxPackageSize: 'big', delay: Number.NaN };
  const parsed = parseConfig((key) => wrong[key]);
  assert.deepEqual(parsed, { ...config, levels: { ...config.levels, high: 'hint' }, maxPackageFiles: 1 });
});

test('excluded names', () => {
  assert.equal(isExcluded('@my/x', ['@my/*']), true);
  assert.equal(isExcluded('@my/x', ['@other/*', '@my']), false);
  assert.equal(isExcluded('a.b', ['a?b', 'a.c']), false);
  assert.equal(isExcluded('axb', ['a.b']), false);
  assert.equal(isExcluded('a-b', ['a-*']), true);
  assert.equal(isExcluded('anything', ['*']), true);
});

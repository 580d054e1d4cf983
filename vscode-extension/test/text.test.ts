import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, count, markdown, plain, prose, sentence, size } from '../src/views/text.ts';

test('what cannot be seen is spelled out', () => {
  assert.equal(plain('a\u202eb'), 'a<U+202E>b');
  assert.equal(plain('a\u200bb\u{e0041}'), 'a<U+200B>b<U+E0041>');
  assert.equal(plain('a\u0000\u001b[31mb'), 'a<U+0000><U+001B>[31mb');
  assert.equal(plain('one\n  two\u2028three'), 'one two three');
});

test('long text is cut between characters', () => {
  assert.equal(plain('x'.repeat(500), 10), `${'x'.repeat(10)}…`);
  assert.equal(plain('😀'.repeat(20), 3), '😀😀😀…');
  assert.equal(plain('x'.repeat(1e6), 10).length, 11);
});

test('no markup survives in Markdown', () => {
  assert.equal(markdown('[x](command:evil)'), '\\[x\\]\\(command\\:evil\\)');
  assert.equal(markdown('<img src=x>'), '&lt;img src\\=x&gt;');
  assert.equal(markdown('$(pass) **ok** `a` | b'), '&#36;\\(pass\\) \\*\\*ok\\*\\* \\`a\\` &#124; b');
  assert.equal(markdown('https://x.invalid'), 'https\\:\\/\\/x\\.invalid');
  assert.equal(markdown('&lt;'), '&amp;lt;');
});

test('a code span cannot be left', () => {
  assert.equal(code('a'), '`a`');
  assert.equal(code('a`b'), '`` a`b ``');
  assert.equal(code('``'), '``` `` ```');
  assert.equal(code('x\n\ny'), '`x y`');
  assert.equal(code(''), '');
});

test('code in a sentence is shown as code, and only that', () => {
  assert.equal(prose('`process.env` is *read*'), '`process.env` is \\*read\\*');
  assert.equal(prose('one ` alone [x](y)'), 'one \\` alone \\[x\\]\\(y\\)');
  assert.equal(prose('a `` b'), 'a  b');
});

test('numbers and sentences', () => {
  assert.equal(count(1, 'file'), '1 file');
  assert.equal(count(1200, 'file'), '1,200 files');
  assert.deepEqual([size(12), size(1234), size(123456), size(12345678)], ['12 B', '1.2 kB', '123 kB', '12.3 MB']);
  assert.deepEqual([sentence('do it'), sentence('Done.'), sentence('')], ['Do it.', 'Done.', '']);
});

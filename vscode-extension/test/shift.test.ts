import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Edit, shift } from '../src/shift.ts';

const at = (line: number, from: number, to: number, endLine = line) => ({ start: { line, character: from }, end: { line: endLine, character: to } });
const edit = (range: ReturnType<typeof at>, text: string): Edit => ({ range, text });

test('edits after a mark leave it, edits on other lines above move it', () => {
  const mark = at(3, 10, 15);
  assert.deepEqual(shift(mark, [edit(at(3, 20, 22), 'x\ny')]), mark);
  assert.deepEqual(shift(mark, [edit(at(1, 0, 0), 'a\n\nb')]), at(5, 10, 15));
  assert.deepEqual(shift(mark, [edit(at(0, 4, 2, 2), '')]), at(1, 10, 15));
});

test('edits before it on the same line move its columns', () => {
  assert.deepEqual(shift(at(3, 10, 15), [edit(at(3, 2, 4), 'four')]), at(3, 12, 17));
  assert.deepEqual(shift(at(3, 10, 15), [edit(at(3, 0, 0), 'new line\n')]), at(4, 10, 15));
  assert.deepEqual(shift(at(3, 10, 15), [edit(at(2, 5, 3, 3), '')]), at(2, 12, 17));
  assert.deepEqual(shift(at(3, 10, 15), [edit(at(3, 2, 4), 'a\r\nbc')]), at(4, 8, 13));
});

test('edits that touch it take it away', () => {
  for (const touching of [at(3, 12, 13), at(3, 5, 10), at(3, 15, 15), at(2, 0, 0, 4), at(3, 10, 10)]) {
    assert.equal(shift(at(3, 10, 15), [edit(touching, 'x')]), undefined);
  }
});

test('several edits of one event, as the editor orders them: last place first', () => {
  assert.deepEqual(shift(at(3, 10, 15), [edit(at(5, 0, 0), '\n'), edit(at(1, 0, 0), '\n'), edit(at(0, 0, 0), '\n')]), at(5, 10, 15));
});

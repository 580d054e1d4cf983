// Keeps marks on their names between an edit and the next look at the text.
import type { PackageSite } from './imports/document.ts';

type Range = PackageSite['range'];
type Position = Range['start'];

/** One edit: what it replaces, and by what. */
export interface Edit { range: Range; text: string }

/** Where the range lies after the edits; nothing if one of them touches it. Edits are in the order the editor gives them. */
export const shift = (range: Range, edits: readonly Edit[]): Range | undefined => {
  let moved: Range = range;
  for (const edit of edits) {
    if (before(moved.end, edit.range.start)) continue;
    if (!before(edit.range.end, moved.start)) return undefined;
    moved = { start: move(moved.start, edit), end: move(moved.end, edit) };
  }
  return moved;
};

const move = ({ line, character }: Position, { range, text }: Edit): Position => {
  const lines = text.split(/\r\n|\r|\n/);
  const added = lines.length - 1;
  const shifted = line + added - (range.end.line - range.start.line);
  if (line !== range.end.line) return { line: shifted, character };
  const last = (lines.at(-1) ?? '').length + (added === 0 ? range.start.character : 0);
  return { line: shifted, character: last + character - range.end.character };
};

const before = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.character < b.character);

// Code frames for terminals: a place with the lines around it, safe to print whatever the text holds.

/** A place in a text: line and UTF-16 column from 0, and how many columns to underline. */
export interface Place {
  line: number;
  column: number;
  length: number;
}

const BEFORE = 2;
const WIDTH = 110;
// Controls, and characters that are invisible or turn the direction of a line: a package's text must not
// move the cursor, recolour the terminal or hide what it does.
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]|[\u{e0000}-\u{e01ef}]/gu;

/** A text with everything that is not plain to see written as an escape. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The lines around a place, with the place underlined. */
export function codeFrame(source: string, place: Place): string {
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  const first = Math.max(0, place.line - BEFORE);
  const digits = String(place.line + 1).length;
  const out: string[] = [];
  for (let line = first; line <= place.line; line++) {
    const text = lines[line] ?? "";
    if (line < place.line) {
      out.push(`  ${String(line + 1).padStart(digits)} | ${crop(text, 0)}`.trimEnd());
      continue;
    }
    // What was cut off or escaped in front of the place moves the underline.
    const start = place.column > WIDTH - 30 ? place.column - 30 : 0;
    const lead = (start > 0 ? "…" : "") + printable(text.slice(start, place.column)).replaceAll("\t", " ");
    const marked = Math.max(1, Math.min(place.length, text.length - place.column, start + WIDTH - place.column));
    const shownMark = printable(text.slice(place.column, place.column + marked)).length;
    out.push(`> ${line + 1} | ${crop(text, start)}`);
    out.push(`  ${" ".repeat(digits)} | ${" ".repeat(lead.length)}${"^".repeat(Math.max(1, shownMark))}`);
  }
  return out.join("\n");
}

function crop(text: string, start: number): string {
  const end = start + WIDTH;
  const part = printable(text.slice(start, end)).replaceAll("\t", " ");
  return (start > 0 ? "…" : "") + part + (end < text.length ? "…" : "");
}

/** The line of a text that a place is on. */
export function lineAt(source: string, line: number): string {
  return source.split(/\r\n|[\n\r\u2028\u2029]/)[line] ?? "";
}

/** The part of a file to show: all of a usual file, a stretch around the place of a huge or minified one. */

export interface View {
  text: string;
  /** UTF-16 offsets of the place in `text`, if there is one. */
  mark: { from: number; to: number } | null;
  /** Number of the first line of `text`, from 1. */
  firstLine: number;
  /** Byte offsets of `text` in the file. */
  bytes: { start: number; end: number; total: number };
  whole: boolean;
  fromLineStart: boolean;
}

/** Beyond this an editor gets slow, and a person sees no more of it. */
const WHOLE_BYTES = 400_000;
const WHOLE_LINE = 5_000;
const STRETCH = 24_000;

const LF = 10;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The view of a file for a place given as byte offsets of its text. */
export function viewOf(content: Uint8Array, place: readonly [number, number] | null, centre?: number): View {
  const bytes = asText(content);
  const total = bytes.length;
  if (total <= WHOLE_BYTES && longestLine(bytes) <= WHOLE_LINE) return cut(bytes, 0, total, place);
  const middle = Math.min(centre ?? place?.[0] ?? 0, total);
  const reach = centre === undefined && place ? Math.min(place[1] - place[0], STRETCH) : 0;
  const start = toLineStart(bytes, Math.max(0, middle - STRETCH));
  const end = toLineEnd(bytes, Math.min(total, middle + reach + STRETCH));
  return cut(bytes, start, end, place);
}

/** Offsets in a report count in the text, where each bad byte has become a replacement character. */
function asText(content: Uint8Array): Uint8Array {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    return content;
  } catch {
    return new TextEncoder().encode(decoder.decode(content));
  }
}

function cut(bytes: Uint8Array, start: number, end: number, place: readonly [number, number] | null): View {
  const decode = (from: number, to: number): string => decoder.decode(bytes.subarray(from, to));
  const visible = place !== null && place[0] >= start && place[0] <= end;
  let mark: View["mark"] = null;
  if (visible) {
    const from = decode(start, place[0]).length;
    mark = { from, to: from + decode(place[0], Math.min(place[1], end)).length };
  }
  const whole = start === 0 && end === bytes.length;
  return {
    text: decode(start, end),
    mark,
    firstLine: 1 + countLines(bytes, start),
    bytes: { start, end, total: bytes.length },
    whole,
    fromLineStart: start === 0 || bytes[start - 1] === LF,
  };
}

function longestLine(bytes: Uint8Array): number {
  let longest = 0;
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found;
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  return longest;
}

function countLines(bytes: Uint8Array, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}

/** How far a stretch may grow or shrink to end at a line. */
const SLACK = 4_000;

function toLineStart(bytes: Uint8Array, at: number): number {
  if (at === 0) return 0;
  const before = bytes.lastIndexOf(LF, at - 1) + 1;
  return at - before <= SLACK ? before : toCharacter(bytes, at);
}

function toLineEnd(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) return bytes.length;
  const next = bytes.indexOf(LF, at);
  if (next >= 0 && next - at <= SLACK) return next;
  return bytes.length - at <= SLACK ? bytes.length : toCharacter(bytes, at);
}

/** Not into the middle of a character. */
function toCharacter(bytes: Uint8Array, at: number): number {
  let position = at;
  while (position > 0 && ((bytes[position] ?? 0) & 0xc0) === 0x80) position -= 1;
  return position;
}

/** Whether the line of the place is so long that only wrapping shows what is around it. */
export function isEndless({ text, mark }: View): boolean {
  const at = mark?.from ?? 0;
  const next = text.indexOf("\n", at);
  return (next < 0 ? text.length : next) - (text.lastIndexOf("\n", at - 1) + 1) > 1_000;
}

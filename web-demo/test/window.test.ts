/** Which part of a file is shown, and where in it the place is. */
import { expect, test } from "vitest";

import { viewOf } from "../src/source/window.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Byte offsets of a needle, and the text that the view marks. */
function marked(content: Uint8Array, needle: string): { text: string | undefined; view: ReturnType<typeof viewOf> } {
  const start = Buffer.from(content).indexOf(needle);
  const view = viewOf(content, [start, start + encode(needle).length]);
  return { text: view.mark ? view.text.slice(view.mark.from, view.mark.to) : undefined, view };
}

test("a usual file is shown whole, with the place counted in UTF-16", () => {
  const { text, view } = marked(encode('const a = "é😀";\r\nevil();\n'), "evil()");
  expect(text).toBe("evil()");
  expect(view).toMatchObject({ whole: true, firstLine: 1 });
});

test("a byte order mark and bad bytes do not move the place", () => {
  expect(marked(encode("\ufeffevil()"), "evil()").text).toBe("evil()");
  // Offsets in a report count the replacement character's three bytes.
  const broken = new Uint8Array([0xff, ...encode(" evil()")]);
  const view = viewOf(broken, [4, 10]);
  expect(view.text.slice(view.mark?.from, view.mark?.to)).toBe("evil()");
});

test("of a file with many lines, whole lines around the place are shown and numbered right", () => {
  const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index};`);
  lines[45_000] = "evil();";
  const { text, view } = marked(encode(lines.join("\n")), "evil();");
  expect(text).toBe("evil();");
  expect(view.whole).toBe(false);
  expect(view.text.length).toBeLessThan(60_000);
  expect(view.text.split("\n")[0]).toBe(lines[view.firstLine - 1]);
});

test("of one endless line, a stretch around the place is shown, not cut within a character", () => {
  const { text, view } = marked(encode(`${"é😀".repeat(400_000)}evil()${"é😀".repeat(400_000)}`), "evil()");
  expect(text).toBe("evil()");
  expect(view.text.length).toBeLessThan(60_000);
  expect(view.text).not.toContain("\ufffd");
});

test("50 MB in one line take no time worth mentioning", () => {
  const content = new Uint8Array(50_000_000).fill(97);
  const began = performance.now();
  expect(viewOf(content, [49_999_000, 49_999_010]).mark).not.toBeNull();
  expect(performance.now() - began).toBeLessThan(1_000);
});

test("moving along a large file leaves the place where it is", () => {
  const content = encode(`${"a".repeat(500_000)}evil()${"b".repeat(500_000)}`);
  const away = viewOf(content, [500_000, 500_006], 100_000);
  expect(away.mark).toBeNull();
  expect(away.bytes.start).toBeLessThan(100_000);
  expect(away.bytes.end).toBeGreaterThan(100_000);
});

test("a place beyond the end is no place", () => {
  expect(viewOf(encode("a"), [10, 12]).mark).toBeNull();
});

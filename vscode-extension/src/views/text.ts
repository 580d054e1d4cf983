// Every string of a package is hostile until shown: no control characters, no markup, no endless lines.

/** Characters that do not print, or that change how others print: controls, bidi marks, zero-width and tag characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\u115f\u1160\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** One line of plain text; what cannot be seen is spelled out, what is too long is cut. */
export const plain = (text: string, most = 160): string => {
  const seen = text.slice(0, most * 2).replace(/\s+/g, ' ').replace(UNSEEN, (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`);
  const characters = [...seen];
  return characters.length > most || text.length > most * 2 ? `${characters.slice(0, most).join('')}…` : seen;
};

/** The same as Markdown that renders as exactly this text: every character that could be markup, or begin an address, is escaped. */
export const markdown = (text: string, most?: number): string =>
  plain(text, most).replace(/[!#$&()*+./:<=>@[\\\]^_`{|}~]/g, (character) => (ENTITIES[character] ?? `\\${character}`));

/** As entities: after a backslash these would still begin a tag, an entity, a table cell or an icon. */
const ENTITIES: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '|': '&#124;', $: '&#36;' };

/** The same as a code span. */
export const code = (text: string, most?: number): string => {
  const inside = plain(text, most);
  const longest = Math.max(0, ...[...inside.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || inside.trim() !== inside ? ' ' : '';
  return inside === '' ? '' : `${fence}${pad}${inside}${pad}${fence}`;
};

/** With a capital letter and a full stop. */
export const sentence = (text: string): string => {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(capital) || capital === '' ? capital : `${capital}.`;
};

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

/** A sentence of the analyser's as Markdown: what it put between backticks becomes a code span, the rest is plain text. */
export const prose = (text: string, most = 300): string => {
  const parts = plain(text, most).split('`');
  const closed = parts.length % 2 === 1;
  return parts.map((part, index) => (closed && index % 2 === 1 ? code(part, most) : markdown(part, most))).join(closed ? '' : '\\`');
};

export const size = (bytes: number): string => {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
};

/** The report's short texts: what stands between backticks is code, everything is text. */

export function Phrase({ text }: { text: string }) {
  const parts = text.split(/`([^`]+)`/);
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

/** For places that take no elements, such as labels. */
export function plain(text: string): string {
  return text.replace(/`([^`]+)`/g, "$1");
}

/** The report's phrases begin in lower case; on the page some of them are sentences. */
export function sentence(text: string): string {
  // A name keeps its spelling.
  return /^[a-z]+(?=[ ,;:]|$)/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

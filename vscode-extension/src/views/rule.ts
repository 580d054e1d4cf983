// A rule's page as a person reads it: the examples' tags, which the tests go by, become words.

const TAGS: Record<string, string> = { bad: 'Reported', ok: 'Not reported' };

/** ` ```js bad file=install.js ` becomes a caption and a plain fence. */
export const rulePage = (docs: string): string =>
  docs.replace(/^(`{3,})(\w+)[ \t]+(\S[^\n]*)$/gm, (_line, fence: string, language: string, info: string) => {
    const words = info.trim().split(/\s+/);
    const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    const caption = [words.flatMap((word) => TAGS[word] ?? []).join(', '), file === undefined ? '' : `\`${file}\``].filter(Boolean).join(', in ');
    return caption === '' ? `${fence}${language}` : `*${caption}:*\n\n${fence}${language}`;
  });

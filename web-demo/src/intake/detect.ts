/** Tells what a pasted text is. */

export type Language = "javascript" | "typescript" | "jsx" | "tsx" | "manifest";

/** The name under which a text of this kind is analysed. */
export const FILE_NAMES: Record<Language, string> = {
  javascript: "pasted.js",
  typescript: "pasted.ts",
  jsx: "pasted.jsx",
  tsx: "pasted.tsx",
  manifest: "package.json",
};

export const LANGUAGE_LABELS: Record<Language, string> = {
  javascript: "JavaScript",
  typescript: "TypeScript",
  jsx: "JavaScript with JSX",
  tsx: "TypeScript with JSX",
  manifest: "package.json",
};

const MANIFEST_FIELD = /"(name|version|scripts|dependencies|devDependencies|peerDependencies|optionalDependencies|main|exports|bin)"\s*:/;
const TYPES =
  /\b(interface|enum|namespace)\s+\w+[^(\n]*\{|\bimport\s+type\b|\btype\s+\w+(<[^>]*>)?\s*=|\b(const|let|var)\s+\w+\s*:\s*\w|\)\s*:\s*[\w.<>[\]| ]+\s*(=>|\{)|\bas\s+(const|unknown|any)\b/;
const MARKUP = /(^|[(=>?:,]|return)\s*<([A-Z][\w.]*|[a-z][\w-]*)?(\s[^<>]*)?\/?>/m;

export function detect(text: string): Language {
  const trimmed = text.trim();
  // Also a manifest with a mistake in it is a manifest.
  if (trimmed.startsWith("{") && MANIFEST_FIELD.test(trimmed) && !/^\{\s*(const|let|var|import|function)\b/.test(trimmed)) return "manifest";
  const typed = TYPES.test(text);
  if (MARKUP.test(text)) return typed ? "tsx" : "jsx";
  return typed ? "typescript" : "javascript";
}

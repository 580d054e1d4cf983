// Which documents are looked at, and which packages they name.
import type { DocumentFilter, TextDocument } from 'vscode';
import type { Analyzer, ImportSite } from '../report.ts';

/** One place that names a package, with the range of the name without its quotes. */
export interface PackageSite {
  site: ImportSite;
  package: string;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
}

const EXTENSIONS: Record<string, string> = {
  javascript: 'js', javascriptreact: 'jsx', typescript: 'ts', typescriptreact: 'tsx',
};

/** The documents that imports are checked in, as the editor wants it told. */
export const CHECKED: DocumentFilter[] = [...Object.keys(EXTENSIONS).map((language) => ({ language })), { pattern: '**/package.json' }];

/** Schemes of documents that show something else's content: a commit, a setting, a search. */
const VIEWS = new Set(['git', 'gitfs', 'output', 'comment', 'search-editor', 'vscode-scm', 'vscode-userdata', 'walkThrough']);

/** Whether imports in this document are checked. Files of installed packages are not: they are the packages' own. */
export const isChecked = (document: TextDocument): boolean => {
  const { scheme, path } = document.uri;
  if (VIEWS.has(scheme)) return false;
  if (path.split('/').includes('node_modules')) return false;
  return document.languageId in EXTENSIONS || isManifest(document);
};

export const isManifest = (document: TextDocument): boolean => document.uri.path.endsWith('/package.json');

/** The packages a document names, found by the analyser in its worker. */
export const packageSites = async (analyzer: Analyzer, document: TextDocument, signal: AbortSignal): Promise<PackageSite[]> => {
  const sites = await analyzer.listImports(analysedAs(document), document.getText(), { signal });
  return sites.flatMap((site) =>
    site.package === undefined || site.package === '' ? [] : [{ site, package: site.package, range: withoutQuotes(document, site.range) }]);
};

/** The path that tells the analyser how to read the text: the extension decides the syntax. */
const analysedAs = (document: TextDocument): string => {
  if (isManifest(document)) return 'package.json';
  const name = document.uri.path.split('/').at(-1) ?? '';
  return /\.[cm]?[jt]sx?$/.test(name) ? name : `${name}.${EXTENSIONS[document.languageId] ?? 'js'}`;
};

const withoutQuotes = (document: TextDocument, range: ImportSite['range']): PackageSite['range'] => {
  const { start, end } = range;
  const line = start.line < document.lineCount ? document.lineAt(start.line).text : '';
  const first = line[start.character];
  const quoted = start.line === end.line && end.character - start.character >= 2
    && (first === '"' || first === "'" || first === '`') && line[end.character - 1] === first;
  return quoted
    ? { start: { line: start.line, character: start.character + 1 }, end: { line: end.line, character: end.character - 1 } }
    : { start, end };
};

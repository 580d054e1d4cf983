// From a place in a report to a place in the editor.
import { Range, type Uri } from 'vscode';
import type { PackageSite } from './imports/document.ts';
import type { Range as ReportRange } from './report.ts';

export const toRange = ({ start, end }: PackageSite['range']): Range => new Range(start.line, start.character, end.line, end.character);

/** The place in the installed package; nothing if the path would lead out of it. */
export const inPackage = (folder: Uri, file: string, range: ReportRange): { uri: Uri; range: Range } | undefined => {
  const parts = file.split('/');
  if (file === '' || parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\\'))) return undefined;
  return { uri: folder.with({ path: `${folder.path}/${file}` }), range: toRange(range) };
};

// What the light bulb offers at a marked import: read on, or stop checking the package.
import { CodeAction, CodeActionKind, type Disposable, languages } from 'vscode';
import type { Documents } from './documents.ts';
import { CHECKED } from './imports/document.ts';
import { toRange } from './places.ts';
import { plain } from './views/text.ts';

export const provideActions = (documents: Documents): Disposable =>
  languages.registerCodeActionsProvider(CHECKED, {
    provideCodeActions(document, where, { diagnostics }) {
      const place = documents.places(document).find(({ range }) => toRange(range).intersection(where));
      const ours = diagnostics.filter(({ source }) => source === 'importguard');
      if (!place?.folder || ours.length === 0) return [];
      const name = plain(place.package, 80);
      const action = (title: string, command: string, ...args: unknown[]): CodeAction => {
        const offered = new CodeAction(title, CodeActionKind.QuickFix);
        offered.command = { title, command, arguments: args };
        offered.diagnostics = ours;
        return offered;
      };
      return [
        action(`Show the report of ${name}`, 'importguard.showReport', place.package, place.folder.toString()),
        action(`Scan ${name} again`, 'importguard.rescan', place.package, place.folder.toString()),
        action(`Do not check ${name} in this workspace`, 'importguard.excludePackage', place.package),
      ];
    },
  }, { providedCodeActionKinds: [CodeActionKind.QuickFix] });

// The shield in the status bar: the worst verdict among the packages of the file in front.
import { commands, type Disposable, StatusBarAlignment, type TextDocument, ThemeColor, window } from 'vscode';
import type { Documents, Place } from './documents.ts';
import type { PackageReport } from './report.ts';
import { count, plain } from './views/text.ts';

export interface Tally {
  packages: number;
  scanning: number;
  failed: number;
  verdicts: Record<PackageReport['verdict'], number>;
}

/** Each package counts once, however often the file names it. */
export const tally = (places: readonly Pick<Place, 'folder' | 'outcome' | 'excluded'>[]): Tally => {
  const result: Tally = { packages: 0, scanning: 0, failed: 0, verdicts: { block: 0, review: 0, pass: 0 } };
  const seen = new Set<string>();
  for (const { folder, outcome, excluded } of places) {
    if (!folder || excluded || seen.has(folder.toString())) continue;
    seen.add(folder.toString());
    result.packages++;
    if (outcome?.state === 'done') result.verdicts[outcome.report.verdict]++;
    else if (outcome?.state === 'failed') result.failed++;
    else result.scanning++;
  }
  return result;
};

export const showStatus = (documents: Documents): Disposable => {
  const item = window.createStatusBarItem('importguard.status', StatusBarAlignment.Right, 90);
  item.name = 'importguard';
  const show = (document: TextDocument | undefined): void => {
    const tracked = document !== undefined && documents.isTracked(document);
    void commands.executeCommand('setContext', 'importguard.active', tracked);
    if (!tracked) return item.hide();
    const found = tally(documents.places(document));
    const { block, review } = found.verdicts;
    const problem = documents.problem(document);
    item.text = `$(shield) ${problem === undefined ? label(found) : 'not checked'}`;
    item.tooltip = `importguard: ${problem === undefined ? summary(found) : `this file could not be checked: ${plain(problem)}`}`;
    item.command = problem === undefined ? 'importguard.showPackages' : 'importguard.showLog';
    item.accessibilityInformation = { label: item.tooltip };
    item.backgroundColor = block > 0 ? new ThemeColor('statusBarItem.errorBackground')
      : review > 0 ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  const parts = [
    item,
    documents.onDidChange((document) => { if (document === window.activeTextEditor?.document) show(document); }),
    window.onDidChangeActiveTextEditor((editor) => show(editor?.document)),
  ];
  show(window.activeTextEditor?.document);
  return { dispose: () => { for (const part of parts) part.dispose(); } };
};

export const label = ({ packages, scanning, verdicts: { block, review } }: Tally): string => {
  if (block > 0) return `${block} to avoid`;
  if (review > 0) return `${review} to review`;
  if (scanning > 0) return 'scanning…';
  return count(packages, 'package');
};

export const summary = ({ packages, scanning, failed, verdicts }: Tally): string => {
  const parts = [
    [verdicts.block, 'not to be used'], [verdicts.review, 'to review'], [verdicts.pass, 'without objection'],
    [scanning, 'being scanned'], [failed, 'that could not be scanned'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  return packages === 0 ? 'this file names no installed package' : `${count(packages, 'package')} in this file: ${told.join(', ')}`;
};

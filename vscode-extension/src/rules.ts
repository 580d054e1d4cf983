// The rules' pages, as read-only documents that work offline and in every host.
import { commands, type Disposable, Uri, window, workspace } from 'vscode';
import type { Analyzer } from './report.ts';
import { rulePage } from './views/rule.ts';

const SCHEME = 'importguard-rule';

export const ruleUri = (id: string): Uri => Uri.from({ scheme: SCHEME, path: `/${id}.md` });

export const provideRules = (analyzer: Analyzer): Disposable =>
  workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      const id = uri.path.replace(/^\//, '').replace(/\.md$/, '');
      const rule = (await analyzer.ruleCatalog()).find((each) => each.id === id);
      return rule ? rulePage(rule.docs) : `# ${id}\n\nThis version of importguard has no rule of that name.\n`;
    },
  });

/** Shows the rule's page; without a name, asks for one. */
export const showRule = async (analyzer: Analyzer, id: unknown): Promise<void> => {
  const chosen = typeof id === 'string' ? id : await chooseRule(analyzer);
  if (chosen !== undefined) await commands.executeCommand('markdown.showPreview', ruleUri(chosen));
};

const chooseRule = async (analyzer: Analyzer): Promise<string | undefined> => {
  const rules = await analyzer.ruleCatalog();
  const items = rules.map(({ id, title, severity }) => ({ label: id, description: severity, detail: title }));
  return (await window.showQuickPick(items, { placeHolder: 'Rule to read about', matchOnDetail: true }))?.label;
};

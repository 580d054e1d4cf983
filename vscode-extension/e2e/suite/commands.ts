// Commands: reports, rules and scanning again.
import * as vscode from 'vscode';
import { assert, equal, open, ours, type Tests, until, waitForHover, waitForMarks } from './tools.ts';

export const commands: Tests = {
  async 'registers every command that package.json names'() {
    const extension = vscode.extensions.getExtension('importguard.importguard-vscode');
    const named = (extension?.packageJSON as { contributes: { commands: { command: string }[] } }).contributes.commands.map(({ command }) => command);
    const there = new Set(await vscode.commands.getCommands(true));
    const missing = named.filter((command) => !there.has(command));
    assert(named.length >= 6 && missing.length === 0, `missing commands: ${missing.join(', ')}`);
  },

  async 'shows the report of the package at the cursor as JSON'() {
    const document = await open('src/index.js');
    await waitForMarks(document, ['2:env-courier']);
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 0, 1, 0);
    await vscode.commands.executeCommand('importguard.showReport');
    const shown = vscode.window.activeTextEditor?.document;
    const report = JSON.parse(shown?.getText() ?? '') as { name: string; verdict: string };
    assert(report.name === 'env-courier' && report.verdict === 'block', `report of ${report.name}: ${report.verdict}`);
  },

  async 'scans the package at the cursor again'() {
    const document = await open('src/index.js');
    await waitForMarks(document, ['2:env-courier']);
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 0, 1, 0);
    await vscode.commands.executeCommand('importguard.rescan');
    await waitForMarks(document, ['2:env-courier']);
    await waitForHover(document, 'env-courier', /do not use/);
  },

  async 'offers at a marked import to read on, and to stop checking the package'() {
    const document = await open('src/index.js');
    await waitForMarks(document, ['2:env-courier']);
    const [mark] = ours(document.uri);
    assert(mark, 'there is a mark');
    const offered = await until(async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, mark.range, vscode.CodeActionKind.QuickFix.value);
      const found = actions.filter(({ title }) => title.includes('env-courier'));
      return found.length > 0 ? found : undefined;
    }, 'actions');
    equal(offered.map(({ title }) => title), ['Show the report of env-courier', 'Scan env-courier again', 'Do not check env-courier in this workspace'], 'actions');
    const { command } = offered[2] ?? {};
    assert(command, 'the last action has a command');
    await vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[]));
    await waitForMarks(document, []);
    await waitForHover(document, 'env-courier', /not checked/);
    await vscode.workspace.getConfiguration('importguard').update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    await waitForMarks(document, ['2:env-courier']);
  },

  async 'shows a rule in the Markdown preview'() {
    await vscode.commands.executeCommand('importguard.showRule', 'data-exfiltration');
    await until(() => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes('data-exfiltration'))), 'a tab with the rule');
  },
};

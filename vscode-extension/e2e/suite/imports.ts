// Squiggles: which places are marked, how, and with what to follow.
import * as vscode from 'vscode';
import { assert, configure, equal, inWorkspace, marked, open, ours, sleep, type Tests, until, waitForMarks } from './tools.ts';

export const imports: Tests = {
  async 'marks the name in every form of import, and nothing else'() {
    const document = await open('src/forms.js');
    await waitForMarks(document, ['1:env-courier', '2:@demo/courier', '3:@demo/courier/lib/extra.js', '4:env-courier', '10:env-courier', '11:env-courier']);
  },

  async 'marks imports in TSX, CommonJS and package.json'() {
    await waitForMarks(await open('src/view.tsx'), ['1:env-courier']);
    await waitForMarks(await open('src/common.cjs'), ['1:env-courier']);
    await waitForMarks(await open('package.json'), ['6:env-courier', '10:@demo/courier']);
  },

  async 'looks packages up from nested projects, through links too'() {
    await waitForMarks(await open('packages/app/src/deep.ts'), ['1:env-courier', '2:linked-courier']);
  },

  async 'says what, where and why, and leads to the rule'() {
    const document = await open('src/index.js');
    await waitForMarks(document, ['2:env-courier']);
    const [diagnostic] = ours(document.uri);
    assert(diagnostic, 'there is a diagnostic');
    equal(diagnostic.severity, vscode.DiagnosticSeverity.Error, 'severity');
    assert(/^Do not use env-courier@2\.3\.1: .+, when imported \[index\.js:\d+\]/.test(diagnostic.message), `message: ${diagnostic.message}`);
    const { code } = diagnostic;
    assert(typeof code === 'object' && code.value === 'data-exfiltration', `code: ${JSON.stringify(code)}`);
    const page = await vscode.workspace.openTextDocument(code.target);
    assert(page.getText().startsWith('# ') && page.getText().length > 200, `rule page: ${page.getText().slice(0, 80)}`);
    const steps = diagnostic.relatedInformation ?? [];
    assert(steps.length > 0, 'there are steps of evidence');
    for (const { location, message } of steps) {
      const source = await vscode.workspace.openTextDocument(location.uri);
      assert(source.uri.path.endsWith('/node_modules/env-courier/index.js'), `step in ${source.uri.path}`);
      assert(source.getText(location.range).length > 0 && message.length > 0, `step at ${JSON.stringify(location.range)}`);
    }
  },

  async 'follows the settings at once'() {
    const document = await open('src/index.js');
    await waitForMarks(document, ['2:env-courier']);
    await configure('exclude', ['env-*']);
    await waitForMarks(document, []);
    await configure('exclude', undefined);
    await waitForMarks(document, ['2:env-courier']);
    await configure('levels', { critical: 'warning' });
    await until(() => ours(document.uri)[0]?.severity === vscode.DiagnosticSeverity.Warning, 'a warning instead of an error');
    await configure('levels', undefined);
    await configure('enable', false);
    await waitForMarks(document, []);
    await configure('enable', undefined);
    await waitForMarks(document, ['2:env-courier']);
  },

  async 'leaves the files of installed packages alone'() {
    const document = await open('node_modules/env-courier/index.js');
    await sleep(800);
    equal(marked(document), [], 'marks inside a package');
    equal(ours(inWorkspace('node_modules/env-courier/package.json')), [], 'marks on its manifest');
  },
};

// Things change: the text while a scan runs, a package on disk, the size of a package.
import * as vscode from 'vscode';
import { COURIER } from '../courier.mjs';
import { assert, equal, inWorkspace, marked, open, ours, replaceAll, sleep, type Tests, until, waitForHover, waitForMarks, write } from './tools.ts';

export const changes: Tests = {
  async 'keeps up with edits while a scan runs, never marking a wrong place'() {
    const document = await open('src/scratch.js');
    const wrong: string[] = [];
    const listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (!uris.some((uri) => uri.toString() === document.uri.toString())) return;
      for (const mark of marked(document)) if (!/:(env-courier|@demo\/courier)$/.test(mark)) wrong.push(mark);
    });
    try {
      await replaceAll(document, "import slow from 'slow-package';\nimport a from 'env-courier';\n");
      await sleep(350);
      await replaceAll(document, "\n\nimport slow from 'slow-package';\nimport b from '@demo/courier';\n");
      await waitForMarks(document, ['4:@demo/courier']);
      await replaceAll(document, "// moved\nimport b from '@demo/courier';\n\nimport a from 'env-courier';\n");
      await waitForMarks(document, ['2:@demo/courier', '4:env-courier']);
      for (let step = 0; step < 10; step++) {
        await replaceAll(document, `${'\n'.repeat(step)}import a from 'env-courier';\n`);
        await sleep(60);
      }
      await waitForMarks(document, ['10:env-courier']);
      await replaceAll(document, '');
      await waitForMarks(document, []);
      equal(wrong, [], 'marks that did not lie on a name');
    } finally {
      listening.dispose();
    }
  },

  async 'is scanning, and says so, while a package is read'() {
    const document = await open('src/scratch.js');
    await replaceAll(document, "import slow from 'slow-package';\n");
    await waitForHover(document, "'slow-package", /scanning|nothing to object to/);
    await waitForHover(document, "'slow-package", /Scanned 301 files/);
  },

  async 'scans again when a package changes on disk'() {
    const document = await open('src/flip.js');
    await waitForHover(document, "'flipping", /nothing to object to/);
    const [code, manifest] = await Promise.all(['index.js', 'package.json'].map((name) => vscode.workspace.fs.readFile(inWorkspace(`node_modules/flipping/${name}`))));
    assert(code && manifest, 'the package is there');
    await write('node_modules/flipping/index.js', COURIER);
    await write('node_modules/flipping/package.json', '{ "name": "flipping", "version": "1.0.1", "main": "index.js" }');
    await waitForMarks(document, ['1:flipping']);
    assert(ours(document.uri)[0]?.message.includes('flipping@1.0.1'), 'the new version is named');
    await vscode.workspace.fs.writeFile(inWorkspace('node_modules/flipping/index.js'), code);
    await vscode.workspace.fs.writeFile(inWorkspace('node_modules/flipping/package.json'), manifest);
    await waitForMarks(document, []);
  },

  async 'notices a package that is installed while its import is open'() {
    const document = await open('src/scratch.js');
    await replaceAll(document, "import late from 'late-courier';\n");
    await waitForHover(document, 'late-courier', /not found/);
    await write('node_modules/late-courier/package.json', '{ "name": "late-courier", "version": "1.0.0" }');
    await write('node_modules/late-courier/index.js', COURIER);
    await write('package-lock.json', '{}');
    await waitForMarks(document, ['1:late-courier']);
    await vscode.workspace.fs.delete(inWorkspace('node_modules/late-courier'), { recursive: true });
    await write('package-lock.json', '{ }');
    await waitForMarks(document, []);
  },

  async 'reports a huge package as analysed in part'() {
    const document = await open('src/huge.js');
    await waitForMarks(document, ['1:huge-package']);
    const [diagnostic] = ours(document.uri);
    assert(diagnostic?.severity === vscode.DiagnosticSeverity.Hint && /analysed in part: 202 files/.test(diagnostic.message), `hint: ${diagnostic?.message}`);
    const hover = await waitForHover(document, 'huge-package', /Blind spots/);
    assert(/maxPackageFiles/.test(hover), `the hover names the setting: ${hover}`);
  },

  async 'forgets the marks of a file that is closed'() {
    const document = await vscode.workspace.openTextDocument(inWorkspace('src/common.cjs'));
    await vscode.window.showTextDocument(document);
    await waitForMarks(document, ['1:env-courier']);
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    await until(() => ours(document.uri).length === 0, 'the marks to go with the language');
  },
};

// The tests that run inside the extension host, in either kind of host.
import * as vscode from 'vscode';
import { changes } from './changes.ts';
import { commands } from './commands.ts';
import { hovers } from './hovers.ts';
import { imports } from './imports.ts';
import { equal, type Tests } from './tools.ts';

const first: Tests = {
  async 'runs in the host that was asked for'() {
    const extension = vscode.extensions.getExtension<{ host: string }>('importguard.importguard-vscode');
    const { host } = await (extension?.activate() ?? Promise.reject(new Error('the extension is not there')));
    equal(host, vscode.workspace.getConfiguration('importguardTest').get('host'), 'host');
    console.log(`host ${host}, VS Code ${vscode.version}`);
  },
};

/** Called by the workbench. */
export const run = async (): Promise<void> => {
  const tests = { ...first, ...imports, ...hovers, ...changes, ...commands };
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    const start = Date.now();
    try {
      await test();
      console.log(`ok   ${name} (${Date.now() - start} ms)`);
    } catch (error) {
      failed++;
      console.error(`FAIL ${name}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
  if (failed > 0) throw new Error(`${failed} tests failed`);
};

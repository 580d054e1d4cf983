// All runs in a real workbench: `node e2e/all.mjs [name…]`; without names, every run in turn.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { home, install } from './install.mjs';
import { look, lookUntrusted } from './look.mjs';
import { withWorkbench } from './workbench.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const tests = path.join(root, 'dist/e2e/suite.js');
const vsix = path.join(root, 'importguard.vsix');
export const shots = path.join(home, 'shots');

const suite = (host) => withWorkbench({ host, tests }, async ({ page, ended }) => {
  const code = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 240_000, 'no end within 240 s'))]);
  if (code === 0) return;
  await page.screenshot({ path: path.join(shots, `suite-${host}-failed.png`) });
  throw new Error(`the suite in the ${host} host failed (${code})`);
});

const RUNS = {
  'suite-node': () => suite('node'),
  'suite-web': () => suite('web'),
  'look-node': () => withWorkbench({ host: 'node' }, (workbench) => look(workbench, path.join(shots, 'node'))),
  'look-web': () => withWorkbench({ host: 'web' }, (workbench) => look(workbench, path.join(shots, 'web'))),
  'untrusted': () => withWorkbench({ host: 'node', trusted: false }, (workbench) => lookUntrusted(workbench, path.join(shots, 'untrusted'))),
  'vsix-node': () => withWorkbench({ host: 'node', vsix }, (workbench) => look(workbench, path.join(shots, 'vsix-node'))),
  'vsix-web': () => withWorkbench({ host: 'web', vsix }, (workbench) => look(workbench, path.join(shots, 'vsix-web'))),
};

const script = (name) => execFileSync('npm', ['run', '--silent', name], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in RUNS));
if (unknown.length > 0) throw new Error(`no run is called ${unknown.join(', ')}; there are ${Object.keys(RUNS).join(', ')}`);
install();
fs.mkdirSync(shots, { recursive: true });
if (!process.env.NO_BUILD) script('package');
script('build:e2e');
let failed = 0;
for (const name of chosen.length > 0 ? chosen : Object.keys(RUNS)) {
  const start = Date.now();
  try {
    await RUNS[name]();
    console.log(`PASS ${name} (${Date.now() - start} ms)`);
  } catch (error) {
    failed++;
    console.error(`FAIL ${name} (${Date.now() - start} ms)`, error);
  }
}
process.exit(failed === 0 ? 0 : 1);

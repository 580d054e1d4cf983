// Sets up a VS Code workbench and a browser driver in target/vscode-e2e; does nothing if they are there.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const home = path.resolve(here, '../../target/vscode-e2e');
export const vscode = path.join(home, 'node_modules/code-server/lib/vscode');

/** The first of these programs that is installed. */
const find = (names, variable) => {
  const given = process.env[variable];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const all = [...(given ? [given] : []), ...names.flatMap((name) => folders.map((folder) => path.join(folder, name)))];
  return all.find((file) => fs.existsSync(file));
};

/** The browser that shows the workbench. */
export const browser = () => {
  const found = find(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'], 'CHROMIUM');
  if (!found) throw new Error('no Chromium, Chrome or Edge was found: install one (on Debian: apt-get install chromium) or name its file in CHROMIUM');
  return found;
};

/** Idempotent, and quick when nothing changed. */
export const install = () => {
  const lock = fs.readFileSync(path.join(here, 'package-lock.json'));
  const stamp = path.join(home, '.installed');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return linkRipgrep();
  console.log('setting up a VS Code workbench for the tests (about half a minute)');
  fs.rmSync(stamp, { force: true });
  fs.mkdirSync(home, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) fs.copyFileSync(path.join(here, name), path.join(home, name));
  // No install script may run: the native parts would be downloaded or compiled, and none is needed.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  npm(['ci', ...options], home);
  npm(['install', '--omit=dev', ...options], vscode);
  npm(['install', '--omit=dev', ...options], path.join(vscode, 'extensions'));
  linkRipgrep();
  fs.writeFileSync(stamp, wanted);
};

const npm = (args, cwd) => {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
};

/** The workbench finds files with ripgrep, whose own package would download it. */
const linkRipgrep = () => {
  const rg = find(['rg'], 'RIPGREP');
  if (!rg) throw new Error('ripgrep was not found: install it (on Debian: apt-get install ripgrep) or name its file in RIPGREP');
  const link = path.join(vscode, 'node_modules/@vscode/ripgrep/bin/rg');
  if (fs.existsSync(link)) return;
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.rmSync(link, { force: true });
  fs.symlinkSync(rg, link);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) install();

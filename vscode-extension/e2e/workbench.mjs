// One workbench per run: a fresh server, a fresh browser profile, a fresh copy of the fixture; all gone afterwards.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFixture } from './fixture.mjs';
import { browser, home, vscode } from './install.mjs';

const extension = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const EXTENSION_ID = 'importguard.importguard-vscode';

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'typescript.disableAutomaticTypeAcquisition': true,
  'importguard.maxPackageFiles': 500,
};

/**
 * Opens the workbench on the fixture and gives the page to `use`; `host` is `node` or `web`.
 * With `tests` an in-host suite runs; with `vsix` the packed extension is installed instead of the folder.
 */
export const withWorkbench = async ({ host, vsix, tests, open = 'src/index.js', trusted = true }, use) => {
  const { chromium } = createRequire(path.join(home, 'package.json'))('playwright-core');
  const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'importguard-e2e-'));
  const folder = path.join(tmp, 'fixture');
  writeFixture(folder);
  fs.mkdirSync(path.join(tmp, 'user/User'), { recursive: true });
  fs.writeFileSync(path.join(tmp, 'user/User/settings.json'), JSON.stringify({
    ...SETTINGS,
    'security.workspace.trust.enabled': !trusted,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
    'importguardTest.host': host,
    ...(host === 'web' ? { 'remote.extensionKind': { [EXTENSION_ID]: ['web'] } } : {}),
  }));
  const server = startServer(tmp, vsix);
  let context;
  try {
    const port = await server.port;
    context = await chromium.launchPersistentContext(path.join(tmp, 'profile'), {
      executablePath: browser(),
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    const offsite = await keepInside(context);
    const page = context.pages()[0] ?? (await context.newPage());
    const { ended } = await listen(page);
    const remote = (file) => `vscode-remote://localhost:${port}${file}`;
    const payload = [
      ...(vsix ? [] : [['extensionDevelopmentPath', remote(extension)]]),
      tests ? ['extensionTestsPath', remote(tests)] : ['openFile', remote(path.join(folder, open))],
    ];
    await page.goto(`http://localhost:${port}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    await page.waitForSelector('.monaco-workbench', { timeout: 30_000 });
    await use({ page, ended, folder });
    // The workbench itself asks for its gallery; nothing else may.
    const strangers = [...offsite].filter((name) => name !== 'open-vsx.org');
    if (strangers.length > 0) throw new Error(`requests left the machine: ${strangers.join(', ')}`);
  } catch (error) {
    if (process.env.DEBUG) console.error(server.log().slice(-4000));
    throw error;
  } finally {
    await context?.close().catch(() => {});
    await server.stop();
    fs.rmSync(tmp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
};

const startServer = (tmp, vsix) => {
  const child = spawn(process.execPath, [
    'out/server-main.js', '--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms',
    '--telemetry-level', 'off', '--enable-smoke-test-driver', '--server-data-dir', tmp, '--user-data-dir', path.join(tmp, 'user'),
    '--extensions-dir', path.join(tmp, 'extensions'), ...(vsix ? ['--install-extension', path.resolve(vsix), '--start-server'] : []),
  ], { cwd: vscode, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let log = '';
  child.stderr.on('data', (chunk) => { log += chunk; });
  const port = new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      log += chunk;
      const found = /listening on (\d+)/.exec(log);
      if (found) resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`the server ended with code ${code}: ${log.slice(-1000)}`)));
    setTimeout(() => reject(new Error('the server did not start within 30 s')), 30_000).unref();
  });
  const stop = async () => {
    // The whole group: a hung extension host outlives its server otherwise.
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  };
  return { port, stop, log: () => log };
};

const keepInside = async (context) => {
  const offsite = new Set();
  const leaves = (url) => /^(https?|wss?):$/.test(url.protocol) && !/(^|\.)localhost$|^127\.0\.0\.1$/.test(url.hostname);
  await context.route(leaves, (route) => {
    offsite.add(new URL(route.request().url()).hostname);
    return route.abort();
  });
  return offsite;
};

/** VS Code's own hooks for automated windows: the test host's console, and how its run ended. */
const listen = async (page) => {
  let end;
  const ended = new Promise((resolve) => { end = resolve; });
  await page.exposeFunction('codeAutomationExit', (code) => end(code));
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    const text = String(args[0]);
    if (process.env.DEBUG || /^(ok|FAIL|host|\d+ passed)/.test(text)) console[type === 'error' ? 'error' : 'log'](text);
  });
  if (process.env.DEBUG) page.on('console', (message) => console.log('[page]', message.type(), message.text().slice(0, 400)));
  return { ended };
};

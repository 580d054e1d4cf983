// Tiny packages for the harness's own test: each does one thing that must be caught, all of it inert; and honest ones.

const actions = {
  environment: `process.env.HOME`,
  'environment, all': `Object.keys({ ...process.env })`,
  'environment, asked': `'HOME' in process.env`,
  'environment, written': `process.env.PURITY = '1'`,
  'files, read': `fs.readFileSync('/nowhere')`,
  'files, by promise': `fs.promises.readFile('/nowhere').catch(() => {})`,
  'files, written': `fs.writeFileSync('/nowhere/at/all', '')`,
  'files, passed on': `['/nowhere'].forEach(fs.existsSync)`,
  programs: `cp.execSync('true')`,
  'programs, spawned': `cp.spawn('true')`,
  network: `net.connect(1)`,
  http: `http.get('http://c.example.invalid/')`,
  https: `https.request('https://c.example.invalid/')`,
  http2: `http2.connect('https://c.example.invalid/')`,
  udp: `dgram.createSocket('udp4')`,
  tls: `tls.connect(1)`,
  names: `dns.lookup('c.example.invalid', () => {})`,
  system: `os.hostname()`,
  user: `os.userInfo()`,
  evaluate: `(0, eval)('1')`,
  function: `new Function('return 1')()`,
  'function, by constructor': `(() => 1).constructor('return 1')()`,
  'function, async': `(async () => 1).constructor('return 1')()`,
  'function, generator': `(function* () {}).constructor('yield 1')()`,
  'function, async generator': `(async function* () {}).constructor('yield 1')()`,
  'function, reflected': `Reflect.construct(Reflect.get(() => 1, 'constructor'), ['return 1'])`,
  virtual: `vm.runInNewContext('1')`,
  'timer with text': `setTimeout('1')`,
  assembly: `new WebAssembly.Module(new Uint8Array())`,
  fetch: `fetch('data:,x').catch(() => {})`,
  threads: `new threads.Worker('/nowhere')`,
  inspector: `inspector.open()`,
  heap: `v8.getHeapSnapshot()`,
  exit: `process.exit(1)`,
  kill: `process.kill(0, 0)`,
  folder: `process.chdir('/')`,
  binding: `process.binding('fs')`,
  crypto: `crypto.randomBytes(4)`,
  'crypto of the web': `globalThis.crypto.getRandomValues(new Uint8Array(4))`,
  'global set': `globalThis.purity = 1`,
  'prototype patched': `Array.prototype.purity = 1`,
  'prototype changed': `Object.setPrototypeOf(Array.prototype, null)`,
  'built-in replaced': `JSON.parse = () => 1`,
  'built-in module patched': `fs.purity = 1`,
  'hidden in a getter': `({ get x() { return process.env.HOME; } }).x`,
  'in a promise': `Promise.resolve().then(() => process.env.HOME)`,
};

const given = {
  'given away': `({ read: fs.readFileSync })`,
  'in a class': `class { constructor() { this.home = process.env.HOME; } }`,
  'in a class, method': `class { home() { return process.env.HOME; } }`,
  'as a text': `({ toString() { return process.env.HOME ?? ''; } })`,
  'as an iterator': `({ *[Symbol.iterator]() { yield process.env.HOME; } })`,
  'as a getter': `({ a: { get b() { return process.env.HOME; } } })`,
  'as a tag': `(parts) => (parts.raw ? process.env.HOME : 0)`,
  'behind a function': `() => () => process.env.HOME`,
  'behind a promise': `async () => ({ go() { return process.env.HOME; } })`,
  'for some arguments': `(x) => (x instanceof Map ? process.env.HOME : 0)`,
};

const modules = { fs: 'fs', cp: 'child_process', net: 'net', http: 'http', https: 'https', http2: 'http2', dgram: 'dgram', tls: 'tls', dns: 'dns', os: 'os', vm: 'vm', threads: 'worker_threads', inspector: 'inspector', v8: 'v8', crypto: 'crypto' };
const uses = (code, name) => new RegExp(`(?<!globalThis\\.)\\b${name}\\.`).test(code);
const heads = {
  esm: (code) => Object.entries(modules).filter(([name]) => uses(code, name)).map(([name, module]) => `import ${name} from 'node:${module}';\n`).join(''),
  cjs: (code) => Object.entries(modules).filter(([name]) => uses(code, name)).map(([name, module]) => `const ${name} = require('${module}');\n`).join(''),
};

function fixtures(kind) {
  const put = kind === 'esm' ? (value) => `export const run = ${value};\n` : (value) => `exports.run = ${value};\n`;
  const out = {};
  for (const [name, code] of Object.entries(actions)) {
    const id = name.replaceAll(/\W+/g, '-');
    out[`call-${id}`] = heads[kind](code) + put(`() => { return ${code}; }`);
  }
  for (const name of ['environment', 'files, read', 'global set', 'function, by constructor']) {
    out[`load-${name.replaceAll(/\W+/g, '-')}`] = `${heads[kind](actions[name])}try { ${actions[name]}; } catch {}\n${put('1')}`;
  }
  for (const [name, code] of Object.entries(given)) out[`given-${name.replaceAll(/\W+/g, '-')}`] = heads[kind](code) + put(code);
  if (kind === 'esm') {
    out['call-named-import'] = `import { readFileSync } from 'fs';\n${put(`() => readFileSync('/nowhere')`)}`;
    out['call-named-import-promises'] = `import { readFile } from 'fs/promises';\n${put(`() => readFile('/nowhere').catch(() => {})`)}`;
  } else {
    out['call-direct-eval'] = put(`() => eval('1')`);
    out['call-sloppy-this'] = put(`() => { (function () { this.purity = 1; })(); }`);
    out['load-native'] = `try { require('./x.node'); } catch {}\n${put('1')}`;
  }
  return out;
}

/** What the harness must catch. */
export const caught = { esm: fixtures('esm'), cjs: fixtures('cjs') };

/** What it must not. */
export const innocent = {
  esm: {
    arithmetic: `export const run = (a, b) => a + b;\n`,
    'harmless-modules': `import { join } from 'node:path';\nimport { format } from 'node:util';\nexport const run = (a) => join(String(a), format('%s', a));\n`,
    timers: `export const run = () => new Promise((done) => setTimeout(done, 1));\n`,
    state: `const seen = new Map();\nexport const run = (x) => (seen.set(x, 1), seen.size);\n`,
    throws: `export const run = () => { throw new TypeError('no'); };\n`,
  },
  cjs: {
    arithmetic: `exports.run = (a, b) => a + b;\n`,
    class: `exports.run = class { constructor(x) { this.x = x; } get() { return this.x; } };\n`,
    'typeof-process': `exports.run = () => typeof process === 'object' && typeof window === 'undefined';\n`,
  },
};

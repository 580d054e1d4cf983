// Writes the workspace that the tests work on: tiny packages that only look bad, none of which can do anything.
import fs from 'node:fs';
import path from 'node:path';
import { COURIER } from './courier.mjs';

const PURE = `module.exports = (text, length) => {
  let padded = String(text);
  while (padded.length < length) padded = ' ' + padded;
  return padded;
};
`;

const manifest = (name, more = {}) => `${JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...more }, null, 2)}\n`;

const slow = () => {
  const files = {};
  for (let index = 0; index < 300; index++) files[`lib/part-${index}.js`] = `exports.part${index} = (n) => n + ${index};\n`.repeat(20);
  return files;
};

const huge = () => {
  const files = { 'index.js': PURE };
  for (let index = 0; index < 700; index++) files[`data/table-${index}.js`] = `module.exports = ${index};\n`;
  return files;
};

const PACKAGES = {
  'quiet-pad': { 'package.json': manifest('quiet-pad'), 'index.js': PURE },
  'env-courier': { 'package.json': manifest('env-courier', { version: '2.3.1' }), 'index.js': COURIER },
  '@demo/courier': { 'package.json': manifest('@demo/courier', { main: 'lib/main.js' }), 'lib/main.js': COURIER, 'lib/extra.js': COURIER },
  'flipping': { 'package.json': manifest('flipping'), 'index.js': PURE },
  'slow-package': { 'package.json': manifest('slow-package', { main: 'lib/part-0.js' }), ...slow() },
  'huge-package': { 'package.json': manifest('huge-package'), ...huge() },
  // One export computes; another sends through a dependency, a third needs what is not installed.
  'parcel-kit': {
    'package.json': manifest('parcel-kit', { type: 'module', dependencies: { 'wire-box': '1.0.0' } }),
    'index.js': `import { request } from 'wire-box';
export const parse = (text) => text.split(',');
export function send(text) { return request(text); }
`,
    'lost.js': "import { gone } from 'not-installed';\nexport const find = (text) => gone(text);\n",
  },
  'wire-box': {
    'package.json': manifest('wire-box', { type: 'module' }),
    'index.js': "import https from 'https';\nexport function request(text) { return https.request('https://wire.example.invalid/' + text); }\n",
  },
  'broken-manifest': { 'package.json': '[1, 2', 'index.js': PURE },
};

const FORMS = `import first from 'env-courier';
import { second } from "@demo/courier";
import third from '@demo/courier/lib/extra.js';
export { fourth } from 'env-courier';
import pad from 'quiet-pad';
import fs from 'node:fs';
import path from 'path';
import missing from 'not-installed';
import { own } from './own.js';
const fifth = require('env-courier');
const sixth = import('env-courier');
// import commented from 'env-courier';
const text = "import quoted from 'env-courier'";
console.log(first, second, third, pad, fs, path, missing, own, fifth, sixth, text);
`;

const FILES = {
  'package.json': `${JSON.stringify({
    name: 'fixture',
    private: true,
    dependencies: { 'quiet-pad': '^1.0.0', 'env-courier': '^2.3.0', 'not-installed': '1.0.0' },
    devDependencies: { '@demo/courier': '1.0.0' },
  }, null, 2)}\n`,
  'src/index.js': `import pad from 'quiet-pad';
import courier from 'env-courier';
import { parse, send } from 'parcel-kit';

export const greet = (name) => courier(pad(parse(name)[0], 20));
export const deliver = (name) => send(greet(name));
`,
  'src/forms.js': FORMS,
  'src/own.js': 'export const own = 1;\n',
  'src/view.tsx': "import courier from 'env-courier';\nexport const View = (): JSX.Element => <p>{courier('hi')}</p>;\n",
  'src/common.cjs': "const courier = require('env-courier');\nmodule.exports = courier;\n",
  'src/scratch.js': '',
  'src/flip.js': "import flipping from 'flipping';\nconsole.log(flipping);\n",
  'src/huge.js': "import huge from 'huge-package';\nconsole.log(huge);\n",
  'src/broken.js': "import broken from 'broken-manifest';\nconsole.log(broken);\n",
  'src/effects.js': `import { parse } from 'parcel-kit';
import { send } from 'parcel-kit/index.js';
import { find } from 'parcel-kit/lost.js';
const kit = require('parcel-kit');
console.log(parse, send, find, kit);
`,
  'packages/app/src/deep.ts': "import courier from 'env-courier';\nimport linked from 'linked-courier';\nconsole.log(courier, linked);\n",
};

/** Writes the workspace into `folder`. */
export const writeFixture = (folder) => {
  const write = (file, text) => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  };
  for (const [file, text] of Object.entries(FILES)) write(file, text);
  for (const [name, files] of Object.entries(PACKAGES)) {
    for (const [file, text] of Object.entries(files ?? {})) write(`node_modules/${name}/${file}`, text);
  }
  // As pnpm lays packages out: the name is a link into a store.
  const store = 'packages/app/node_modules/.pnpm/linked-courier@1.0.0/node_modules/linked-courier';
  write(`${store}/package.json`, manifest('linked-courier'));
  write(`${store}/index.js`, COURIER);
  fs.symlinkSync('.pnpm/linked-courier@1.0.0/node_modules/linked-courier', path.join(folder, 'packages/app/node_modules/linked-courier'), 'dir');
};

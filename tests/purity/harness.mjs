// Runs in a child process under Node's permission model: watches everything that has a power, loads one package, uses
// what was proved pure of it in every way that it knows, and tells what was touched.
//
// It is copied beside the `node_modules` that it tests, so that its imports find them. A job comes as JSON by
// standard input; lines of JSON behind a mark go to standard output.
import fs from 'node:fs';
import Module, { createRequire, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const require = createRequire(import.meta.url);
const job = JSON.parse(fs.readFileSync(0, 'utf8'));
const { entries, aliases, modules } = job.tables;

// What is used after the built-ins are watched.
const writeSync = fs.writeSync;
const exit = process.exit.bind(process);
const now = performance.now.bind(performance);
const later = setTimeout;
const say = (message) => writeSync(1, `\u0001PURITY ${JSON.stringify(message)}\n`);

const touched = new Map();
let doing = 'harness';

/** Who called, as far as that matters: `node`, or the file. */
function caller() {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName() ?? (site.isNative() ? '' : site.getEvalOrigin() ?? ''));
  const files = new Error().stack;
  Error.stackTraceLimit = stackTraceLimit;
  if (prepareStackTrace === undefined) delete Error.prepareStackTrace;
  else Error.prepareStackTrace = prepareStackTrace;
  // The traps of this file are on top; if it is below them, too, it calls what a package gave it.
  let at = 0;
  while (at < files.length && (files[at] === import.meta.url || files[at] === self)) at++;
  const traps = at;
  while (at < files.length && files[at] === '') at++;
  if (at === files.length) return 'nobody known';
  return files[at].startsWith('node:') && at === traps ? 'node' : files[at];
}

let watching = false;
/** Whether it is the package that does this; then it is noted, and not done. */
function touch(what) {
  if (!watching) return false;
  watching = false;
  const by = caller();
  watching = true;
  if (by === 'node') return false;
  const key = `${doing}: ${what}`;
  if (!touched.has(key)) touched.set(key, by);
  return true;
}

class Touched extends Error {}
function watch(what, target) {
  return new Proxy(target, {
    apply(f, self, args) {
      if (touch(what)) throw new Touched(what);
      return Reflect.apply(f, self, args);
    },
    construct(f, args, made) {
      if (touch(what)) throw new Touched(what);
      return Reflect.construct(f, args, made);
    },
  });
}

const canonical = (path) => {
  for (let times = 0; times < 4; times++) {
    if (aliases[path]) {
      path = aliases[path];
      continue;
    }
    const at = path.lastIndexOf('.');
    const above = at > 0 && aliases[path.slice(0, at)];
    if (!above) break;
    path = above + path.slice(at);
  }
  return path;
};

/** The table's entry of a path, or the default of the nearest path above. */
function entry(path) {
  path = canonical(path);
  if (Object.hasOwn(entries, path)) return entries[path];
  for (let at = path.lastIndexOf('.'); at > 0; at = path.lastIndexOf('.', at - 1)) {
    const above = `${path.slice(0, at)}.*`;
    if (Object.hasOwn(entries, above)) return entries[above];
  }
  return undefined;
}

let watched = 0;
function replace(holder, key, value) {
  const old = Object.getOwnPropertyDescriptor(holder, key);
  if (!old || (!old.configurable && !old.writable)) return;
  const changed = 'value' in old ? { ...old, value } : { configurable: true, enumerable: old.enumerable, writable: true, value };
  try {
    Object.defineProperty(holder, key, changed);
    watched++;
  } catch {
    say({ unwatched: String(key) });
  }
}

function members(path, object, depth) {
  for (const key of Object.getOwnPropertyNames(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (key === 'prototype' || key === 'default' || key === 'constructor') continue;
    const inner = `${path}.${key}`;
    const known = entry(inner);
    let value;
    try {
      value = 'value' in descriptor ? descriptor.value : depth > 0 && key === 'promises' ? object[key] : undefined;
    } catch {
      continue;
    }
    if (typeof value === 'function' && known?.powers.length > 0) replace(object, key, watch(inner, value));
    else if (value && typeof value === 'object' && depth > 0 && !Array.isArray(value)) {
      const proto = Object.getPrototypeOf(value);
      if (proto === Object.prototype || proto === null || key === 'promises') members(inner, value, depth - 1);
    }
  }
}

function watchModules() {
  for (const [specifier, path] of Object.entries(modules)) {
    if (path.includes('.') && !path.endsWith('.promises')) continue;
    if (!Module.isBuiltin(specifier) || specifier === 'process') continue;
    let exported;
    try {
      exported = require(specifier);
    } catch {
      continue;
    }
    const known = entry(path);
    members(path, exported, 1);
    if (typeof exported === 'function' && known?.powers.length > 0) say({ unwatched: path });
  }
  const native = Module._extensions['.node'];
  Module._extensions['.node'] = (...args) => {
    touched.set(`${doing}: native code`, args[1]);
    return native(...args);
  };
}

function watchProcess() {
  members('process', process, 1);
  const trap = (what, f) => (target, key, ...rest) => {
    if (touch(`process.env ${what} ${typeof key === 'string' ? key : ''}`)) return f === 'get' ? undefined : Reflect[f](target, key, ...rest);
    return Reflect[f](target, key, ...rest);
  };
  const traps = {};
  for (const f of ['get', 'set', 'has', 'ownKeys', 'deleteProperty', 'defineProperty', 'getOwnPropertyDescriptor']) traps[f] = trap(f, f);
  replace(process, 'env', new Proxy(process.env, traps));
}

function watchGlobals() {
  for (const key of Object.getOwnPropertyNames(globalThis)) {
    const known = entry(key);
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, key);
    if (['process', 'global', 'globalThis', 'Buffer', 'console', 'Function', 'Reflect', 'Object'].includes(key)) continue;
    if (known?.read && known.powers.length > 0) {
      if (!descriptor.configurable) continue;
      const old = descriptor.get ?? (() => descriptor.value);
      Object.defineProperty(globalThis, key, {
        ...('value' in descriptor ? { configurable: true, enumerable: descriptor.enumerable } : descriptor),
        get() {
          touch(key);
          return old.call(globalThis);
        },
      });
      watched++;
      continue;
    }
    const value = descriptor.value ?? (['crypto'].includes(key) ? globalThis[key] : undefined);
    if (typeof value === 'function' && known?.powers.length > 0) replace(globalThis, key, watch(key, value));
    if (value && (typeof value === 'object' || typeof value === 'function')) {
      if (Object.keys(entries).some((path) => path.startsWith(`${key}.`))) members(key, value, 1);
      const proto = Object.getPrototypeOf(value);
      if (key === 'crypto') members(key, proto, 0);
    }
  }
  if (globalThis.crypto?.subtle) members('crypto.subtle', Object.getPrototypeOf(globalThis.crypto.subtle), 0);
  const kinds = [function () {}, async function () {}, function* () {}, async function* () {}];
  for (const kind of kinds) {
    const proto = Object.getPrototypeOf(kind);
    const made = watch('Function', proto.constructor);
    if (proto === Function.prototype) replace(globalThis, 'Function', made);
    replace(proto, 'constructor', made);
  }
  for (const key of ['setTimeout', 'setInterval', 'setImmediate']) {
    const old = globalThis[key];
    replace(
      globalThis,
      key,
      new Proxy(old, {
        apply(f, self, args) {
          if (typeof args[0] === 'string' && touch(`${key} with text`)) throw new Touched(key);
          const timer = Reflect.apply(f, self, args);
          if (watching) timer?.unref?.();
          return timer;
        },
      }),
    );
  }
}

/** Everything that is shared by all code, and what it has. */
function shared() {
  // Some globals of Node are made, and put in their own places, when they are first asked for.
  for (const key of Object.getOwnPropertyNames(globalThis)) void globalThis[key];
  const out = new Map();
  const queue = [['globalThis', globalThis]];
  const skip = new Set([process, console]);
  for (const f of [function* () {}, async function* () {}, async () => {}]) queue.push([f.constructor.name, Object.getPrototypeOf(f)]);
  for (const i of [[][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g)]) queue.push(['iterator', Object.getPrototypeOf(i)]);
  for (const specifier of Object.keys(modules)) {
    if (!Module.isBuiltin(specifier) || ['process', 'module'].includes(specifier)) continue;
    try {
      const exported = require(specifier);
      // Some members are made when they are first asked for.
      for (const key of Object.keys(exported)) void exported[key];
      if (exported && typeof exported === 'object') out.set(exported, [specifier, descriptors(exported)]);
    } catch {}
  }
  while (queue.length > 0) {
    const [path, object] = queue.pop();
    if (object === null || (typeof object !== 'object' && typeof object !== 'function') || out.has(object) || skip.has(object)) continue;
    const own = descriptors(object);
    out.set(object, [path, own]);
    queue.push([`${path}.__proto__`, own.proto]);
    for (const [key, { value, get, set }] of own.keys) for (const one of [value, get, set]) queue.push([`${path}.${String(key)}`, one]);
  }
  return out;
}

function descriptors(object) {
  const keys = new Map();
  for (const key of Reflect.ownKeys(object)) keys.set(key, Object.getOwnPropertyDescriptor(object, key));
  return { keys, proto: Object.getPrototypeOf(object) };
}

function changes(before) {
  const out = [];
  for (const [object, [path, old]] of before) {
    const own = descriptors(object);
    if (own.proto !== old.proto) out.push(`prototype of ${path}`);
    for (const key of new Set([...old.keys.keys(), ...own.keys.keys()])) {
      const [a, b] = [old.keys.get(key), own.keys.get(key)];
      if (!a || !b || !Object.is(a.value, b.value) || a.get !== b.get || a.set !== b.set) out.push(`${path}.${String(key)}`);
    }
  }
  return out;
}

const builtIn = new WeakSet();

// What calls are given. Each is made anew, so that what one call does to it does not matter to the next.
const samples = [
  () => [],
  () => ['text'],
  () => [42],
  () => [[3, 1, 2]],
  () => [{ a: 1, b: [2] }],
  () => [(x) => x],
  () => [/a(b)/g],
  () => [new Date(0)],
  () => [new Map([[1, 2]])],
  () => [new Set([1])],
  () => [null],
  () => [true],
  () => [10n],
  () => [new Uint8Array([1, 2, 3])],
  () => [Symbol('s')],
  () => ['a-b c', 'b'],
  () => ['text', 3],
  () => [3, 'text'],
  () => [{ a: 1 }, { b: { c: 2 } }],
  () => [[1, 2, 3], (x) => x],
  () => [(x) => x, [1, 2, 3]],
  () => [(a, b) => a - b, 3],
  () => ['text', { a: 1 }],
  () => [new Date(0), 2],
  () => [new Date(0), 'yyyy-MM-dd'],
  () => ['a', 'b', 'c'],
  () => [{ a: 1 }, 'a', (x) => x],
  () => [[{ a: 1 }], 'a', 2],
  () => ['# a=b; c=d\n[x]\ny = "z"', {}],
  () => ['{"a":[1,null,"x"]}'],
];

let deadline = 0;
let calls = 0;
const over = () => now() > deadline || calls > 6000;

async function attempt(action) {
  if (over()) return undefined;
  calls++;
  try {
    const result = action();
    if (result && typeof result === 'object' && typeof result.then === 'function') {
      return await Promise.race([Promise.resolve(result).catch(() => {}), new Promise((done) => later(done, 20))]);
    }
    return result;
  } catch {
    return undefined;
  }
}

/** Uses a value in all the ways that somebody who has it can. */
async function use(value, holder, depth, seen) {
  if (over() || value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
  if (seen.has(value) || builtIn.has(value)) return;
  seen.add(value);
  for (const turn of [(x) => String(x), (x) => JSON.stringify(x), (x) => x + '', (x) => +x, (x) => 1 instanceof x, (x) => Object.entries(x)]) await attempt(() => turn(value));
  if (typeof value === 'function') {
    const few = depth < 2 ? samples.filter((_, index) => index % 3 === 0) : samples;
    for (const sample of few) {
      const result = await attempt(() => Reflect.apply(value, holder ?? {}, sample()));
      if (depth > 0) await use(result, undefined, depth - 1, seen);
    }
    for (const sample of few.slice(0, depth > 1 ? 12 : 4)) {
      const made = await attempt(() => Reflect.construct(value, sample()));
      if (depth > 0) await use(made, undefined, depth - 1, seen);
    }
    await attempt(() => value`a${1}b`);
  }
  for (const symbol of [Symbol.iterator, Symbol.asyncIterator]) {
    const items = await attempt(() => value[symbol]?.());
    for (let count = 0; items && count < 30 && !over(); count++) {
      const step = await attempt(() => items.next());
      if (!step || step.done) break;
      if (depth > 0) await use(step.value, undefined, depth - 1, seen);
    }
  }
  if (depth === 0) return;
  const names = new Set();
  for (let at = value; at && !builtIn.has(at); at = Object.getPrototypeOf(at)) for (const key of Reflect.ownKeys(at)) names.add(key);
  for (const name of [...names].slice(0, 200)) {
    if (name === 'constructor' || name === 'caller' || name === 'callee' || name === 'arguments') continue;
    const member = await attempt(() => value[name]);
    await use(member, value, depth - 1, seen);
  }
}

const failed = (error) => say({ failed: doing, why: String(error?.message ?? error).split('\n')[0] });
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});

watchModules();
watchProcess();
watchGlobals();
syncBuiltinESMExports();
const before = shared();
for (const object of before.keys()) builtIn.add(object);
say({ watched });

/** Notes what is changed of what all code shares, once. */
const known = new Set();
function compare() {
  for (const change of changes(before)) {
    if (!known.has(change)) touched.set(`${doing}: global-mutation ${change}`, '');
    known.add(change);
  }
}

for (const { specifier, exports } of job.subpaths) {
  const forms = [];
  for (const [how, load] of [
    ['import', () => import(specifier)],
    ['require', () => require(specifier)],
  ]) {
    doing = `${specifier} (${how})`;
    if (job.skip.includes(doing)) continue;
    say({ start: doing });
    watching = true;
    try {
      forms.push([how, await load()]);
    } catch (error) {
      watching = false;
      failed(error);
    }
    watching = false;
    if (job.subpaths.length < 200) compare();
  }
  for (const name of exports) {
    for (const [how, module] of forms) {
      doing = `${specifier}#${name} (${how})`;
      if (job.skip.includes(doing)) continue;
      const has = module !== null && (typeof module === 'object' || typeof module === 'function');
      let value = has ? module[name] : undefined;
      if (name === 'default' || name === '*') value = (how === 'require' || value === undefined) ? (has && module.default) || module : value;
      if (value === undefined) {
        say({ absent: doing });
        continue;
      }
      say({ start: doing });
      deadline = now() + job.milliseconds;
      calls = 0;
      watching = true;
      await use(value, has ? module : {}, 3, new Set());
      watching = false;
      if (job.subpaths.length < 200) compare();
      say({ used: doing, calls });
    }
  }
}
doing = 'afterwards';
watching = true;
await new Promise((done) => later(done, 30));
watching = false;
compare();
say({ touched: [...touched].map(([what, by]) => `${what}${by && ` by ${by}`}`), done: true });
exit(0);

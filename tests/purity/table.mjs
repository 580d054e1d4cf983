// Which APIs have powers, read from the analyser's own tables, so that the harness watches exactly what a proof rules out.
import { readFileSync } from 'node:fs';

const folder = new URL('../../src/facts/capability/', import.meta.url);

const lines = (name) =>
  readFileSync(new URL(name, folder), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));

/** `{ entries: { path: powers }, aliases: { path: path }, modules: { name: path } }` */
export function readTables() {
  const entries = {};
  const aliases = {};
  for (const name of ['node.txt', 'web.txt']) {
    for (const line of lines(name)) {
      const alias = /^(\S+) = (\S+)$/.exec(line);
      if (alias) {
        aliases[alias[1]] = alias[2];
        continue;
      }
      const [path, powers, ...rest] = line.split(' ');
      if (path.endsWith('=')) continue;
      entries[path] = { powers: powers === '-' ? [] : powers.split(','), read: rest.includes('@read') };
    }
  }
  const modules = {};
  for (const line of lines('names.txt')) {
    const [kind, ...names] = line.split(' ');
    if (kind !== 'module' && kind !== 'scheme') continue;
    for (const name of names) {
      const [specifier, path] = name.split('=');
      modules[kind === 'scheme' ? `node:${specifier}` : specifier] = path ?? specifier.replace(/^node:/, '');
    }
  }
  return { entries, aliases, modules };
}

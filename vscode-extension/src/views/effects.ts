// What the imported names do, through dependencies, as the Markdown of a hover.
import type { Answer, Told } from '../effects.ts';
import { REACH_WORDS } from '../assess.ts';
import type { Effect, EffectReason, ImportSite, Range, SubpathEffects } from '../report.ts';
import { NOT_AT_HAND, POWERS } from './hover.ts';
import { code, count, markdown, prose } from './text.ts';

/** The address of a place in a package (`name@version`; the imported one if none is named), if it can be opened. */
export type LinkInto = (title: string | undefined, file: string, range: Range) => string | undefined;

const MOST_NAMES = 6;
const MOST_REASONS = 3;
const MOST_STEPS = 6;

/** The subpath as `exports` writes it. */
export const subpathOf = ({ subpath }: Pick<ImportSite, 'subpath'>): string => (subpath === '' ? '.' : `./${subpath}`);

/** Whether there is something to say about this site: a dependency of a manifest imports nothing by itself. */
export const imports = ({ kind }: Pick<ImportSite, 'kind'>): boolean => kind !== 'dependency' && kind !== 'resolve';

export const renderEffects = (site: Pick<ImportSite, 'names' | 'specifier'>, answer: Answer, link: LinkInto): string => {
  if (answer.state === 'looking') {
    return `**What is imported here**: still looking into ${count(answer.packages, 'package')} that it needs; hover again in a moment`;
  }
  if (answer.state === 'failed') return `**What is imported here** cannot be told: ${markdown(answer.message)}`;
  const subpath = answer.report?.subpaths[0];
  if (!subpath) return `**What is imported here** cannot be told: the package cannot be imported as ${code(site.specifier)}`;
  const context: Context = { link, told: answer };
  const names = [...new Set(site.names)];
  const lines = names.slice(0, MOST_NAMES).map((name) => named(subpath, name, context));
  if (names.length > MOST_NAMES) lines.push(`- and ${count(names.length - MOST_NAMES, 'more name')}`);
  if (names.length === 0) lines.push(entry('importing it', subpath.import, context));
  const cut = answer.cutAt === undefined ? [] : [`It depends on more packages than the ${count(answer.cutAt, 'package')} that were looked into; what the others do is not known.`];
  return ['**What is imported here**', lines.join('\n'), ...cut].join('\n\n');
};

interface Context {
  link: LinkInto;
  told: Told;
}

const named = (subpath: SubpathEffects, name: string, context: Context): string => {
  const found = subpath.exports.find((one) => one.name === name);
  if (found && name !== '*') return entry(code(name, 60), found.effect, context);
  // The default import of a CommonJS module is all that it exports.
  if (name === '*' || name === 'default') return entry(name === '*' ? 'all of it' : code(name), whole(subpath), context, tally(subpath));
  if (subpath.open) return entry(code(name, 60), whole(subpath), context);
  return `- ${code(name, 60)}: not among what its code exports; a type, or a mistake`;
};

/** The effect of whatever a subpath exports. */
export const whole = ({ import: importing, exports, open }: SubpathEffects): Effect => {
  const all = [importing, ...exports.map(({ effect }) => effect)];
  const powers = new Map<string, EffectReason>();
  for (const reason of all.flatMap(({ kind, reasons }) => (kind === 'effects' ? reasons : []))) {
    const power = powerOf(reason);
    if (!powers.has(power)) powers.set(power, reason);
  }
  if (powers.size > 0) return { kind: 'effects', reasons: [...powers.values()] };
  const unknown = all.find(({ kind }) => kind === 'unknown');
  if (unknown) return { kind: 'unknown', reasons: unknown.reasons };
  // The one export `*` stands for everything; else there may be exports that nobody looked at.
  return open && !exports.some(({ name }) => name === '*') ? { kind: 'unknown', reasons: [] } : { kind: 'pure', reasons: [] };
};

const tally = ({ exports, open }: SubpathEffects): string => {
  const pure = exports.filter(({ effect }) => effect.kind === 'pure').length;
  if (exports.length < 2 || pure === exports.length) return '';
  return `; ${pure} of ${exports.length.toLocaleString('en')}${open ? ' or more' : ''} exports ${pure === 1 ? 'is' : 'are'} pure`;
};

const entry = (what: string, effect: Effect, context: Context, note = ''): string => {
  const { kind, reasons } = effect;
  if (kind === 'pure') return `- ${what}: **pure**, proved to use no power`;
  const shown = reasons.slice(0, MOST_REASONS).map((one) => `\n  - ${reason(one, what, context)}`).join('');
  const more = reasons.length > MOST_REASONS ? `\n  - and ${count(reasons.length - MOST_REASONS, 'more reason')}` : '';
  if (kind === 'unknown') return `- ${what}: **cannot be told**${reasons.length === 0 ? ', it may export more than its code tells' : ''}${note}${shown}${more}`;
  const powers = [...new Set(reasons.map(powerOf))].map((power) => `**${markdown(power, 40)}**`).join(', ');
  return `- ${what} can use ${powers}${note}${shown}${more}`;
};

/** The analyser's messages begin with the power: `network through …`. */
const powerOf = ({ message }: EffectReason): string => {
  const [word = ''] = message.split(' ');
  return Object.hasOwn(POWERS, word) ? word : message;
};

const reason = (one: EffectReason, what: string, { link, told }: Context): string => {
  const { package: title, file, range, reach } = one;
  const text = markdown(`${title === undefined ? '' : `${title}/`}${file}:${range.start.line + 1}`, 100);
  const address = link(title, file, range);
  const when = reach === undefined || reach === 'unreached' ? '' : `, ${REACH_WORDS[reach]}`;
  return `${prose(worded(one.message, told))}${when}, in ${address === undefined ? text : `[${text}](${address})`}${way(one, what)}`;
};

/** The analyser knows only what it was given; here it is known why something was not. */
const worded = (message: string, { unreadable, cutAt }: Told): string => {
  const name = NOT_AT_HAND.exec(message)?.[1];
  if (name === undefined) return message;
  if (unreadable.has(name)) return `imports \`${name}\`, which could not be read`;
  return cutAt === undefined ? `imports \`${name}\`, which is not installed` : `imports \`${name}\`, which was not looked into`;
};

/** The named statements and the packages that lead to a place, the imported one left out. */
const way = ({ path = [], package: end }: EffectReason, what: string): string => {
  const first = path[0]?.package;
  const steps: string[] = [];
  let within = first;
  for (const step of path) {
    if (step.package !== within) {
      within = step.package;
      steps.push(markdown(step.package, 80));
    }
    if (step.name !== '') steps.push(code(step.name, 60));
  }
  const distinct = steps.filter((step, index) => step !== steps[index - 1]);
  const [only] = distinct;
  // The export itself, or the package of the place: both are said already.
  if (only === undefined || (distinct.length === 1 && (only === what || (end !== undefined && only === markdown(end, 80))))) return '';
  const left = distinct.length - MOST_STEPS;
  if (left > 0) distinct.splice(2, left + 1, `${left + 1} more`);
  return `, through ${distinct.join(' → ')}`;
};

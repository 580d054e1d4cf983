// A package's report as the Markdown of a hover: the verdict first, then why, then what it can do.
import { findingsByStrength, REACH_WORDS, whenOf } from '../assess.ts';
import type { Capability, CapabilityUse, Finding, IssueKind, PackageReport, Range, Reach } from '../report.ts';
import { code, count, markdown, prose, sentence, size } from './text.ts';

/** The address of a place in the package, if it can be opened. */
export type Link = (file: string, range: Range) => string | undefined;

/** In words, what can do most harm first. */
export const POWERS: Record<Capability, string> = {
  'process-exec': 'starts programs',
  'dynamic-code': 'runs text as code',
  'native': 'loads native code',
  'network': 'opens connections',
  'dns': 'looks up names of hosts',
  'fs-write': 'writes or deletes files',
  'fs-read': 'reads files',
  'env': 'reads environment variables',
  'system-info': 'reads facts about the machine or user',
  'wallet': 'talks to a wallet in the page',
  'clipboard': 'uses the clipboard',
  'storage': 'uses cookies or browser storage',
  'device': 'uses camera, location or other devices',
  'global-mutation': 'changes built-ins, globals or the module loader',
  'process-control': 'ends or alters the running process',
  'dynamic-import': 'imports what is only known at run time',
  'worker': 'starts threads or workers',
  'wasm': 'runs WebAssembly',
  'dom': 'reads or changes the page',
  'crypto': 'uses cryptography',
};

const VERDICTS = { block: 'do not use', review: 'review before use', pass: 'nothing to object to' };
/** With files that nobody saw, nothing is proved of the whole. */
export const UNSEEN: ReadonlySet<string> = new Set<IssueKind>(['archive', 'unreadable', 'limit', 'crashed']);

const MOST_FINDINGS = 5;
const MOST_PLACES = 2;
const MOST_DETAILS = 4;
const MOST_ISSUES = 4;

export const renderReport = (report: PackageReport, link: Link): string =>
  [heading(report), findings(report, link), effect(report, link), issues(report), footer(report)].filter(Boolean).join('\n\n');

const heading = ({ name, version, verdict, findings }: PackageReport): string =>
  `**${markdown(name || 'unnamed package', 80)}** ${markdown(version, 40)}: **${VERDICTS[verdict]}**${verdict === 'pass' && findings.length > 0 ? ', with remarks' : ''}`;

const findings = (report: PackageReport, link: Link): string => {
  const all = findingsByStrength(report);
  const lines = all.slice(0, MOST_FINDINGS).map((each) => finding(each, link));
  if (all.length > MOST_FINDINGS) lines.push(`- and ${count(all.length - MOST_FINDINGS, 'more finding')}`);
  return lines.join('\n');
};

const finding = ({ severity, message, file, range, reach, rule, help }: Finding, link: Link): string =>
  `- **${severity}**: ${prose(message)}${whenOf({ message, reach })}, in ${at(file, range, link)} (${markdown(rule)})  \n  ${prose(sentence(help))}`;

const effect = (report: PackageReport, link: Link): string => {
  const { kind, reasons } = report.effect;
  if (kind === 'pure') {
    return report.issues.some((issue) => UNSEEN.has(issue.kind))
      ? '**No effects** in what could be read.'
      : '**Pure**: proved to touch nothing outside its own values.';
  }
  const imported = reasons.map(({ message }) => NOT_AT_HAND.exec(message)?.[1]);
  const unknown = kind !== 'unknown' ? [] : reasons.length > 0 && reasons.length < MOST_TOLD && imported.every((name) => name !== undefined)
    ? [elsewhere([...new Set(imported as string[])])]
    : [`**Effect unknown**: ${reasons.slice(0, 2).map((reason) => `${prose(reason.message, 120)} ${at(reason.file, reason.range, link)}`).join('; ')}${reasons.length > 2 ? ` and ${count(reasons.length - 2, 'more place')}` : ''}`];
  const groups = capabilityGroups(report.capabilities);
  const powers = groups.map((group) => `- **${POWERS[group.capability]}** (${group.capability}) ${REACH_WORDS[group.reach]}${details(group)}: ${places(group, link)}`);
  return [...unknown, ...(powers.length > 0 ? [`**What it does**\n\n${powers.join('\n')}`] : [])].join('\n\n');
};

/** A package is scanned alone; what it imports is followed for the names that a file imports of it. */
export const NOT_AT_HAND = /^imports `([^`]+)`, which is not at hand$/;
/** The analyser lists no more reasons than this; among those that are left out may be others. */
const MOST_TOLD = 20;

const elsewhere = (names: string[]): string => {
  const shown = names.slice(0, MOST_DETAILS).map((name) => code(name, 60)).join(', ');
  return `**Uses no power itself**; what it does through other packages is not part of this: it imports ${shown}${names.length > MOST_DETAILS ? ` and ${names.length - MOST_DETAILS} more` : ''}`;
};

export interface CapabilityGroup {
  capability: Capability;
  reach: Reach;
  uses: CapabilityUse[];
}

const REACHES: readonly Reach[] = ['install', 'import', 'call', 'unreached'];

/** One group per power, at its most immediate reach; uses that nothing reaches are left out. What happens at installation comes first. */
export const capabilityGroups = (uses: readonly CapabilityUse[]): CapabilityGroup[] => {
  const groups = new Map<Capability, CapabilityGroup>();
  for (const use of uses) {
    if (use.reach === 'unreached') continue;
    const group = groups.get(use.capability);
    if (!group) groups.set(use.capability, { capability: use.capability, reach: use.reach, uses: [use] });
    else {
      group.uses.push(use);
      if (REACHES.indexOf(use.reach) < REACHES.indexOf(group.reach)) group.reach = use.reach;
    }
  }
  const sorted = [...groups.values()];
  for (const { uses } of sorted) uses.sort((a, b) => REACHES.indexOf(a.reach) - REACHES.indexOf(b.reach));
  const harm = Object.keys(POWERS);
  const rank = ({ reach, capability }: CapabilityGroup): number => (reach === 'install' ? 0 : harm.length) + harm.indexOf(capability);
  return sorted.sort((a, b) => rank(a) - rank(b));
};

/** Hosts, paths, commands and variables, as far as they are known. */
const details = ({ uses }: CapabilityGroup): string => {
  const known = new Set(uses.flatMap(({ hosts = [], paths = [], commands = [], variables = [] }) => [...hosts, ...paths, ...commands, ...variables]));
  if (known.size === 0) return '';
  const shown = [...known].slice(0, MOST_DETAILS).map((each) => (each === '*' ? 'all variables' : code(each, 60))).join(', ');
  return `, ${shown}${known.size > MOST_DETAILS ? ` and ${known.size - MOST_DETAILS} more` : ''}`;
};

/** Each call of a line once. */
const places = ({ uses }: CapabilityGroup, link: Link): string => {
  const distinct = [...new Map(uses.map((use) => [`${use.api}\n${use.file}\n${use.range.start.line}`, use])).values()];
  const shown = distinct.slice(0, MOST_PLACES).map(({ api, file, range }) => `${code(api, 60)} ${at(file, range, link)}`).join(', ');
  return distinct.length > MOST_PLACES ? `${shown} and ${count(distinct.length - MOST_PLACES, 'more place')}` : shown;
};

const at = (file: string, range: Range, link: Link): string => {
  const text = markdown(`${file}:${range.start.line + 1}`, 80);
  const address = link(file, range);
  return address === undefined ? text : `[${text}](${address})`;
};

const issues = ({ issues: all }: PackageReport): string => {
  if (all.length === 0) return '';
  const lines = all.slice(0, MOST_ISSUES).map(({ file, message }) => `- ${file === '' ? '' : `${markdown(file, 80)}: `}${prose(message, 160)}`);
  if (all.length > MOST_ISSUES) lines.push(`- and ${count(all.length - MOST_ISSUES, 'more blind spot')}`);
  return `**Blind spots**\n\n${lines.join('\n')}`;
};

const footer = ({ stats }: PackageReport): string => `Scanned ${count(stats.files, 'file')}, ${size(stats.bytes)}`;

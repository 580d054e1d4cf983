// What a report means for the import line: which finding to show, how strongly, in which words.
import { type Config, type Level, SEVERITIES } from './config.ts';
import type { Finding, PackageReport, Reach } from './report.ts';
import { plain } from './views/text.ts';

/** The one thing to say at an import. */
export interface Statement {
  level: Exclude<Level, 'none'>;
  finding: Finding;
  /** Further findings that would have been shown alone. */
  more: number;
}

const CONFIDENCES = ['low', 'medium', 'high'];
const REACHES: readonly Reach[] = ['unreached', 'call', 'import', 'install'];

/** Findings nobody silenced, strongest first. */
export const findingsByStrength = (report: PackageReport): Finding[] =>
  report.findings
    .filter((finding) => !finding.suppressed)
    .sort((a, b) => rank(SEVERITIES, b.severity) - rank(SEVERITIES, a.severity)
      || rank(CONFIDENCES, b.confidence) - rank(CONFIDENCES, a.confidence)
      || rank(REACHES, b.reach) - rank(REACHES, a.reach));

export const assess = (report: PackageReport, config: Pick<Config, 'levels' | 'minSeverity'>): Statement | undefined => {
  const shown = findingsByStrength(report).filter(({ severity }) =>
    rank(SEVERITIES, severity) >= rank(SEVERITIES, config.minSeverity) && config.levels[severity] !== 'none');
  const [finding] = shown;
  if (!finding) return undefined;
  return { finding, more: shown.length - 1, level: config.levels[finding.severity] as Statement['level'] };
};

/** One line for the Problems view, in plain text. */
export const statementText = (report: PackageReport, { finding, more }: Statement): string => {
  const advice = { block: 'Do not use ', review: 'Review ', pass: '' }[report.verdict];
  const rest = more === 0 ? '' : ` (+${more} more)`;
  return `${advice}${packageName(report)}: ${plain(finding.message, 200)}${whenOf(finding)} [${plain(finding.file, 80)}:${finding.range.start.line + 1}]${rest}`;
};

export const REACH_WORDS: Record<Reach, string> = {
  install: 'when installed',
  import: 'when imported',
  call: 'when called',
  unreached: 'in code that nothing reaches',
};

/** When the code runs, unless the message says it already. */
export const whenOf = ({ message, reach }: Pick<Finding, 'message' | 'reach'>): string =>
  /\b(when|while) (it is )?(installed|imported|called)\b/.test(message) ? '' : `, ${REACH_WORDS[reach]}`;

/** `name@version`, safe to show as plain text. */
export const packageName = ({ name, version }: Pick<PackageReport, 'name' | 'version'>): string =>
  `${plain(name || 'unnamed package', 80)}${version ? `@${plain(version, 40)}` : ''}`;

const rank = (order: readonly string[], value: string): number => order.indexOf(value);

// A package as one entry of a list to choose from.
import { findingsByStrength, whenOf } from '../assess.ts';
import type { Outcome } from '../scanner.ts';
import { capabilityGroups, UNSEEN } from './hover.ts';
import { plain } from './text.ts';

/** The icon before the package's name. */
export const markOf = (outcome: Outcome | undefined): string => {
  if (outcome?.state === 'failed') return '$(question)';
  if (outcome?.state !== 'done') return '$(loading~spin)';
  return { block: '$(error)', review: '$(warning)', pass: '$(pass)' }[outcome.report.verdict];
};

/** One line: the strongest finding, or else what the package can do. */
export const statusOf = (outcome: Outcome | undefined): string => {
  if (outcome?.state === 'failed') return `could not be scanned: ${iconless(outcome.message)}`;
  if (outcome?.state !== 'done') return 'scanning…';
  const { report } = outcome;
  const [strongest] = findingsByStrength(report);
  if (strongest && report.verdict !== 'pass') return `${iconless(strongest.message)}${whenOf(strongest)}`;
  if (report.effect.kind === 'pure') return report.issues.some(({ kind }) => UNSEEN.has(kind)) ? 'no effects in what could be read' : 'pure';
  const powers = capabilityGroups(report.capabilities).map(({ capability }) => capability);
  const can = powers.length > 0 ? `can: ${powers.join(', ')}` : '';
  return [can, report.effect.kind === 'unknown' ? 'effect unknown' : ''].filter(Boolean).join('; ') || 'no powers found';
};

const ORDER = { block: 0, review: 1, pass: 4 };

/** What needs a person comes first; within the same urgency the order stays. */
export const byUrgency = (a: Outcome | undefined, b: Outcome | undefined): number => urgency(a) - urgency(b);

export const needsLook = (outcome: Outcome): boolean => urgency(outcome) <= 2;

const urgency = (outcome: Outcome | undefined): number => {
  if (outcome?.state === 'done') return ORDER[outcome.report.verdict];
  return outcome?.state === 'failed' ? 2 : 3;
};

/** Lists draw icons for `$(name)`; a package must not. */
const iconless = (text: string): string => plain(text, 200).replaceAll('$(', '$ (');

// The user's settings, read once per change and checked: a wrong value falls back to its default.
import { workspace } from 'vscode';
import type { Severity } from './report.ts';

export type Level = 'error' | 'warning' | 'information' | 'hint' | 'none';

export interface Config {
  enable: boolean;
  minSeverity: Severity;
  levels: Record<Severity, Level>;
  exclude: string[];
  maxPackageFiles: number;
  maxPackageBytes: number;
  delay: number;
}

export const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
const LEVELS: readonly Level[] = ['error', 'warning', 'information', 'hint', 'none'];
const DEFAULT_LEVELS: Record<Severity, Level> = {
  critical: 'error', high: 'error', medium: 'warning', low: 'information', info: 'none',
};

export const readConfig = (): Config => {
  const settings = workspace.getConfiguration('importguard');
  return parseConfig((key) => settings.get<unknown>(key));
};

/** `get` gives the raw value of a setting. */
export const parseConfig = (get: (key: string) => unknown): Config => {
  const given = get('levels');
  const levels = { ...DEFAULT_LEVELS };
  for (const severity of SEVERITIES) {
    const level = typeof given === 'object' && given !== null ? (given as Record<string, unknown>)[severity] : undefined;
    if (LEVELS.includes(level as Level)) levels[severity] = level as Level;
  }
  const exclude = get('exclude');
  const minSeverity = get('minSeverity');
  return {
    enable: get('enable') !== false,
    minSeverity: SEVERITIES.includes(minSeverity as Severity) ? (minSeverity as Severity) : 'low',
    levels,
    exclude: Array.isArray(exclude) ? exclude.filter((name) => typeof name === 'string') : [],
    maxPackageFiles: Math.max(1, Math.floor(number(get('maxPackageFiles'), 5000))),
    maxPackageBytes: Math.max(1, number(get('maxPackageSize'), 40) * 1_000_000),
    delay: Math.max(0, number(get('delay'), 300)),
  };
};

/** Whether a package's name matches one of the patterns; `*` stands for any characters. */
export const isExcluded = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => {
    const source = pattern.split(/\*+/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*');
    return new RegExp(`^${source}$`, 'u').test(name);
  });

const number = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback;

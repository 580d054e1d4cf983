// The plugin's options: what a user may write, and what the rest of the plugin works with.

import type { Severity } from "./analyzer.js";

/** A severity from which on something happens, or `"off"` for never. */
export type Threshold = Severity | "off";

/** What a user may configure. */
export interface ImportguardOptions {
  /** Findings of at least this severity become warnings of the bundler. Default: `"medium"`. */
  warn?: Threshold;
  /** Findings of at least this severity become errors and break the build. Default: `"off"`. */
  fail?: Threshold;
  /**
   * A report of every bundled package at the end of the build: `true` or `"text"` prints it, `"json"` prints JSON,
   * a path writes a file (text if it ends in `.txt`, else JSON). Default: `false`.
   */
  report?: boolean | "text" | "json" | (string & {});
  /** Also scan packages that are imported but left out of the bundle. Default: `false`. */
  externals?: boolean;
  /** Keep reports in `node_modules/.cache/importguard` between runs. Default: `false`. */
  cache?: boolean;
  /** The policy's file, relative to the project; `false` for none. Default: `importguard.json`, if there is one. */
  policy?: string | false;
  /** Run only these rules. */
  rules?: string[];
  /** Run all rules but these. */
  noRules?: string[];
}

/** Where the report goes. */
export type ReportTarget = { form: "text" | "json"; file?: string } | undefined;

/** Options with every default filled in. */
export interface Settings {
  warn: Threshold;
  fail: Threshold;
  report: ReportTarget;
  externals: boolean;
  cache: boolean;
  policy: string | false | undefined;
  rules: string[];
  noRules: string[];
}

/** The severities, weakest first. */
export const SEVERITIES: readonly Severity[] = ["info", "low", "medium", "high", "critical"];

const THRESHOLDS: readonly Threshold[] = [...SEVERITIES, "off"];
const KNOWN = ["warn", "fail", "report", "externals", "cache", "policy", "rules", "noRules"];

/** Whether a severity meets a threshold. */
export function meets(severity: Severity, threshold: Threshold): boolean {
  return threshold !== "off" && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(threshold);
}

/** Checks what the user wrote and fills in the defaults; throws a `TypeError` that names the option. */
export function readOptions(given: unknown): Settings {
  if (given === undefined || given === null) given = {};
  if (typeof given !== "object" || Array.isArray(given)) {
    throw new TypeError(`importguard: options must be an object, not ${show(given)}`);
  }
  const options = given as Record<string, unknown>;
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name)) {
      throw new TypeError(`importguard: unknown option \`${name}\`; the options are ${KNOWN.join(", ")}`);
    }
  }
  return {
    warn: threshold("warn", options["warn"], "medium"),
    fail: threshold("fail", options["fail"], "off"),
    report: reportTarget(options["report"]),
    externals: flag("externals", options["externals"]),
    cache: flag("cache", options["cache"]),
    policy: policyFile(options["policy"]),
    rules: ruleIds("rules", options["rules"]),
    noRules: ruleIds("noRules", options["noRules"]),
  };
}

function threshold(name: string, value: unknown, otherwise: Threshold): Threshold {
  if (value === undefined) return otherwise;
  if (THRESHOLDS.includes(value as Threshold)) return value as Threshold;
  throw wrong(name, value, `one of ${THRESHOLDS.map((one) => `"${one}"`).join(", ")}`);
}

function reportTarget(value: unknown): ReportTarget {
  if (value === undefined || value === false) return undefined;
  if (value === true || value === "text") return { form: "text" };
  if (value === "json") return { form: "json" };
  // A bare word is far more often a misspelt form than a file without an extension.
  if (typeof value === "string" && /[./\\]/.test(value)) {
    return { form: value.endsWith(".txt") ? "text" : "json", file: value };
  }
  throw wrong("report", value, 'true, false, "text", "json" or a file path such as "./importguard.json"');
}

function flag(name: string, value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value === "boolean") return value;
  throw wrong(name, value, "true or false");
}

function policyFile(value: unknown): string | false | undefined {
  if (value === undefined || value === false || (typeof value === "string" && value !== "")) return value;
  throw wrong("policy", value, "a file path or false");
}

function ruleIds(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === "string" && one !== "")) return value;
  throw wrong(name, value, "a list of rule ids");
}

function wrong(name: string, value: unknown, expected: string): TypeError {
  return new TypeError(`importguard: option \`${name}\` must be ${expected}, not ${show(value)}`);
}

function show(value: unknown): string {
  return typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value));
}

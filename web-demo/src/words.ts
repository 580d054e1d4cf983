/** The page's vocabulary: the report's terms in plain words. */
import type { Capability, EffectKind, IssueKind, PackageReport, Reach, Severity, Verdict } from "importguard-wasm";

/** Powers in the order in which they matter to a person, and what each means. */
export const CAPABILITIES: Record<Capability, string> = {
  "process-exec": "Runs other programs",
  "dynamic-code": "Turns text into running code",
  native: "Loads native binaries",
  network: "Connects to the network",
  dns: "Looks up host names",
  env: "Reads environment variables",
  "fs-write": "Writes, moves or deletes files",
  "fs-read": "Reads files",
  wallet: "Talks to a crypto wallet",
  clipboard: "Uses the clipboard",
  storage: "Reads cookies or browser storage",
  device: "Uses camera, location or other devices",
  "global-mutation": "Changes built-ins for everybody",
  "process-control": "Controls the running process",
  "dynamic-import": "Loads modules chosen at run time",
  "system-info": "Looks at the machine and its user",
  worker: "Starts threads or workers",
  dom: "Reads or changes the web page",
  wasm: "Runs WebAssembly",
  crypto: "Uses cryptography",
};

export const CAPABILITY_ORDER = Object.keys(CAPABILITIES) as Capability[];

export const REACH: Record<Reach, { label: string; meaning: string; sentence: string }> = {
  install: { label: "on install", meaning: "runs when the package is installed, before anybody imports it", sentence: "When it is installed:" },
  import: { label: "on import", meaning: "runs as soon as the package is imported", sentence: "When it is imported:" },
  call: { label: "when called", meaning: "runs only when one of its functions or commands is called", sentence: "When it is called:" },
  unreached: { label: "not reached", meaning: "no way leads here from the package's entry points", sentence: "In a file that nothing leads to:" },
};

export const REACH_ORDER: Reach[] = ["install", "import", "call", "unreached"];

export const SEVERITIES: Severity[] = ["critical", "high", "medium", "low", "info"];

export const EFFECTS: Record<EffectKind | "elsewhere", { title: string; text: string }> = {
  pure: {
    title: "Proved free of effects",
    text: "Every function that can be reached was followed to its end, and none of them touches anything outside its own values.",
  },
  effects: {
    title: "Has effects",
    text: "Importing or calling it can touch the world outside. The list above says how; these are the reasons.",
  },
  elsewhere: {
    title: "Has effects",
    text: "Importing or calling it can touch the world outside through the packages that it imports. These are the reasons.",
  },
  unknown: {
    title: "Cannot be told",
    text: "Some places could not be followed to their end, so nothing is promised. These are the places.",
  },
};

export const ISSUES: Record<IssueKind, string> = {
  archive: "Archive damaged or hostile",
  manifest: "package.json missing or odd",
  unparsed: "Does not parse",
  "too-deep": "Nested too deeply",
  "too-large": "Too large",
  "invalid-utf8": "Not valid text",
  unreadable: "Could not be read",
  limit: "Limit of the analysis met",
  crashed: "Analyser failed",
  skipped: "Left out",
  untold: "Not available at this registry",
};

export interface VerdictWords {
  short: string;
  headline: string;
  text: string;
}

export const VERDICTS: Record<Verdict, VerdictWords> = {
  block: {
    short: "Do not use",
    headline: "Do not use this package",
    text: "It does what malicious packages do. The findings below show where.",
  },
  review: {
    short: "Look first",
    headline: "Look before you use it",
    text: "Some of what it does needs a person’s judgement. Read the findings, then decide.",
  },
  pass: {
    short: "Nothing alarming",
    headline: "Nothing alarming found",
    text: "No rule objects to what this package does. That is not a promise that it is harmless: see what it can do below.",
  },
};

/** A package of which nothing could be read has the verdict of an empty one; no person should be told that it is fine. */
const UNREAD: VerdictWords = {
  short: "Not checked",
  headline: "This could not be checked",
  text: "Nothing of it could be read, so nothing can be said about it. The blind spots below say why.",
};

/** The words for a report, and the tone in which to say them. */
export function wordsFor({ verdict, stats, issues }: PackageReport): VerdictWords & { tone: Verdict } {
  const unread = verdict === "pass" && stats.files === 0 && issues.length > 0;
  return unread ? { ...UNREAD, tone: "review" } : { ...VERDICTS[verdict], tone: verdict };
}

/** What to do about a package with this verdict. */
export const NEXT_STEPS: Record<Verdict, string[]> = {
  block: [
    "Not installed yet? Do not install it, and do not run its scripts.",
    "Already installed? Disconnect that machine, remove the package, and treat every password, token and key on it as stolen: replace them from another machine.",
    "Report it to the registry you have it from.",
  ],
  review: ["Open each finding and read the code it points to.", "Compare with what the package says it is for. A power that its purpose does not explain is a reason not to use it."],
  pass: [],
};

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return plural(bytes, "byte");
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 })} ${units[unit]}`;
}

/** The answer, in words that a worried person understands at once. */
import type { PackageReport } from "importguard-wasm";

import { saveJson } from "../save.ts";
import type { ScannedPackage } from "../scan.ts";
import { screen } from "../state.ts";
import { VerdictIcon } from "../ui/icons.tsx";
import { Phrase } from "../ui/phrase.tsx";
import { NEXT_STEPS, plural, REACH, size, wordsFor } from "../words.ts";

export function VerdictBand({ scanned }: { scanned: ScannedPackage }) {
  const { report } = scanned;
  const words = wordsFor(report);
  const name = report.name || report.path;
  const steps = NEXT_STEPS[report.verdict];
  return (
    <header class={`verdict ${words.tone}`}>
      <p class="subject">
        <strong>{name}</strong>
        {report.version && <span class="version">{report.version}</span>}
        <span class="faint">
          {plural(report.stats.files, "file")}, {size(report.stats.bytes)}
        </span>
      </p>
      <div class="verdict-line">
        <VerdictIcon verdict={words.tone} size={56} />
        <div>
          <h1 id="verdict-title" tabIndex={-1}>
            {words.headline}
          </h1>
          <p class="lead">{sentence(report)}</p>
          <Because report={report} />
        </div>
      </div>
      <BlindWarning report={report} />
      {steps.length > 0 && (
        <div class="next">
          <h2>What to do now</h2>
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </div>
      )}
      <div class="row tools">
        <button type="button" class="quiet" onClick={() => save(report)}>
          Save the report (JSON)
        </button>
        {report.integrity && (
          <p class="integrity">
            <span class="faint">Integrity</span> <code>{report.integrity}</code>
          </p>
        )}
      </div>
    </header>
  );
}

/** What weighs most, said in one sentence. */
function sentence(report: PackageReport): string {
  const { text } = wordsFor(report);
  if (report.verdict === "pass" && report.findings.length > 0) {
    return `What the rules noticed is minor. That is not a promise that it is harmless: see what it can do below.`;
  }
  if (report.verdict === "pass" && report.effect.kind === "pure" && report.stats.parsed > 0) return "It only works on its own values: no files, no network, no programs. That much is proved.";
  return text;
}

/** What weighs most, in the rule's own words. */
function Because({ report }: { report: PackageReport }) {
  const strongest = report.findings.find((finding) => !finding.suppressed);
  if (report.verdict === "pass" || !strongest) return null;
  return (
    <p class="because">
      <strong>{REACH[strongest.reach].sentence}</strong> <Phrase text={strongest.message} />.
    </p>
  );
}

function BlindWarning({ report }: { report: PackageReport }) {
  const blind = report.issues.filter((issue) => issue.kind !== "skipped");
  if (blind.length === 0) return null;
  return (
    <p class="blind-warning">
      <strong>{plural(blind.length, "blind spot")}.</strong> Not everything could be read in full, so this answer has a gap:{" "}
      <button type="button" class="link" onClick={() => document.getElementById("blind-spots-title")?.scrollIntoView()}>
        see what is missing
      </button>
      .
    </p>
  );
}

function save(report: PackageReport): void {
  const now = screen.value;
  if (now.kind !== "report") return;
  saveJson(`importguard-${(report.name || "report").replace(/[^\w.-]+/g, "-").replace(/^-+/, "")}.json`, now.scan.report);
}

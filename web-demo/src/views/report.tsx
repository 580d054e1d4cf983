/** The report of one package, section by section. */
import type { ScannedPackage } from "../scan.ts";
import { plural } from "../words.ts";
import { BlindSpots } from "./blind-spots.tsx";
import { Capabilities } from "./capabilities.tsx";
import { Dependencies } from "./dependencies.tsx";
import { EffectSection } from "./effect.tsx";
import { Entries } from "./entries.tsx";
import { Exports, useLinked } from "./exports.tsx";
import { Files } from "./files.tsx";
import { Findings } from "./findings.tsx";
import { VerdictBand } from "./verdict.tsx";

export function PackageView({ scanned }: { scanned: ScannedPackage }) {
  const { report } = scanned;
  const state = useLinked(scanned);
  const kinds = new Set(report.capabilities.map((use) => use.capability)).size;
  const contents: [id: string, label: string, count: number][] = [
    ["findings", "Findings", report.findings.length],
    ["capabilities", "What it can do", kinds],
    ["effect", "Effect", -1],
    ["exports", "Exports", -1],
    ["blind-spots", "Blind spots", report.issues.length],
    ["entries", "How it gets to run", report.entryPoints.length],
    ["dependencies", "Depends on", scanned.dependencies.length],
    ["files", "Files", report.stats.files],
  ];
  return (
    <article class="report" aria-labelledby="verdict-title">
      <VerdictBand scanned={scanned} />
      <nav class="contents" aria-label="Sections of the report">
        <ul>
          {contents.map(([id, label, count]) => (
            <li key={id}>
              <button type="button" onClick={() => jump(id)}>
                {label}
                {count >= 0 && <span class={`count ${id === "blind-spots" && count > 0 ? "warn" : ""}`}>{count.toLocaleString("en")}</span>}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <Findings findings={report.findings} />
      <Capabilities uses={report.capabilities} />
      <EffectSection effect={report.effect} {...(state.kind === "told" ? { linked: state.linked } : {})} />
      <Exports state={state} />
      <BlindSpots issues={report.issues} stats={report.stats} />
      <Entries entries={report.entryPoints} />
      <Dependencies sites={scanned.dependencies} />
      <Files sources={scanned.sources} />
      <footer class="report-foot">
        {plural(report.stats.files, "file")}, {plural(report.stats.parsed, "module")} parsed
        {report.stats.skipped > 0 && `, ${report.stats.skipped.toLocaleString("en")} not`}
        {report.stats.layers > 0 && `, ${plural(report.stats.layers, "layer")} of evaluated code opened`}.
      </footer>
    </article>
  );
}

/** The address holds which rule is shown; sections are reached without touching it. */
function jump(id: string): void {
  const title = document.getElementById(`${id}-title`);
  title?.scrollIntoView({ block: "start" });
  title?.focus({ preventScroll: true });
}

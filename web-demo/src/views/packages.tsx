/** Several packages at once: which of them need a person. */
import type { Verdict } from "importguard-wasm";
import { useId, useState } from "preact/hooks";

import { saveJson } from "../save.ts";
import type { Scan } from "../scan.ts";
import { selected } from "../state.ts";
import { Capped } from "../ui/capped.tsx";
import { VerdictIcon } from "../ui/icons.tsx";
import { plain } from "../ui/phrase.tsx";
import { plural, size, VERDICTS } from "../words.ts";

const ORDER: Verdict[] = ["block", "review", "pass"];

const COUNTED: Record<Verdict, string> = { block: "not to be used", review: "to look at first", pass: "with nothing alarming" };

export function PackageList({ scan }: { scan: Scan }) {
  const [wanted, setWanted] = useState("");
  const field = useId();
  const { summary } = scan.report;
  const worst = ORDER.find((verdict) => summary[verdict] > 0) ?? "pass";
  const rows = scan.packages
    .map((scanned, index) => ({ scanned, index }))
    .filter(({ scanned: { report } }) => `${report.name} ${report.path}`.toLowerCase().includes(wanted.toLowerCase()))
    .sort((a, b) => ORDER.indexOf(a.scanned.report.verdict) - ORDER.indexOf(b.scanned.report.verdict) || a.index - b.index);
  return (
    <article class="report packages" aria-labelledby="verdict-title">
      <header class={`verdict ${worst}`}>
        <p class="subject">
          <strong>{plural(summary.packages, "package")}</strong>
          <span class="faint">
            {plural(summary.files, "file")}, {size(summary.bytes)}
          </span>
        </p>
        <div class="verdict-line">
          <VerdictIcon verdict={worst} size={56} />
          <div>
            <h1 id="verdict-title" tabIndex={-1}>
              {headline(summary)}
            </h1>
            <p class="lead">
              {ORDER.filter((verdict) => summary[verdict] > 0)
                .map((verdict) => `${summary[verdict].toLocaleString("en")} ${COUNTED[verdict]}`)
                .join(", ")}
              .
            </p>
          </div>
        </div>
        <div class="row tools">
          <button type="button" class="quiet" onClick={() => saveJson("importguard-report.json", scan.report)}>
            Save the report (JSON)
          </button>
        </div>
      </header>
      <p class="filter">
        <label for={field}>Name contains</label>
        <input id={field} type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
        <span class="faint" role="status">
          {rows.length.toLocaleString("en")} of {scan.packages.length.toLocaleString("en")}
        </span>
      </p>
      <ul class="package-list">
        <Capped key={wanted} items={rows} first={60} noun="packages">
          {({ scanned: { report }, index }) => (
            <li key={index}>
              <button type="button" class={`package ${report.verdict}`} onClick={() => (selected.value = index)}>
                <VerdictIcon verdict={report.verdict} size={22} />
                <span class="package-name">
                  <strong>{report.name || report.path}</strong> <span class="faint">{report.version}</span>
                </span>
                <span class="package-why">{plain(report.findings[0]?.message ?? "")}</span>
                <span class="package-verdict">{VERDICTS[report.verdict].short}</span>
              </button>
            </li>
          )}
        </Capped>
      </ul>
    </article>
  );
}

function headline(summary: Scan["report"]["summary"]): string {
  if (summary.block > 0) return `Do not use ${summary.block === 1 ? "one of these packages" : `${summary.block} of these packages`}`;
  if (summary.review > 0) return `Look at ${summary.review === 1 ? "one package" : `${summary.review} packages`} before you use them`;
  return "Nothing alarming found";
}

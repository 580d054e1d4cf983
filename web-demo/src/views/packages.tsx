/** Several packages at once: which of them need a person. */
import type { PackageReport, Verdict } from "importguard-wasm";
import { useId, useState } from "preact/hooks";

import { saveJson } from "../save.ts";
import type { Scan } from "../scan.ts";
import { selected } from "../state.ts";
import { Capped } from "../ui/capped.tsx";
import { VerdictIcon } from "../ui/icons.tsx";
import { plain } from "../ui/phrase.tsx";
import { plural, size, wordsFor } from "../words.ts";

const ORDER: Verdict[] = ["block", "review", "pass"];

const COUNTED = [
  ["block", "not to be used"],
  ["review", "to look at first"],
  ["unread", "not checked"],
  ["pass", "with nothing alarming"],
] as const;

export function PackageList({ scan }: { scan: Scan }) {
  const [wanted, setWanted] = useState("");
  const field = useId();
  const { summary } = scan.report;
  const unread = scan.packages.filter(({ report }) => wordsFor(report).tone !== report.verdict).length;
  const counts = { ...summary, pass: summary.pass - unread, unread };
  const worst = counts.block > 0 ? "block" : counts.review + unread > 0 ? "review" : "pass";
  const rows = scan.packages
    .map((scanned, index) => ({ scanned, index }))
    .filter(({ scanned: { report } }) => `${report.name} ${report.path}`.toLowerCase().includes(wanted.toLowerCase()))
    .sort((a, b) => ORDER.indexOf(wordsFor(a.scanned.report).tone) - ORDER.indexOf(wordsFor(b.scanned.report).tone) || a.index - b.index);
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
              {headline(counts)}
            </h1>
            <p class="lead">
              {COUNTED.filter(([kind]) => counts[kind] > 0)
                .map(([kind, words]) => `${counts[kind].toLocaleString("en")} ${words}`)
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
              <button type="button" class={`package ${wordsFor(report).tone}`} onClick={() => (selected.value = index)}>
                <VerdictIcon verdict={wordsFor(report).tone} size={22} />
                <span class="package-name">
                  <strong>{report.name || report.path}</strong> <span class="faint">{report.version}</span>
                </span>
                <span class="package-why">{why(report)}</span>
                <span class="package-verdict">{wordsFor(report).short}</span>
              </button>
            </li>
          )}
        </Capped>
      </ul>
    </article>
  );
}

/** What weighs most, or what is missing. */
function why({ findings, issues }: PackageReport): string {
  if (findings[0]) return plain(findings[0].message);
  return issues.length > 0 ? plural(issues.length, "blind spot") : "";
}

function headline({ block, review, unread }: { block: number; review: number; unread: number }): string {
  if (block > 0) return `Do not use ${block === 1 ? "one of these packages" : `${block} of these packages`}`;
  if (review > 0) return `Look at ${review === 1 ? "one package" : `${review} packages`} before you use them`;
  if (unread > 0) return `${unread === 1 ? "One package" : `${unread} packages`} could not be checked`;
  return "Nothing alarming found";
}

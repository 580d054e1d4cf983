/** What could not be analysed: always shown. */
import type { Issue, Stats } from "importguard-wasm";

import { Capped } from "../ui/capped.tsx";
import { EyeOffIcon } from "../ui/icons.tsx";
import { Phrase } from "../ui/phrase.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { ISSUES, plural } from "../words.ts";
import { Section } from "./section.tsx";

function everything(modules: number): string {
  if (modules === 0) return "There is no code in it.";
  return modules === 1 ? "Its one module could be read in full." : `All ${plural(modules, "module")} of the package could be read in full.`;
}

export function BlindSpots({ issues, stats }: { issues: readonly Issue[]; stats: Stats }) {
  if (issues.length === 0) {
    return <Section id="blind-spots" title="Blind spots" lead={`None. ${everything(stats.parsed)}`} />;
  }
  return (
    <Section id="blind-spots" title="Blind spots" lead="What could not be read, or not in full. Something may hide there.">
      <ul class="issues">
        <Capped items={issues} first={30} noun="blind spots">
          {(issue, index) => (
            <li key={index}>
              <EyeOffIcon />
              <div>
                <strong>{ISSUES[issue.kind]}</strong>
                <p>
                  <Phrase text={issue.message} />
                </p>
                {issue.file && <PlaceButton file={issue.file} note={issue.message} />}
              </div>
            </li>
          )}
        </Capped>
      </ul>
    </Section>
  );
}

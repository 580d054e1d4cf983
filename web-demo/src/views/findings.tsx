/** What the rules say, each with the steps that lead to it. */
import type { Finding } from "importguard-wasm";

import { rules } from "../state.ts";
import { Capped } from "../ui/capped.tsx";
import { SeverityIcon } from "../ui/icons.tsx";
import { Phrase, plain, sentence } from "../ui/phrase.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { ReachTag } from "../ui/reach.tsx";
import { Section } from "./section.tsx";

export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) {
    return <Section id="findings" title="Findings" lead="None. No rule objects to anything in this package." />;
  }
  return (
    <Section id="findings" title="Findings">
      <ol class="cards">
        <Capped items={findings} first={40} noun="findings">
          {(finding, index) => <FindingCard key={index} finding={finding} />}
        </Capped>
      </ol>
    </Section>
  );
}

function FindingCard({ finding }: { finding: Finding }) {
  const rule = rules.value.get(finding.rule);
  return (
    <li class={`card finding ${finding.suppressed ? "suppressed" : finding.severity}`}>
      <p class="card-tags">
        <span class={`severity ${finding.severity}`}>
          <SeverityIcon severity={finding.severity} />
          {finding.severity}
        </span>
        <ReachTag reach={finding.reach} />
        <span class="tag">{finding.confidence} confidence</span>
        {finding.suppressed && <span class="tag">silenced: {finding.suppressed.reason}</span>}
      </p>
      <h3>
        <Phrase text={sentence(finding.message)} />
      </h3>
      <p class="card-place">
        <PlaceButton file={finding.file} range={finding.range} note={finding.message} />
        <a class="rule-link" href={`#/rules/${finding.rule}`}>
          {rule ? `Why: ${plain(rule.title)}` : finding.rule}
        </a>
      </p>
      {finding.evidence.length > 0 && (
        <ol class="steps" aria-label="Evidence, step by step">
          <Capped items={finding.evidence} first={12} noun="steps">
            {(step, index) => (
              <li key={index}>
                <span class="step-note">
                  <Phrase text={step.note} />
                  {step.layer !== undefined && <span class="tag">inside evaluated code{step.layer > 1 ? `, layer ${step.layer}` : ""}</span>}
                </span>
                <PlaceButton file={step.file} range={step.range} note={step.note} />
              </li>
            )}
          </Capped>
        </ol>
      )}
      {finding.help && (
        <p class="help">
          <Phrase text={sentence(finding.help)} />
        </p>
      )}
    </li>
  );
}

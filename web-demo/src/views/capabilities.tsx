/** What a package can do, power by power. */
import type { Capability, CapabilityUse, Reach } from "importguard-wasm";

import { Capped } from "../ui/capped.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { ReachTag } from "../ui/reach.tsx";
import { CAPABILITIES, CAPABILITY_ORDER, plural, REACH_ORDER } from "../words.ts";
import { Section } from "./section.tsx";

export function Capabilities({ uses }: { uses: readonly CapabilityUse[] }) {
  const groups = CAPABILITY_ORDER.map((capability) => ({ capability, uses: uses.filter((use) => use.capability === capability) })).filter(
    (group) => group.uses.length > 0,
  );
  if (groups.length === 0) {
    return <Section id="capabilities" title="What it can do" lead="Only compute. No use of files, network, programs or any other power was found." />;
  }
  return (
    <Section id="capabilities" title="What it can do" lead="A power is not a fault: an HTTP client opens connections. Ask whether each fits what the package is for.">
      <ul class="powers">
        {groups.map((group) => (
          <Power key={group.capability} {...group} />
        ))}
      </ul>
    </Section>
  );
}

function Power({ capability, uses }: { capability: Capability; uses: readonly CapabilityUse[] }) {
  const reached = REACH_ORDER.filter((reach) => uses.some((use) => use.reach === reach));
  return (
    <li>
      <details class="power">
        <summary>
          <span class="power-name">{CAPABILITIES[capability]}</span>
          <span class="power-tags">
            {reached.map((reach: Reach) => (
              <ReachTag key={reach} reach={reach} />
            ))}
            <span class="faint">{plural(uses.length, "place")}</span>
          </span>
          <Known uses={uses} />
        </summary>
        <ul class="uses">
          <Capped items={uses} first={30} noun="places">
            {(use, index) => (
              <li key={index}>
                <code>{use.api}</code>
                {use.via && <span class="faint">through {use.via}</span>}
                <ReachTag reach={use.reach} />
                <PlaceButton file={use.file} range={use.range} note={`${use.api}: ${CAPABILITIES[capability].toLowerCase()}`} />
                <Known uses={[use]} />
              </li>
            )}
          </Capped>
        </ul>
      </details>
    </li>
  );
}

const KNOWN = [
  ["hosts", "to"],
  ["commands", "runs"],
  ["variables", "reads"],
  ["paths", "at"],
] as const;

const FEW = 8;

/** What is known of the arguments: hosts, commands, variables, paths. */
function Known({ uses }: { uses: readonly CapabilityUse[] }) {
  const lines = KNOWN.map(([field, label]) => ({ field, label, values: [...new Set(uses.flatMap((use) => use[field] ?? []))] })).filter(
    (line) => line.values.length > 0,
  );
  if (lines.length === 0) return null;
  return (
    <span class="known">
      {lines.map(({ field, label, values }) => (
        <span key={field} class="known-line">
          <span class="faint">{label} </span>
          {values.slice(0, FEW).map((value) => (
            <code key={value}>{field === "variables" && value === "*" ? "all of them" : value}</code>
          ))}
          {values.length > FEW && <span class="faint"> and {plural(values.length - FEW, "more", "more")}</span>}
        </span>
      ))}
    </span>
  );
}

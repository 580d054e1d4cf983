/** Whether the package can touch the world outside, and why that is believed. */
import type { Effect } from "importguard-wasm";

import { Capped } from "../ui/capped.tsx";
import { Phrase } from "../ui/phrase.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { EFFECTS } from "../words.ts";
import { Section } from "./section.tsx";

export function EffectSection({ effect }: { effect: Effect }) {
  const words = EFFECTS[effect.kind];
  return (
    <Section id="effect" title="Effect">
      <p class={`effect-kind ${effect.kind}`}>
        <strong>{words.title}.</strong> {words.text}
      </p>
      {effect.reasons.length > 0 && (
        <ul class="reasons">
          <Capped items={effect.reasons} first={12} noun="reasons">
            {(reason, index) => (
              <li key={index}>
                <span>
                  <Phrase text={reason.message} />
                </span>
                {reason.file && <PlaceButton file={reason.file} range={reason.range} note={reason.message} />}
              </li>
            )}
          </Capped>
        </ul>
      )}
    </Section>
  );
}

/** Whether the package can touch the world outside, and why that is believed. */
import type { Effect } from "importguard-wasm";

import type { Linked } from "../effects.ts";
import { Capped } from "../ui/capped.tsx";
import { Phrase } from "../ui/phrase.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { EFFECTS } from "../words.ts";
import { Section } from "./section.tsx";

interface Props {
  /** The effect of the package alone. */
  effect: Effect;
  /** The same through the other packages at hand, once it is known. */
  linked?: Linked;
}

export function EffectSection({ effect: alone, linked }: Props) {
  // A package that uses powers itself has its answer.
  const effect = alone.kind === "unknown" ? (linked?.report?.effect ?? alone) : alone;
  const words = EFFECTS[effect !== alone && effect.kind === "effects" ? "elsewhere" : effect.kind];
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
                {reason.file && <PlaceButton file={reason.file} range={reason.range} note={reason.message} within={linked?.packageOf(reason)} />}
              </li>
            )}
          </Capped>
        </ul>
      )}
    </Section>
  );
}

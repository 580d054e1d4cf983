/** How code of the package gets to run. */
import type { EntryPoint } from "importguard-wasm";

import { Capped } from "../ui/capped.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { ReachTag } from "../ui/reach.tsx";
import { Section } from "./section.tsx";

export function Entries({ entries }: { entries: readonly EntryPoint[] }) {
  if (entries.length === 0) return <Section id="entries" title="How it gets to run" lead="No entry point was found." />;
  return (
    <Section id="entries" title="How it gets to run">
      <ul class="rows">
        <Capped items={entries} first={20} noun="entry points">
          {(entry, index) => (
            <li key={index}>
              <ReachTag reach={entry.reach} />
              <code>{entry.condition}</code>
              <PlaceButton file={entry.file} note={entry.condition} />
            </li>
          )}
        </Capped>
      </ul>
    </Section>
  );
}

/** What the package's manifest depends on. */
import type { ImportSite } from "importguard-wasm";

import { Capped } from "../ui/capped.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { Section } from "./section.tsx";

export function Dependencies({ sites }: { sites: readonly ImportSite[] }) {
  if (sites.length === 0) return <Section id="dependencies" title="Depends on" lead="Nothing else." />;
  return (
    <Section
      id="dependencies"
      title="Depends on"
      lead="Their code is not part of this report: the page downloads nothing. Drop a node_modules folder to see them as well."
    >
      <ul class="rows">
        <Capped items={sites} first={20} noun="dependencies">
          {(site, index) => (
            <li key={index}>
              <code>{site.package ?? site.specifier}</code>
              <PlaceButton file="package.json" range={site.range} note={`dependency ${site.specifier}`} />
            </li>
          )}
        </Capped>
      </ul>
    </Section>
  );
}

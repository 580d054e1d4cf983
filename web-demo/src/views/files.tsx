/** Every file of the package, to look into. */
import { useId, useState } from "preact/hooks";

import type { Sources } from "../sources.ts";
import { Capped } from "../ui/capped.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { size } from "../words.ts";
import { Section } from "./section.tsx";

export function Files({ sources }: { sources: Sources }) {
  const [wanted, setWanted] = useState("");
  const field = useId();
  const all = sources.list;
  const found = wanted === "" ? all : all.filter(({ path }) => path.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <Section id="files" title="Files">
      {all.length > 12 && (
        <p class="filter">
          <label for={field}>Name contains</label>
          <input id={field} type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
          <span class="faint" role="status">
            {found.length.toLocaleString("en")} of {all.length.toLocaleString("en")}
          </span>
        </p>
      )}
      <ul class="rows files-list">
        <Capped key={wanted} items={found} first={30} noun="files">
          {(file) => (
            <li key={file.path}>
              <PlaceButton file={file.path} note="" />
              <span class="faint">{size(file.size)}</span>
            </li>
          )}
        </Capped>
      </ul>
    </Section>
  );
}

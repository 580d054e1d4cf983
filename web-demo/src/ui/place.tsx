/** A place in a file, as a button that shows it. */
import type { Range } from "importguard-wasm";

import type { ScannedPackage } from "../scan.ts";
import { current, place, show } from "../state.ts";
import { plain } from "./phrase.tsx";

interface Props {
  file: string;
  range?: Range;
  /** What is there: the source view's caption. */
  note: string;
  /** The package that the file is in, if it is not the one that is looked at; by its name alone if it is not at hand. */
  within?: ScannedPackage | string | undefined;
}

export function PlaceButton({ file, range, note, within }: Props) {
  const inside = within === undefined ? "" : `${typeof within === "string" ? within : within.report.name}/`;
  const where = `${inside}${range ? `${file}:${range.start.line + 1}:${range.start.character + 1}` : file}`;
  const sources = within === undefined ? current.value?.sources : typeof within === "string" ? undefined : within.sources;
  if (!sources?.has(file)) return <span class="where">{where}</span>;
  const now = place.value;
  const open = now?.file === file && now.within === within && now.range?.bytes[0] === range?.bytes[0] && now.range?.bytes[1] === range?.bytes[1];
  return (
    <button
      type="button"
      class="where"
      aria-pressed={open}
      aria-label={`Show ${plain(note) || "the place"} in the source: ${where}`}
      onClick={(event) => show({ file, note, ...(range ? { range } : {}), ...(typeof within === "object" ? { within } : {}) }, event.currentTarget)}
    >
      {where}
    </button>
  );
}

/** A place in a file, as a button that shows it. */
import type { Range } from "importguard-wasm";

import { current, place, show } from "../state.ts";
import { plain } from "./phrase.tsx";

interface Props {
  file: string;
  range?: Range;
  /** What is there: the source view's caption. */
  note: string;
}

export function PlaceButton({ file, range, note }: Props) {
  const where = range ? `${file}:${range.start.line + 1}:${range.start.character + 1}` : file;
  if (!current.value?.sources.has(file)) return <span class="where">{where}</span>;
  const now = place.value;
  const open = now?.file === file && now.range?.bytes[0] === range?.bytes[0] && now.range?.bytes[1] === range?.bytes[1];
  return (
    <button
      type="button"
      class="where"
      aria-pressed={open}
      aria-label={`Show ${plain(note) || "the place"} in the source: ${where}`}
      onClick={(event) => show(range ? { file, range, note } : { file, note }, event.currentTarget)}
    >
      {where}
    </button>
  );
}

/** Long lists: some at first, the rest on request, so that a package of 10,000 files stays fluid. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

interface Props<T> {
  items: readonly T[];
  first: number;
  /** What the items are, in the plural: "findings". */
  noun: string;
  children: (item: T, index: number) => ComponentChildren;
}

/** At most this many more at once. */
const MORE = 500;

/** Renders items as children of the caller's list; the button follows as its last item. */
export function Capped<T>({ items, first, noun, children }: Props<T>) {
  const [shown, setShown] = useState(first);
  const rest = items.length - shown;
  const next = Math.min(rest, MORE);
  return (
    <>
      {items.slice(0, shown).map(children)}
      {rest > 0 && (
        <li class="more">
          <button type="button" class="quiet" onClick={() => setShown(shown + next)}>
            {next === rest ? `Show all ${items.length.toLocaleString("en")} ${noun}` : `Show ${next} more of ${items.length.toLocaleString("en")} ${noun}`}
          </button>
        </li>
      )}
    </>
  );
}

/** How code is reached, with its meaning at hand. */
import type { Reach } from "importguard-wasm";

import { REACH } from "../words.ts";

export function ReachTag({ reach }: { reach: Reach }) {
  const { label, meaning } = REACH[reach];
  return (
    <span class={`tag reach ${reach}`} title={meaning}>
      {label}
    </span>
  );
}

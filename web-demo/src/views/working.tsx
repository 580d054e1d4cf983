/** While a scan runs: how far it is, and a way out. */
import { useEffect, useRef } from "preact/hooks";

import { announcement, cancel, progress } from "../state.ts";
import { plural } from "../words.ts";

const SPEAK_EVERY_MS = 5_000;

export function Working({ title }: { title: string }) {
  const now = progress.value;
  const total = now?.total ?? 0;
  const done = Math.min(now?.done ?? 0, total);
  const spoken = useRef(performance.now());
  const stop = useRef<HTMLButtonElement>(null);

  useEffect(() => stop.current?.focus(), []);
  useEffect(() => {
    if (performance.now() - spoken.current < SPEAK_EVERY_MS || total === 0) return;
    spoken.current = performance.now();
    announcement.value = `${Math.floor((100 * done) / total)} percent of ${total} files`;
  }, [done, total]);

  return (
    <div class="working">
      <h1 tabIndex={-1}>{title}</h1>
      <progress aria-label="Files read" {...(total > 1 ? { value: done, max: total } : {})} />
      <p class="working-figures">
        {total > 1 ? `${done.toLocaleString("en")} of ${total.toLocaleString("en")} files` : now?.found ? `${plural(now.found, "file")} found…` : "Starting…"}
      </p>
      <p class="working-file">{now?.file ?? "\u00a0"}</p>
      <button ref={stop} type="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}

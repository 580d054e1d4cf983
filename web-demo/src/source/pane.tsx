/** The source beside the report, with the place highlighted. */
import type { EditorView } from "@codemirror/view";
import { useEffect, useRef, useState } from "preact/hooks";

import type { ScannedPackage } from "../scan.ts";
import { hide, keepOpenerInSight, place, type Place } from "../state.ts";
import { CloseIcon } from "../ui/icons.tsx";
import { Phrase } from "../ui/phrase.tsx";
import { size } from "../words.ts";
import { isEndless, viewOf, type View } from "./window.ts";

type Loaded = { kind: "loading" } | { kind: "failed"; message: string } | { kind: "shown"; view: View };

interface Props {
  scanned: ScannedPackage;
  shown: Place;
  /** It covers the report instead of standing beside it. */
  covers: boolean;
}

export function SourcePane({ scanned, shown, covers }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const content = useRef<{ scanned: ScannedPackage; file: string; bytes: Uint8Array } | null>(null);
  const [loaded, setLoaded] = useState<Loaded>({ kind: "loading" });
  const [chosen, setWrap] = useState<boolean | null>(null);
  const wrap = chosen ?? (loaded.kind === "shown" && isEndless(loaded.view));

  const load = async (centre?: number): Promise<void> => {
    const { file, range } = shown;
    if (!isAt(content.current, scanned, file)) content.current = { scanned, file, bytes: await scanned.sources.read(file) };
    const view = viewOf(content.current?.bytes ?? new Uint8Array(), range?.bytes ?? null, centre);
    if (place.value === shown) setLoaded({ kind: "shown", view });
  };

  useEffect(() => {
    keepOpenerInSight();
    heading.current?.focus({ preventScroll: true });
    if (!isAt(content.current, scanned, shown.file)) setLoaded({ kind: "loading" });
    load().catch((error: unknown) => setLoaded({ kind: "failed", message: error instanceof Error ? error.message : String(error) }));
  }, [shown, scanned]);

  return (
    <section
      class="pane"
      {...(covers ? { role: "dialog" as const, "aria-modal": true } : {})}
      aria-labelledby="pane-title"
      onKeyDown={(event) => {
        if (event.key === "Escape") hide();
      }}
    >
      <header class="pane-head">
        <h2 id="pane-title" ref={heading} tabIndex={-1}>
          <span class="visually-hidden">Source of </span>
          {shown.within && <span class="faint">{shown.within.report.name || shown.within.report.path}/</span>}
          {shown.file}
          {shown.range && <span class="faint">:{shown.range.start.line + 1}</span>}
        </h2>
        <button type="button" class="quiet" aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
          Wrap lines
        </button>
        <button type="button" class="icon-button" aria-label="Close the source" onClick={hide}>
          <CloseIcon />
        </button>
        {shown.note && <p class="pane-note"><Phrase text={shown.note} /></p>}
      </header>
      {loaded.kind === "loading" && <p class="pane-message">Reading the file…</p>}
      {loaded.kind === "failed" && <p class="pane-message">This file cannot be shown: {loaded.message}.</p>}
      {loaded.kind === "shown" && <Editor file={shown.file} view={loaded.view} wrap={wrap} />}
      {loaded.kind === "shown" && !loaded.view.whole && <Stretch view={loaded.view} move={(centre) => void load(centre)} />}
    </section>
  );
}

function isAt(content: { scanned: ScannedPackage; file: string } | null, scanned: ScannedPackage, file: string): boolean {
  return content?.scanned === scanned && content.file === file;
}

function Editor({ file, view, wrap }: { file: string; view: View; wrap: boolean }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let editor: EditorView | undefined;
    let gone = false;
    void import("./editor.ts").then(({ openEditor }) => {
      if (!gone && host.current) editor = openEditor(host.current, file, view, wrap);
    });
    return () => {
      gone = true;
      editor?.destroy();
    };
  }, [file, view, wrap]);
  return <div class="pane-editor" ref={host} />;
}

/** Says that only a part is shown, and moves along the file. */
function Stretch({ view, move }: { view: View; move: (centre: number) => void }) {
  const { start, end, total } = view.bytes;
  const step = Math.max(1, end - start);
  const share = (at: number): string => `${((100 * at) / total).toFixed(total > 10_000_000 ? 2 : 1)} %`;
  return (
    <footer class="pane-foot">
      <p>
        Part of a large file: {share(start)} to {share(end)} of {size(total)}
      </p>
      <button type="button" class="quiet" disabled={start === 0} onClick={() => move(Math.max(0, start - step / 2))}>
        Earlier
      </button>
      <button type="button" class="quiet" disabled={end >= total} onClick={() => move(Math.min(total, end + step / 2))}>
        Later
      </button>
    </footer>
  );
}

/** The page's frame: header, what is shown now, the drop that works everywhere. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

import { useNarrow } from "./ui/narrow.ts";
import { route } from "./route.ts";
import { SourcePane } from "./source/pane.tsx";
import { announcement, current, place, scanDrop, screen, selected, startOver } from "./state.ts";
import { cycleTheme, theme } from "./theme.ts";
import { ArrowIcon, Mark, ThemeIcon } from "./ui/icons.tsx";
import { FailureView } from "./views/failure.tsx";
import { PackageList } from "./views/packages.tsx";
import { PackageView } from "./views/report.tsx";
import { RulesView } from "./views/rules.tsx";
import { Start } from "./views/start.tsx";
import { Working } from "./views/working.tsx";
import { plural, wordsFor } from "./words.ts";

export function App() {
  const main = useRef<HTMLElement>(null);
  const narrow = useNarrow();
  const shown = current.value;
  const pane = route.value.kind === "main" && shown && place.value ? place.value : null;
  useFocusOnChange(main);
  useTitle();
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <div class="frame" inert={pane !== null && narrow}>
        <Header />
        <div class={`stage ${pane ? "with-pane" : ""}`}>
          <main id="main" ref={main} tabIndex={-1}>
            <Content />
          </main>
          {pane && shown && !narrow && <SourcePane scanned={pane.within ?? shown} shown={pane} covers={false} />}
        </div>
        <footer class="page-foot">Nothing you drop here leaves this machine. The page works without a network once it is loaded.</footer>
      </div>
      {pane && shown && narrow && <SourcePane scanned={pane.within ?? shown} shown={pane} covers />}
      <p class="visually-hidden" role="status" aria-live="polite" data-test="status">
        {announcement.value}
      </p>
      <DropEverywhere />
    </>
  );
}

function Header() {
  return (
    <header class="page-head">
      <a class="brand" href="#/" onClick={() => screen.value.kind !== "report" && startOver()}>
        <Mark />
        importguard
      </a>
      <nav aria-label="Page">
        {screen.value.kind !== "start" && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              location.hash = "#/";
              startOver();
            }}
          >
            New scan
          </button>
        )}
        <a href="#/rules" {...(route.value.kind === "rules" ? { "aria-current": "page" as const } : {})}>
          Rules
        </a>
        <button type="button" class="icon-button" onClick={cycleTheme} aria-label={`Colours: ${theme.value}. Change`} title={`Colours: ${theme.value}`}>
          <ThemeIcon />
        </button>
      </nav>
    </header>
  );
}

function Content() {
  const now = screen.value;
  if (route.value.kind === "rules") {
    return (
      <>
        {now.kind === "report" && <Back label="Back to the report" onClick={() => history.back()} />}
        <RulesView key={route.value.id} id={route.value.id} />
      </>
    );
  }
  switch (now.kind) {
    case "start":
      return <Start />;
    case "working":
      return <Working title={now.title} />;
    case "failure":
      return <FailureView failure={now.failure} />;
    case "report": {
      if (!current.value) return <PackageList scan={now.scan} />;
      return (
        <>
          {now.scan.packages.length > 1 && (
            <Back
              label="All packages"
              onClick={() => {
                place.value = null;
                selected.value = null;
              }}
            />
          )}
          <PackageView key={selected.value} scanned={current.value} />
        </>
      );
    }
  }
}

function Back({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" class="quiet back" onClick={onClick}>
      <ArrowIcon />
      {label}
    </button>
  );
}

const NAME = "importguard";

/** The window's title says what is open, for whoever has many. */
function useTitle(): void {
  useSignalEffect(() => {
    const report = current.value?.report;
    const at = route.value;
    if (at.kind === "rules") document.title = `${at.id ?? "Rules"}: ${NAME}`;
    else if (report) document.title = `${wordsFor(report).short}: ${report.name || report.path}: ${NAME}`;
    else document.title = `${NAME}: what can this package do?`;
  });
}

/** A new screen is announced, and the keyboard goes to its title. */
function useFocusOnChange(main: { current: HTMLElement | null }): void {
  const first = useRef(true);
  useSignalEffect(() => {
    const now = screen.value;
    const at = route.value;
    void selected.value;
    if (first.current) {
      first.current = false;
      return;
    }
    requestAnimationFrame(() => {
      if (now.kind === "working" && at.kind === "main") return;
      scrollTo({ top: 0, behavior: "instant" });
      main.current?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    });
    if (at.kind === "rules") return;
    if (now.kind === "report") {
      const report = current.value?.report;
      announcement.value = report
        ? `${wordsFor(report).headline}. ${plural(report.findings.length, "finding")}, ${plural(report.issues.length, "blind spot")}.`
        : `${plural(now.scan.packages.length, "package")} scanned.`;
    } else if (now.kind === "failure") announcement.value = now.failure.title;
  });
}

function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}

/** The whole window takes drops, and says so while something is dragged over it. */
function DropEverywhere() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (!event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      location.hash = "#/";
      void scanDrop(event.dataTransfer);
    };
    addEventListener("dragover", onOver);
    addEventListener("dragleave", onLeave);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("dragover", onOver);
      removeEventListener("dragleave", onLeave);
      removeEventListener("drop", onDrop);
    };
  }, []);
  return over ? (
    <div class="drop-over" aria-hidden="true">
      <p>Let go to check it</p>
    </div>
  ) : null;
}

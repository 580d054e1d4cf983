/** What importing each export does: pure, with effects, or not to be told, and why. */
import type { Capability, Effect, EffectKind, EffectReason, ExportEffect, SubpathEffects } from "importguard-wasm";
import { useEffect, useId, useState } from "preact/hooks";

import { effectsOf, type Linked } from "../effects.ts";
import type { ScannedPackage } from "../scan.ts";
import { screen } from "../state.ts";
import { Capped } from "../ui/capped.tsx";
import { Phrase } from "../ui/phrase.tsx";
import { PlaceButton } from "../ui/place.tsx";
import { ReachTag } from "../ui/reach.tsx";
import { CAPABILITIES, plural } from "../words.ts";
import { Section } from "./section.tsx";

/** How far the answer is. */
export type State = { kind: "working" } | { kind: "failed"; message: string } | { kind: "told"; linked: Linked };

/** Links the package with the others at hand, once per package. */
export function useLinked(scanned: ScannedPackage): State {
  const [state, setState] = useState<State>({ kind: "working" });
  useEffect(() => {
    const now = screen.value;
    if (now.kind !== "report") return;
    const abort = new AbortController();
    setState({ kind: "working" });
    effectsOf(now.scan, scanned, abort.signal).then(
      (linked) => {
        if (!abort.signal.aborted) setState({ kind: "told", linked });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => abort.abort();
  }, [scanned]);
  return state;
}

const LEAD = "What each import does once it is used, followed through every package that is at hand.";

export function Exports({ state }: { state: State }) {
  return (
    <Section id="exports" title="Exports" lead={LEAD}>
      {state.kind === "working" && <p class="faint">Following what each export leads to…</p>}
      {state.kind === "failed" && <p>This could not be worked out: {state.message}.</p>}
      {state.kind === "told" && <Told linked={state.linked} />}
    </Section>
  );
}

function Told({ linked }: { linked: Linked }) {
  const [chosen, choose] = useState(0);
  const field = useId();
  const all = linked.report?.subpaths.filter((one) => one.exports.length > 0 || one.import.kind !== "pure") ?? [];
  const subpath = all[chosen] ?? all[0];
  if (!linked.report) return <p>Nothing of it could be read, so nothing can be said about what it exports.</p>;
  if (!subpath) return <p>It exports nothing, and importing it does nothing outside its own values.</p>;
  const { name } = linked.report;
  return (
    <>
      {all.length > 1 && (
        <p class="filter">
          <label for={field}>Imported as</label>
          <select id={field} value={String(chosen)} onChange={(event) => choose(Number(event.currentTarget.value))}>
            {all.map((one, index) => (
              <option key={one.subpath} value={String(index)}>
                {`${name}${one.subpath.slice(1)}`}
              </option>
            ))}
          </select>
        </p>
      )}
      <Subpath key={subpath.subpath} subpath={subpath} linked={linked} />
    </>
  );
}

/** What may need a person comes first. */
const KINDS: EffectKind[] = ["effects", "unknown", "pure"];

const COUNTED: Record<EffectKind, string> = { effects: "with effects", unknown: "cannot be told", pure: "pure" };

/** A list that fits on the screen needs no filter. */
const SHORT = 12;

function Subpath({ subpath, linked }: { subpath: SubpathEffects; linked: Linked }) {
  const [wanted, setWanted] = useState("");
  const [kind, setKind] = useState<EffectKind | "">("");
  const nameField = useId();
  const kindField = useId();
  const { exports } = subpath;
  const counts = KINDS.map((one) => ({ kind: one, count: exports.filter(({ effect }) => effect.kind === one).length })).filter(({ count }) => count > 0);
  const shown = exports
    .filter(({ name, effect }) => name.toLowerCase().includes(wanted.toLowerCase()) && (kind === "" || effect.kind === kind))
    .sort((a, b) => KINDS.indexOf(a.effect.kind) - KINDS.indexOf(b.effect.kind));
  const missing = missingIn(subpath);
  return (
    <>
      <p class="exports-count">
        {plural(exports.length, "export")}
        {counts.length > 0 && `: ${counts.map(({ kind: one, count }) => `${count.toLocaleString("en")} ${COUNTED[one]}`).join(", ")}`}.
        {subpath.open && " It may export more than its code tells."}
      </p>
      {missing.length > 0 && (
        <p class="hint">
          Not at hand:{" "}
          {missing.slice(0, SHORT).map((name, index) => (
            <span key={name}>
              {index > 0 && ", "}
              <code>{name}</code>
            </span>
          ))}
          {missing.length > SHORT && ` and ${plural(missing.length - SHORT, "more", "more")}`}. Drop the node_modules folder, or these packages together with this one, and they are followed too.
        </p>
      )}
      {exports.length > SHORT && (
        <p class="filter">
          <label for={nameField}>Export contains</label>
          <input id={nameField} type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
          <label for={kindField}>Kind</label>
          <select id={kindField} value={kind} onChange={(event) => setKind(event.currentTarget.value as EffectKind | "")}>
            <option value="">all</option>
            {counts.map(({ kind: one }) => (
              <option key={one} value={one}>
                {COUNTED[one]}
              </option>
            ))}
          </select>
          <span class="faint" role="status">
            {shown.length.toLocaleString("en")} of {exports.length.toLocaleString("en")}
          </span>
        </p>
      )}
      <ul class="powers exports-list">
        {subpath.import.kind !== "pure" && <Row key="import" label="importing it, nothing used" effect={subpath.import} linked={linked} />}
        <Capped key={`${kind} ${wanted}`} items={shown} first={30} noun="exports">
          {({ name, effect }: ExportEffect) => <Row key={`export ${name}`} name={name} effect={effect} linked={linked} />}
        </Capped>
      </ul>
    </>
  );
}

function Row({ name, label, effect, linked }: { name?: string; label?: string; effect: Effect; linked: Linked }) {
  const title = <span class="power-name">{name === undefined ? label : <code>{name === "*" ? "* (whatever it exports)" : name}</code>}</span>;
  if (effect.reasons.length === 0) {
    return (
      <li class="export">
        {title}
        <span class="power-tags">
          <Tags effect={effect} />
        </span>
      </li>
    );
  }
  return (
    <li>
      <details class="power">
        <summary>
          {title}
          <span class="power-tags">
            <Tags effect={effect} />
          </span>
        </summary>
        <ul class="uses">
          <Capped items={effect.reasons} first={12} noun="reasons">
            {(reason, index) => <Reason key={index} reason={reason} name={name} linked={linked} />}
          </Capped>
        </ul>
      </details>
    </li>
  );
}

function Tags({ effect: { kind, reasons } }: { effect: Effect }) {
  if (kind === "pure") return <span class="tag pure">pure</span>;
  if (kind === "unknown") return <span class="tag unknown">cannot be told</span>;
  return (
    <>
      {[...new Set(reasons.map(powerOf))].map((power) => (
        <span key={power} class="tag" title={CAPABILITIES[power as Capability]}>
          {power}
        </span>
      ))}
    </>
  );
}

function Reason({ reason, name, linked }: { reason: EffectReason; name: string | undefined; linked: Linked }) {
  const way = wayOf(reason, name);
  return (
    <li>
      <span>
        <Phrase text={reason.message} />
      </span>
      {reason.reach && reason.reach !== "unreached" && <ReachTag reach={reason.reach} />}
      {reason.file && <PlaceButton file={reason.file} range={reason.range} note={reason.message} within={linked.packageOf(reason)} />}
      {way.length > 0 && (
        <span class="known faint">
          <span>through {way.join(" → ")}</span>
        </span>
      )}
    </li>
  );
}

/** The analyser's messages begin with the power: `network through …`. */
function powerOf({ message }: EffectReason): string {
  const [word = ""] = message.split(" ");
  return Object.hasOwn(CAPABILITIES, word) ? word : message;
}

const MOST_STEPS = 8;

/** The named statements and the packages that lead to a place. */
function wayOf({ path = [], package: end }: EffectReason, name: string | undefined): string[] {
  const steps: string[] = [];
  let within = path[0]?.package;
  for (const step of path) {
    if (step.package !== within) {
      within = step.package;
      steps.push(step.package);
    }
    if (step.name !== "") steps.push(step.name);
  }
  const distinct = steps.filter((step, index) => step !== steps[index - 1]);
  // The export itself, or the package of the place: both are said already.
  if (distinct.length === 1 && (distinct[0] === end || distinct[0] === name)) return [];
  const left = distinct.length - MOST_STEPS;
  if (left > 0) distinct.splice(2, left + 1, `${left + 1} more`);
  return distinct;
}

/** Packages that something leads to and that were not handed over. */
function missingIn({ import: importing, exports }: SubpathEffects): string[] {
  const names = new Set<string>();
  for (const { reasons } of [importing, ...exports.map(({ effect }) => effect)]) {
    for (const { message } of reasons) {
      const name = /^imports `([^`]+)`, which is not at hand$/.exec(message)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}

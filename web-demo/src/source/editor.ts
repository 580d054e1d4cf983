/** CodeMirror, to read with. It lives in a shadow root, where its style sheets need no inline styles. */
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, highlightSpecialChars, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import type { View } from "./window.ts";

/** Characters that a reader cannot see or that reorder what is seen: shown as marked boxes. */
const DECEPTIVE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\uffa0\u{e0000}-\u{e01ef}]/gu;

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overscrollBehavior: "contain" },
  ".cm-content": { padding: "0.5rem 0" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.9rem 0 0.75rem", minWidth: "2.75rem" },
  ".place": { backgroundColor: "var(--mark)", boxShadow: "inset 0 -2px 0 var(--mark-line)", borderRadius: "2px", color: "var(--ink)" },
  ".place *": { color: "var(--ink) !important" },
  ".place-line": { backgroundColor: "var(--mark-faint)" },
  ".cm-specialChar": { color: "var(--paper)", backgroundColor: "var(--block)", borderRadius: "2px", padding: "0 2px" },
  ".cm-cursor": { display: "none" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selection)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-function)" },
  { tag: [tags.typeName, tags.className], color: "var(--code-type)" },
  { tag: tags.propertyName, color: "var(--code-property)" },
]);

/** Shows a view in the host element; the place is highlighted and scrolled to. */
export function openEditor(host: HTMLElement, file: string, view: View, wrap: boolean): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const { mark, text, firstLine } = view;
  const extensions: Extension[] = [
    theme,
    syntaxHighlighting(colours),
    lineNumbers({ formatNumber: (line) => String(line + firstLine - 1) }),
    highlightSpecialChars({ addSpecialChars: DECEPTIVE, render: boxed }),
    drawSelection(),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": `Source of ${file}`, "aria-readonly": "true" }),
    // From the middle of a line it is not known whether a quote opens or closes.
    view.fromLineStart ? languageOf(file) : [],
    wrap ? EditorView.lineWrapping : [],
    mark ? placeOf(mark, text) : [],
  ];
  const state = EditorState.create({ doc: text, extensions, ...(mark ? { selection: { anchor: Math.min(mark.from, text.length) } } : {}) });
  const editor = new EditorView({ state, root, parent: root as unknown as Element });
  if (mark) editor.dispatch({ effects: EditorView.scrollIntoView(positionIn(state, text, mark.from), { y: "center", x: "center" }) });
  return editor;
}

/** CodeMirror counts `\r\n` as one character. */
function positionIn(state: EditorState, text: string, offset: number): number {
  let dropped = 0;
  for (let at = text.indexOf("\r\n"); at >= 0 && at < offset; at = text.indexOf("\r\n", at + 2)) dropped += 1;
  return Math.min(offset - dropped, state.doc.length);
}

function placeOf(mark: { from: number; to: number }, text: string): Extension {
  return EditorView.decorations.of((view) => {
    const from = positionIn(view.state, text, mark.from);
    const to = Math.max(positionIn(view.state, text, mark.to), Math.min(from + 1, view.state.doc.length));
    const line = Decoration.line({ class: "place-line" }).range(view.state.doc.lineAt(from).from);
    return Decoration.set(from < to ? [line, Decoration.mark({ class: "place" }).range(from, to)] : [line], true);
  });
}

function boxed(code: number): HTMLElement {
  const box = document.createElement("span");
  box.className = "cm-specialChar";
  box.textContent = code < 32 ? "•" : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  box.title = "a character that cannot be seen";
  return box;
}

function languageOf(file: string): Extension {
  if (/\.json$/i.test(file)) return json();
  if (/\.(md|txt|gyp|sh|ya?ml|css|html?|map)$/i.test(file)) return [];
  return javascript({ jsx: /\.[cm]?[jt]sx?$/i.test(file) && !/\.[cm]?ts$/i.test(file), typescript: /\.[cm]?tsx?$/i.test(file) });
}

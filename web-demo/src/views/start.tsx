/** The first screen: where a package is handed over. */
import { useEffect, useRef, useState } from "preact/hooks";

import { detect, FILE_NAMES, LANGUAGE_LABELS, type Language } from "../intake/detect.ts";
import { SAMPLES } from "../samples/samples.ts";
import { scanList, scanSample, scanText } from "../state.ts";
import { BoxIcon } from "../ui/icons.tsx";

export function Start() {
  const paste = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");

  useEffect(() => {
    // A paste anywhere means the same as a paste into the box.
    const onPaste = (event: ClipboardEvent): void => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      if (pasted === "" || isTextField(event.target)) return;
      event.preventDefault();
      setText(pasted);
      paste.current?.focus();
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, []);

  return (
    <div class="start">
      <div class="start-words">
        <h1 tabIndex={-1}>What can this package do?</h1>
        <p class="lead">
          importguard reads an npm package before you import it, and tells what it can do and what it looks like it intends. It reads here, in your browser:
          nothing is uploaded, and nothing of the package is run.
        </p>
      </div>
      <Drop />
      <Paste text={text} setText={setText} field={paste} />
      <Samples />
    </div>
  );
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}

function Drop() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const chosen = (input: HTMLInputElement): void => {
    if (input.files && input.files.length > 0) void scanList(input.files);
  };
  return (
    <section class="drop" aria-labelledby="drop-title">
      <BoxIcon />
      <h2 id="drop-title">Drop a package here</h2>
      <p>A .tgz, a folder, a node_modules or single files. You can drop anywhere on this page.</p>
      <div class="row">
        <button type="button" class="primary" onClick={() => files.current?.click()}>
          Choose files
        </button>
        <button type="button" onClick={() => folder.current?.click()}>
          Choose a folder
        </button>
      </div>
      <input ref={files} type="file" multiple hidden aria-label="Files of a package" data-test="files" onChange={(event) => chosen(event.currentTarget)} />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label="Folder of a package"
        data-test="folder"
        {...{ webkitdirectory: true }}
        onChange={(event) => chosen(event.currentTarget)}
      />
    </section>
  );
}

interface PasteProps {
  text: string;
  setText: (text: string) => void;
  field: { current: HTMLTextAreaElement | null };
}

function Paste({ text, setText, field }: PasteProps) {
  const [chosen, setChosen] = useState<Language | "">("");
  const language = chosen || detect(text);
  const empty = text.trim() === "";
  return (
    <form
      class="paste"
      aria-labelledby="paste-title"
      onSubmit={(event) => {
        event.preventDefault();
        if (!empty) void scanText(FILE_NAMES[language], text);
      }}
    >
      <h2 id="paste-title">Or paste code, or a package.json</h2>
      <label class="visually-hidden" for="paste-text">
        Code or package.json
      </label>
      <textarea
        id="paste-text"
        ref={field}
        rows={6}
        spellcheck={false}
        autocomplete="off"
        placeholder={"const { exec } = require('child_process');\n…"}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="row">
        <button type="submit" disabled={empty}>
          Check this
        </button>
        <label class="read-as">
          Read as{" "}
          <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value as Language | "")}>
            <option value="">{empty ? "detected" : `${LANGUAGE_LABELS[detect(text)]} (detected)`}</option>
            {(Object.keys(LANGUAGE_LABELS) as Language[]).map((one) => (
              <option key={one} value={one}>
                {LANGUAGE_LABELS[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
    </form>
  );
}

function Samples() {
  return (
    <section class="samples" aria-labelledby="samples-title">
      <h2 id="samples-title">Or try one of ours</h2>
      <ul>
        {SAMPLES.map((sample) => (
          <li key={sample.name}>
            <button type="button" class="sample" onClick={() => void scanSample(sample.name, sample.files)}>
              <strong>{sample.name}</strong>
              <span>{sample.about}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// What is printed: code frames and texts from packages.

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { codeFrame, printable } from "../dist/frame.js";
import { fileOf, packageFolder, specifierPackage } from "../dist/ids.js";

const join = (...parts) => path.resolve("/", ...parts);

test("a frame underlines the place below the two lines before it", () => {
  const source = "one\ntwo\nthree\nimport x from 'pkg';\nfive";
  assert.equal(
    codeFrame(source, { line: 3, column: 14, length: 5 }),
    ["  2 | two", "  3 | three", "> 4 | import x from 'pkg';", "    |               ^^^^^"].join("\n"),
  );
});

test("a frame of a very long line shows the part around the place", () => {
  const source = `${"a".repeat(5000)}require('pkg')${"b".repeat(5000)}`;
  const [text, mark] = codeFrame(source, { line: 0, column: 5008, length: 5 }).split("\n");
  assert.ok(text.length < 140);
  const at = mark.indexOf("^");
  assert.equal(text.slice(at, mark.lastIndexOf("^") + 1), "'pkg'");
});

test("an underline ends with its line", () => {
  const [, mark] = codeFrame("ab", { line: 0, column: 1, length: 50 }).split("\n");
  assert.equal(mark, "    |  ^");
});

test("text from a package cannot steer the terminal", () => {
  assert.equal(printable("a\u001b[2Jb\u202ec\rd"), "a\\u{1b}[2Jb\\u{202e}c\\u{d}d");
  assert.equal(printable("tab\tand ünïcode 😀"), "tab\tand ünïcode 😀");
});

test("an escaped character in front moves the underline with it", () => {
  const [text, mark] = codeFrame("x\u202ey('p')", { line: 0, column: 4, length: 3 }).split("\n");
  assert.equal(text.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1), "'p'");
});

test("module ids lead to files", () => {
  const file = join("app", "node_modules", "a", "index.js");
  for (const id of [file, `${file}?v=1234`, `\0${file}?commonjs-module`, `${file}#hash`]) assert.equal(fileOf(id), file);
  for (const id of ["\0vite/preload-helper.js", "virtual:routes", "event-stream"]) assert.equal(fileOf(id), undefined);
});

test("files lead to the package they are installed in", () => {
  const modules = join("app", "node_modules");
  const of = (...parts) => packageFolder(path.join(modules, ...parts));
  assert.equal(of("a", "esm", "index.js"), path.join(modules, "a"));
  assert.equal(of("@s", "a", "index.js"), path.join(modules, "@s", "a"));
  assert.equal(of("a", "node_modules", "b", "x.js"), path.join(modules, "a", "node_modules", "b"));
  assert.equal(of(".pnpm", "a@1.0.0", "node_modules", "a", "x.js"), path.join(modules, ".pnpm", "a@1.0.0", "node_modules", "a"));
  assert.equal(of(".vite", "deps", "a.js"), undefined);
  assert.equal(of("loose.js"), undefined);
  assert.equal(packageFolder(join("app", "src", "main.js")), undefined);
});

test("specifiers name packages", () => {
  const names = { "a/b": "a", "@s/a": "@s/a", "@s/a/b.js": "@s/a", "./a": undefined, "/a": undefined, "node:fs": undefined, "\0made": undefined };
  for (const [specifier, name] of Object.entries(names)) {
    assert.equal(specifierPackage(specifier), name, specifier);
  }
});

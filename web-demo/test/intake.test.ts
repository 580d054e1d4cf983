/** What was dropped, sorted into packages; what was pasted, named. */
import { expect, test } from "vitest";

import { detect } from "../src/intake/detect.ts";
import { group } from "../src/intake/group.ts";

function groupOf(...paths: string[]): Record<string, string[]> {
  const files = paths.map((path) => ({ path, file: new File(["x"], path.split("/").at(-1) ?? path) }));
  return Object.fromEntries(
    group({ files, unreadable: [] }).map((one) => [one.path, one.kind === "files" ? one.files.map((file) => file.path) : [one.kind]]),
  );
}

test("a folder is one package, its paths inside it", () => {
  expect(groupOf("pkg/package.json", "pkg/lib/a.js")).toEqual({ pkg: ["package.json", "lib/a.js"] });
});

test("packages in node_modules are packages of their own, nested and linked ones too", () => {
  const inStore = "app/node_modules/.pnpm/b@1/node_modules/b";
  expect(
    groupOf(
      "app/package.json",
      "app/index.js",
      "app/node_modules/a/package.json",
      "app/node_modules/a/test/fixture/package.json",
      "app/node_modules/a/node_modules/@s/c/package.json",
      "app/node_modules/a/node_modules/@s/c/index.js",
      `${inStore}/package.json`,
    ),
  ).toEqual({
    app: ["package.json", "index.js"],
    "app/node_modules/a": ["package.json", "test/fixture/package.json"],
    "app/node_modules/a/node_modules/@s/c": ["package.json", "index.js"],
    [inStore]: ["package.json"],
  });
});

test("several folders side by side are several packages", () => {
  expect(groupOf("a/package.json", "a/index.js", "b/package.json")).toEqual({ a: ["package.json", "index.js"], b: ["package.json"] });
});

test("single files are looked at together, one under its own name", () => {
  expect(groupOf("a.js")).toEqual({ "a.js": ["a.js"] });
  expect(groupOf("a.js", "package.json")).toEqual({ "dropped files": ["a.js", "package.json"] });
});

test("tarballs on their own are packages, a tarball among a package's files is a file", () => {
  expect(groupOf("a-1.0.0.tgz", "b.tar.gz")).toEqual({ "a-1.0.0.tgz": ["tarball"], "b.tar.gz": ["tarball"] });
  expect(groupOf("pkg/package.json", "pkg/vendor.tgz")).toEqual({ pkg: ["package.json", "vendor.tgz"] });
});

test("what could not be listed stays with its package", () => {
  const files = [{ path: "pkg/package.json", file: new File(["{}"], "package.json") }];
  const [found] = group({ files, unreadable: [{ path: "pkg/lib/secret.js", message: "permission denied" }] });
  expect(found).toMatchObject({ issues: [{ kind: "unreadable", file: "lib/secret.js", message: "permission denied" }] });
});

test.each([
  ['{ "name": "x", "dependencies": {} }', "manifest"],
  ['{ "scripts": { "postinstall": "node x" }, oops', "manifest"],
  ["const { exec } = require('child_process');", "javascript"],
  ["const a = 1 < 2 && 3 > 1;", "javascript"],
  ["interface A { b: string }", "typescript"],
  ["const a: string = 'x';", "typescript"],
  ["export const A = () => <div class='x'>hi</div>;", "jsx"],
  ["const A = (p: Props): JSX.Element => { return <B {...p} />; };", "tsx"],
])("%s is %s", (text, language) => {
  expect(detect(text)).toBe(language);
});

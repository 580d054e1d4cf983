/** Every screen against axe's rules, in both colour schemes, wide and narrow. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

import type { AxeResults } from "axe-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openSite, visit, type Site, type Visit } from "./browser.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

async function violations({ page }: Visit): Promise<string[]> {
  // Evaluated by the debugger, which the page's policy does not concern.
  await page.evaluate(AXE);
  const results = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`));
}

test.each([
  ["light", 1280],
  ["dark", 1280],
  ["light", 390],
  ["dark", 390],
] as const)("%s, %i px", async (colorScheme, width) => {
  const here = await visit(site, { colorScheme, width });
  const { page } = here;
  const found: Record<string, string[]> = {};
  found["start"] = await violations(here);
  await page.getByRole("button", { name: /color-helpers-pro/ }).click();
  await page.waitForSelector("#verdict-title");
  await page.locator(".exports-list").waitFor();
  for (const power of await page.locator("details.power").all()) await power.evaluate((one: HTMLDetailsElement) => (one.open = true));
  found["report"] = await violations(here);
  await page.locator(".finding button.where").first().click();
  await page.locator(".pane-editor .place").first().waitFor();
  found["source"] = await violations(here);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: /^Why/ }).first().click();
  await page.locator("article.rules").waitFor();
  found["rule"] = await violations(here);
  await page.getByRole("link", { name: "All rules" }).click();
  await page.locator(".rule-list").waitFor();
  found["rules"] = await violations(here);
  await page.getByRole("button", { name: "New scan" }).click();
  const lines = Array.from({ length: 40 }, (_, index) => `export const get${index} = () => fetch('https://h.example.invalid');\nexport { lost${index} } from 'nowhere';`);
  await page.getByLabel("Code or package.json").fill(lines.join("\n"));
  await page.getByRole("button", { name: "Check this" }).click();
  await page.locator(".exports-list").waitFor();
  for (const one of await page.locator(".exports-list details").all()) await one.evaluate((details: HTMLDetailsElement) => (details.open = true));
  found["exports"] = await violations(here);
  await page.getByRole("button", { name: "New scan" }).click();
  await page.locator('[data-test="files"]').setInputFiles({ name: "broken.tgz", mimeType: "application/gzip", buffer: Buffer.from([1, 2, 3]) });
  await page.locator(".failure").waitFor();
  found["failure"] = await violations(here);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await here.close();
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((screen) => [screen, []])));
  expect(overflow).toBe(0);
});

/** A real browser on the built page; whatever the page does wrong behind the scenes is kept. */
import { existsSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { chromium, type Browser, type CDPSession, type Page } from "playwright-core";

import { serve, type Served } from "./serve.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/usr/bin/microsoft-edge"];

export interface Site {
  browser: Browser;
  served: Served;
  scratch: string;
  close(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const executablePath = process.env["CHROMIUM"] ?? PLACES.find((place) => existsSync(place));
  if (!executablePath) throw new Error("these tests need Chromium, Chrome or Edge; CHROMIUM may name its program");
  const served = await serve(new URL("../dist/", import.meta.url).pathname);
  const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
  const scratch = mkdtempSync(path.join(os.tmpdir(), "importguard-page-"));
  return {
    browser,
    served,
    scratch,
    close: async () => {
      await browser.close();
      await served.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

export interface Visit {
  page: Page;
  /** Everything that must not happen: errors, violations of the policy, requests to other places. */
  problems: string[];
  /** Drops real files or folders onto the page, as a person would. */
  drop(...paths: string[]): Promise<void>;
  close(): Promise<void>;
}

export interface VisitOptions {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  hash?: string;
}

export async function visit(site: Site, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1280, height = 900, colorScheme = "light", hash = "" } = options;
  const context = await site.browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce", acceptDownloads: true });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  const own = new URL(site.served.url).origin;
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== own && url.protocol !== "blob:" && url.protocol !== "data:") problems.push(`request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const session: CDPSession = await context.newCDPSession(page);
  await page.goto(site.served.url + hash);
  await page.waitForSelector("h1");
  return {
    page,
    problems,
    drop: async (...paths) => {
      const data = { items: [], files: paths, dragOperationsMask: 1 };
      for (const type of ["dragEnter", "dragOver", "drop"] as const) {
        await session.send("Input.dispatchDragEvent", { type, x: width / 2, y: height / 2, data });
      }
    },
    close: () => context.close(),
  };
}

/** The text that the source view highlights, and whether it is in sight. */
export async function highlighted(page: Page): Promise<{ text: string; inSight: boolean }> {
  const place = page.locator(".pane-editor .place").first();
  await place.waitFor();
  await page.waitForTimeout(100);
  return page.locator(".pane-editor").evaluate((host) => {
    const root = host.shadowRoot;
    const marks = [...(root?.querySelectorAll(".place") ?? [])];
    const frame = root?.querySelector(".cm-scroller")?.getBoundingClientRect();
    const box = marks[0]?.getBoundingClientRect();
    const inSight = !!frame && !!box && box.top >= frame.top && box.top < frame.bottom && box.left < frame.right && box.right > frame.left;
    return { text: marks.map((mark) => mark.textContent).join(""), inSight };
  });
}

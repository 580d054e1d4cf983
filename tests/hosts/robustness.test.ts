/** Hostile input through the WebAssembly build in Node: an answer, never a crash, and nothing lost beside it. */
import { type Analyzer, type PackageReport } from "importguard-wasm";
import { inProcess } from "importguard-wasm/in-process";
import { createAnalyzer } from "importguard-wasm";
import { createNodeAnalyzer, nodeWorker, readWasm } from "importguard-wasm/node";
import { afterAll, describe, expect, test } from "vitest";

import { PAYLOAD, SHAPES } from "./shapes.ts";

/** The smallest stack of all hosts: Node's main thread has about what a browser has. */
const mainThread = createAnalyzer({ worker: inProcess, wasm: () => readWasm(), cacheBytes: 0 });
const threads = createNodeAnalyzer({ cacheBytes: 0 });
afterAll(() => {
  mainThread.dispose();
  threads.dispose();
});

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function scan(analyzer: Analyzer, files: Record<string, string | Uint8Array>): Promise<PackageReport> {
  const input = {
    path: "hostile",
    files: Object.entries({ "package.json": '{"name":"hostile","main":"index.js"}', ...files }).map(([path, content]) => ({
      path,
      bytes: typeof content === "string" ? encode(content) : content,
    })),
  };
  const report = (await analyzer.scanFiles(input)).packages[0];
  if (!report) throw new Error("a scan of one package gave none");
  return report;
}

const powers = (report: PackageReport, file: string): string[] => report.capabilities.filter((use) => use.file === file).map((use) => use.capability);

describe.each([
  ["the main thread", mainThread],
  ["a worker thread", threads],
])("in %s", (_, analyzer) => {
  test.each(SHAPES)("100,000 $name: an issue, no crash, and the payload behind them is named", async ({ make }) => {
    const report = await scan(analyzer, { "index.js": make(100_000) + PAYLOAD, "beside.js": "fetch('https://api.example.invalid');" });
    const issues = report.issues.filter((issue) => issue.file === "index.js");
    expect(issues.length).toBeGreaterThan(0);
    expect(issues.map((issue) => issue.kind)).not.toContain("crashed");
    expect(powers(report, "index.js")).toContain("process-exec");
    expect(powers(report, "beside.js")).toContain("network");
    expect(report.effect.kind).not.toBe("pure");
  });

  test("no depth in between brings it down", async () => {
    for (const { make } of SHAPES) {
      for (const count of [50, 100, 150, 200, 300, 450, 700, 1_000, 1_500, 2_500, 5_000, 10_000]) {
        const { issues } = await scan(analyzer, { "index.js": make(count) });
        expect(issues.filter((issue) => issue.kind === "crashed")).toEqual([]);
      }
    }
  });

  test("shapes within shapes do not add up to a crash", async () => {
    for (const outer of SHAPES) {
      for (const count of [60, 120, 250]) {
        const inner = "(".repeat(count) + "[".repeat(count) + "`${".repeat(count) + "1" + "}`".repeat(count) + "]".repeat(count) + ")".repeat(count);
        const { issues } = await scan(analyzer, { "index.js": outer.make(count).replace("1", inner) });
        expect(issues.filter((issue) => issue.kind === "crashed")).toEqual([]);
      }
    }
  });

  test("an else-if chain of 40,000 links takes no time worth mentioning", async () => {
    const began = performance.now();
    const chain = Array.from({ length: 40_000 }, (__, index) => `if (a === ${index}) { b(${index}); }`).join(" else ");
    const report = await scan(analyzer, { "index.js": `${chain}\n${PAYLOAD}` });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(report.issues.map((issue) => issue.kind)).not.toContain("crashed");
    expect(powers(report, "index.js")).toContain("process-exec");
  });

  test("50 MB in one line: an issue, and the rest of the package is read", async () => {
    const report = await scan(analyzer, { "index.js": new Uint8Array(50_000_000).fill(97), "beside.js": PAYLOAD });
    expect(report.issues).toContainEqual(expect.objectContaining({ kind: "too-large", file: "index.js" }));
    expect(powers(report, "beside.js")).toContain("process-exec");
  });

  test("bytes that are no text, nothing at all, and a manifest that is none", async () => {
    const noise = new Uint8Array(4_096).map((__, index) => (index * 7_919) % 256);
    const report = await scan(analyzer, { "package.json": "[]", "index.js": noise, "empty.js": "", "beside.js": PAYLOAD });
    expect(report.issues).toContainEqual(expect.objectContaining({ kind: "manifest", file: "package.json" }));
    expect(report.issues).toContainEqual(expect.objectContaining({ kind: "invalid-utf8", file: "index.js" }));
    expect(report.issues.filter((issue) => issue.file === "empty.js")).toEqual([]);
    expect(powers(report, "beside.js")).toContain("process-exec");
  });

  test("a damaged tarball is an issue, and what is no tarball at all a clear error", async () => {
    const { report, files } = await analyzer.scanTarball("broken.tgz", new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3]));
    expect(files).toEqual([]);
    expect(report.packages[0]?.issues.map((issue) => issue.kind)).toContain("archive");
    for (const bytes of [new Uint8Array(), encode("this is not an archive")]) {
      await expect(analyzer.scanTarball("text.tgz", bytes)).rejects.toMatchObject({ name: "AnalyzerError", code: "invalid-input", message: expect.stringMatching("archive") });
    }
  });
});

describe("a trap", () => {
  test("loses only the file that caused it; the instance is replaced", async () => {
    // So small a stack that what the limits let through is still too deep.
    const analyzer = createNodeAnalyzer({ worker: () => nodeWorker(undefined, { stackSizeMb: 0.3 }), cacheBytes: 0 });
    const deep = `${"[".repeat(100)}${"(function(){".repeat(40)}${"})()".repeat(40)}${"]".repeat(100)};`;
    const report = await scan(analyzer, { "index.js": deep, "beside.js": PAYLOAD, "again.js": deep, "last.js": PAYLOAD });
    expect(report.issues.filter((issue) => issue.kind === "crashed").map((issue) => issue.file)).toEqual(["again.js", "index.js"]);
    expect(report.issues.find((issue) => issue.file === "index.js")?.message).toMatch(/failed on this file and was restarted/);
    expect(powers(report, "beside.js")).toContain("process-exec");
    expect(powers(report, "last.js")).toContain("process-exec");
    analyzer.dispose();
  });
});

describe("time", () => {
  test("a scan of a large package is cancelled at once", async () => {
    const source = "export function f(a) { return a.map((b) => b + 1); }\n".repeat(30_000);
    const controller = new AbortController();
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}.js`, source]));
    let began = 0;
    const input = { path: "long", files: Object.entries(files).map(([path, text]) => ({ path, bytes: encode(text) })) };
    const pending = threads.scanFiles(input, {
      signal: controller.signal,
      onProgress: (done) => {
        if (done !== 2) return;
        began = performance.now();
        controller.abort();
      },
    });
    await expect(pending).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - began).toBeLessThan(200);
    expect(powers(await scan(threads, { "index.js": PAYLOAD }), "index.js")).toContain("process-exec");
  });
});

describe("memory", () => {
  test("1,000 scans do not grow without bound", async () => {
    const files = { "index.js": `${"function f(a) { return require('fs').readFileSync(a); }\n".repeat(200)}${PAYLOAD}`, "b.js": "export const b = 1;" };
    const scanMany = async (times: number): Promise<number> => {
      for (let count = 0; count < times; count += 1) await scan(mainThread, files);
      return process.memoryUsage().rss;
    };
    const warm = await scanMany(200);
    const end = await scanMany(800);
    expect(end - warm).toBeLessThan(64 * 1024 * 1024);
  });
});

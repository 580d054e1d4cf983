/** The wrapper against workers that hang, trap, die or never start. */
import { createAnalyzer, type Analyzer, type AnalyzerOptions, type Report } from "importguard-wasm";
import { afterEach, expect, test } from "vitest";

import { fakeWorkers, type FakeWorkers } from "./fake-worker.ts";

const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const open: Analyzer[] = [];

afterEach(() => {
  for (const analyzer of open.splice(0)) analyzer.dispose();
});

function analyzerOf(workers: FakeWorkers, options: Partial<AnalyzerOptions> = {}): Analyzer {
  const analyzer = createAnalyzer({ worker: workers.make, wasm: EMPTY_MODULE, fileTimeoutMs: 400, cacheBytes: 0, ...options });
  open.push(analyzer);
  return analyzer;
}

function packageOf(...paths: string[]): { path: string; files: { path: string; bytes: Uint8Array }[] } {
  return { path: "pkg", files: paths.map((path) => ({ path, bytes: new TextEncoder().encode(`// ${path}`) })) };
}

/** What the fake reports: the files that arrived and the issues. */
function outcome(report: Report): { files: string[]; issues: { kind: string; file: string; message: string }[] } {
  return report.packages[0] as unknown as ReturnType<typeof outcome>;
}

const PATHS = Array.from({ length: 20 }, (_, index) => `f${index}.js`);

test.each([
  ["trap", 1],
  ["hang", 2],
  ["die", 2],
] as const)("a file that makes the worker %s loses only that file", async (behaviour, started) => {
  const workers = fakeWorkers((path) => (path === "f7.js" ? behaviour : "answer"));
  const { files, issues } = outcome(await analyzerOf(workers).scanFiles(packageOf(...PATHS)));
  expect(files).toEqual(PATHS.filter((path) => path !== "f7.js"));
  expect(issues).toHaveLength(1);
  expect(issues[0]).toMatchObject({ kind: "crashed", file: "f7.js" });
  expect(workers.started).toBe(started);
});

test("every file may fail, and the scan still ends with a report", async () => {
  const workers = fakeWorkers((path) => (path < "f5.js" ? "trap" : "die"));
  const { files, issues } = outcome(await analyzerOf(workers, { workers: 3 }).scanFiles(packageOf(...PATHS)));
  expect(files).toEqual([]);
  expect(issues.map((issue) => issue.file).sort()).toEqual([...PATHS].sort());
});

test("an abort between files rejects at once with the signal's reason", async () => {
  const workers = fakeWorkers(() => "answer");
  const controller = new AbortController();
  const scan = analyzerOf(workers).scanFiles(packageOf(...PATHS), {
    signal: controller.signal,
    onProgress: (done) => done === 3 && controller.abort(new Error("enough")),
  });
  await expect(scan).rejects.toThrow("enough");
  const begun = workers.begun.length;
  expect(begun).toBeLessThan(PATHS.length);
});

test("an abort within a file ends the worker soon, and the next scan gets a new one", async () => {
  const workers = fakeWorkers((path) => (path === "hangs.js" ? "hang" : "answer"));
  const analyzer = analyzerOf(workers, { fileTimeoutMs: 60_000 });
  const controller = new AbortController();
  const scan = analyzer.scanFiles(packageOf("hangs.js"), { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  const began = performance.now();
  await expect(scan).rejects.toMatchObject({ name: "AbortError" });
  expect(performance.now() - began).toBeLessThan(300);
  const next = await analyzer.scanFiles(packageOf("fine.js"));
  expect(outcome(next).files).toEqual(["fine.js"]);
  expect(workers).toMatchObject({ started: 2, ended: 1 });
  expect(performance.now() - began).toBeLessThan(1_500);
});

test("an aborted signal starts nothing", async () => {
  const workers = fakeWorkers(() => "answer");
  await expect(analyzerOf(workers).scanFiles(packageOf("a.js"), { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  expect(workers.begun).toEqual([]);
});

test("a scan that hangs holds up other scans only until its time-out", async () => {
  const workers = fakeWorkers((path) => (path === "hangs.js" ? "hang" : "answer"));
  const analyzer = analyzerOf(workers);
  const [bad, good] = await Promise.all([analyzer.scanFiles(packageOf("hangs.js")), analyzer.scanFiles(packageOf(...PATHS))]);
  expect(outcome(bad).issues).toHaveLength(1);
  expect(outcome(good)).toMatchObject({ files: PATHS, issues: [] });
});

test("a worker that does not start is a clear error", async () => {
  const workers = fakeWorkers(() => "answer", "fail");
  await expect(analyzerOf(workers).scanFiles(packageOf("a.js"))).rejects.toMatchObject({
    name: "AnalyzerError",
    code: "worker-failed",
    message: "the analyser's worker did not start: out of memory",
  });
});

test("a worker that cannot even be made is a clear error", async () => {
  const workers = fakeWorkers(() => "answer");
  workers.make = () => {
    throw new Error("no workers here");
  };
  await expect(analyzerOf(workers).ruleCatalog()).rejects.toMatchObject({ code: "worker-failed", message: expect.stringContaining("no workers here") });
});

test("a damaged module is a clear error, and a later call tries again", async () => {
  let given = new Uint8Array([1, 2, 3]);
  const analyzer = analyzerOf(fakeWorkers(() => "answer"), { wasm: () => given });
  await expect(analyzer.scanFiles(packageOf("a.js"))).rejects.toMatchObject({ name: "AnalyzerError", code: "wasm-invalid" });
  given = EMPTY_MODULE;
  expect(outcome(await analyzer.scanFiles(packageOf("a.js"))).files).toEqual(["a.js"]);
});

test("a refused call is an error of the call, not of the worker", async () => {
  const workers = fakeWorkers((path) => (path === "odd.js" ? "refuse" : "answer"));
  const analyzer = analyzerOf(workers);
  await expect(analyzer.scanFiles(packageOf("odd.js"))).rejects.toMatchObject({ code: "invalid-input", message: "not a path" });
  expect(outcome(await analyzer.scanFiles(packageOf("a.js"))).files).toEqual(["a.js"]);
  expect(workers.started).toBe(1);
});

test("disposing fails what is pending and what comes later", async () => {
  const workers = fakeWorkers(() => "hang");
  const analyzer = analyzerOf(workers, { fileTimeoutMs: 60_000 });
  const pending = analyzer.scanFiles(packageOf("a.js"));
  setTimeout(() => analyzer.dispose(), 50);
  await expect(pending).rejects.toMatchObject({ code: "disposed" });
  await expect(analyzer.ruleCatalog()).rejects.toMatchObject({ code: "disposed" });
  expect(workers.ended).toBe(1);
});

test("an idle worker is ended and started again when needed", async () => {
  const workers = fakeWorkers(() => "answer");
  const analyzer = analyzerOf(workers, { idleMs: 50 });
  await analyzer.scanFiles(packageOf("a.js"));
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(workers).toMatchObject({ started: 1, ended: 1 });
  expect(outcome(await analyzer.scanFiles(packageOf("a.js"))).files).toEqual(["a.js"]);
  expect(workers.started).toBe(2);
});

test("an unchanged file is read once; another path or other bytes are read again", async () => {
  const workers = fakeWorkers(() => "answer");
  const analyzer = analyzerOf(workers, { cacheBytes: 1 << 20 });
  await analyzer.scanFiles(packageOf("a.js", "b.js"));
  await analyzer.scanFiles(packageOf("a.js", "b.js", "c.js"));
  expect(workers.begun).toEqual(["a.js", "b.js", "c.js"]);
  await analyzer.scanFiles({ path: "pkg", files: [{ path: "a.js", bytes: new TextEncoder().encode("changed") }] });
  expect(workers.begun.at(-1)).toBe("a.js");
  expect(workers.begun).toHaveLength(4);
});

test("the cache keeps to its size", async () => {
  const workers = fakeWorkers(() => "answer");
  // Room for one entry of this kind, not for two.
  const analyzer = analyzerOf(workers, { cacheBytes: 400 });
  await analyzer.scanFiles(packageOf("a.js"));
  await analyzer.scanFiles(packageOf("b.js"));
  await analyzer.scanFiles(packageOf("b.js"));
  await analyzer.scanFiles(packageOf("a.js"));
  expect(workers.begun).toEqual(["a.js", "b.js", "a.js"]);
});

test("a view into a larger buffer is handed over alone, and the caller's bytes stay", async () => {
  let received: Uint8Array | undefined;
  const workers = fakeWorkers(() => "answer");
  const make = workers.make;
  workers.make = () => {
    const worker = make();
    return {
      ...worker,
      post: (request, transfer) => {
        if (request.op === "collect") received = structuredClone(request.bytes, { transfer });
        worker.post(request, transfer);
      },
    };
  };
  const large = Buffer.alloc(1 << 20, 120);
  const bytes = large.subarray(10, 20);
  await analyzerOf(workers).scanFiles({ path: "pkg", files: [{ path: "a.js", bytes }] });
  expect(received?.buffer.byteLength).toBe(10);
  expect(bytes.toString()).toBe("xxxxxxxxxx");
});

test("progress counts every file once", async () => {
  const seen: number[] = [];
  await analyzerOf(fakeWorkers(() => "answer"), { workers: 2 }).scanFiles(packageOf(...PATHS), {
    onProgress: (done, total) => {
      expect(total).toBe(PATHS.length);
      seen.push(done);
    },
  });
  expect(seen).toEqual(PATHS.map((_, index) => index + 1));
});

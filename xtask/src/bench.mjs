// Measures the scan of packages with the WebAssembly build on one thread: `node bench.mjs LIST.json`.
// LIST.json is what `xtask-bench list` printed; prints `SECONDS CORE TRAPS`, where CORE is the time
// that the thread had a core, or SECONDS where the system does not tell. All files are read first, untimed.
import { readFileSync } from "node:fs";
import path from "node:path";

const pkg = new URL("../../pkg/", import.meta.url);
const wasm = await import(new URL("importguard.js", pkg).href);
wasm.initSync({ module: new WebAssembly.Module(readFileSync(new URL("importguard_bg.wasm", pkg))) });

const packages = JSON.parse(readFileSync(process.argv[2], "utf8")).map(([folder, files]) => ({
  path: folder,
  files: files.map((file) => ({ path: file, bytes: new Uint8Array(readFileSync(path.join(folder, file))) })),
}));

let traps = 0;
function collect(file, asCode) {
  try {
    return wasm.collectFacts(file.path, file.bytes, asCode);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    traps++;
    wasm.__wbg_reset_state();
    return undefined;
  }
}

function scan({ path: folder, files }) {
  const facts = new Map();
  for (const file of files) facts.set(file.path, collect(file, false));
  const input = () => ({
    path: folder,
    files: [...facts].flatMap(([name, bytes]) => (bytes ? [{ path: name, facts: bytes }] : [])),
    issues: [],
  });
  const byPath = new Map(files.map((file) => [file.path, file]));
  const again = new Set();
  for (;;) {
    const result = wasm.assemblePackage(input(), undefined, false);
    if (!Array.isArray(result)) return result;
    const wanted = result.filter((name) => byPath.has(name) && !again.has(name));
    if (wanted.length === 0) return wasm.assemblePackage(input(), undefined, true);
    for (const name of wanted) {
      again.add(name);
      facts.set(name, collect(byPath.get(name), true));
    }
  }
}

/** Seconds that this thread has had a core: other programs' work is not in it. */
function onCore() {
  try {
    return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return performance.now() / 1000;
  }
}

const start = performance.now();
const core = onCore();
packages.forEach(scan);
console.log(`${((performance.now() - start) / 1000).toFixed(3)} ${(onCore() - core).toFixed(3)} ${traps}`);

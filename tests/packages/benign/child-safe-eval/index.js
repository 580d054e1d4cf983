import vm from "node:vm";

/** Evaluates the caller's formula with the caller's names, in a context of its own, within a time limit. */
export function formula(text, names = {}) {
  const context = vm.createContext(Object.assign(Object.create(null), names), { codeGeneration: { strings: false, wasm: false } });
  return vm.runInContext(`(${text})`, context, { timeout: 50 });
}

/** Whether this engine understands a piece of syntax. */
export function supports(feature) {
  const tests = { optionalChaining: "a?.b", privateIn: "class A { #x; static is(o) { return #x in o } }" };
  try {
    new vm.Script(tests[feature]);
    return true;
  } catch {
    return false;
  }
}

/** The global object, in any host. */
export const root = typeof globalThis === "object" ? globalThis : Function("return this")();

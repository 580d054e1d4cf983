/** Type-checked only: what wasm-bindgen wrote is what the wrapper expects of it. */
import type * as built from "importguard-wasm/raw";
import type { Raw } from "../../pkg/engine.js";

type Called<F> = F extends (...given: never[]) => unknown ? Parameters<F>["length"] : never;

/** Each function exists, and can be called as the wrapper calls it. */
export type Names = { [Name in keyof Raw]: Name extends keyof typeof built ? true : never };
export const names: Names = {
  initSync: true,
  __wbg_reset_state: true,
  collectFacts: true,
  wantedFiles: true,
  assemblePackage: true,
  mergeReports: true,
  unpackTarball: true,
  listImports: true,
  ruleCatalog: true,
};
export const collects: Called<typeof built.collectFacts> = 3;

/** Stands in for the module that wasm-bindgen writes next to the compiled wrapper; tests/hosts ties the two together. */
export * from "./raw.js";

/** Type-checked only: what wasm-bindgen wrote is what the wrapper expects of it. */
import type * as built from "importguard-wasm/raw";
import type { Raw } from "../../pkg/engine.js";

type Fits<Built extends Raw> = Built;
export type Built = Fits<typeof built>;

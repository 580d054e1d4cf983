import "importguard-wasm/worker";

//! Writes the JavaScript glue and the final WASM module for a compiled library: `xtask-bindgen INPUT.wasm OUT_DIR`.

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut words = std::env::args_os().skip(1);
    let input = words.next().context("the compiled .wasm is missing")?;
    let out_dir = words.next().context("the output folder is missing")?;
    Bindgen::new()
        .input_path(input)
        .out_name("importguard")
        .web(true)?
        // Every host hands the module over itself; a default address would make bundlers ship the file twice.
        .omit_default_module_path(true)
        // A trap costs one instance; this function makes the next one.
        .reset_state_function(true)
        .remove_producers_section(true)
        .typescript(true)
        .generate(out_dir)
}

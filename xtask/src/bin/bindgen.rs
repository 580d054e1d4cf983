//! Writes the JavaScript glue and the final WASM module for a compiled library: `xtask-bindgen INPUT.wasm OUT_DIR`.

use anyhow::{Context as _, Result};
use walrus::{FunctionBuilder, FunctionKind, Module, ValType};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut words = std::env::args_os().skip(1);
    let input = words.next().context("the compiled .wasm is missing")?;
    let out_dir = words.next().context("the output folder is missing")?;
    let mut output = Bindgen::new()
        .input_path(input)
        .out_name("importguard")
        .web(true)?
        // Every host hands the module over itself; a default address would make bundlers ship the file twice.
        .omit_default_module_path(true)
        // A trap costs one instance; this function makes the next one.
        .reset_state_function(true)
        .remove_producers_section(true)
        .typescript(true)
        .generate_output()?;
    silence_trees(output.wasm_mut());
    output.emit(out_dir)
}

/// What `{:?}` says of a syntax tree is only ever read in the parser's messages of impossible trees: it says nothing,
/// and what only it needs, like the division of big integers, is for wasm-opt to drop.
fn silence_trees(module: &mut Module) {
    let silenced: Vec<_> = module
        .funcs
        .iter()
        .filter(|function| function.name.as_deref().is_some_and(is_text_of_tree))
        .map(walrus::Function::id)
        .collect();
    for id in silenced {
        let kind = module.types.get(module.funcs.get(id).ty());
        let (takes, gives) = (kind.params().to_vec(), kind.results().to_vec());
        if gives != [ValType::I32] {
            continue;
        }
        let arguments = takes.iter().map(|kind| module.locals.add(*kind)).collect();
        let mut builder = FunctionBuilder::new(&mut module.types, &takes, &gives);
        // `Ok(())`
        builder.func_body().i32_const(0);
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
    }
}

fn is_text_of_tree(name: &str) -> bool {
    let of_tree = ["swc_ecma_ast", "num_bigint", "::error::SyntaxError"]
        .iter()
        .any(|part| name.contains(part));
    of_tree && (name.contains("::fmt::Debug>::fmt") || name.contains("::fmt::Display>::fmt"))
}

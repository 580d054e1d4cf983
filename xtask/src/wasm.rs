//! `cargo xtask wasm`: Rust to one .wasm for browsers and Node, its glue, and the compiled TypeScript wrapper, in pkg/.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    npm,
    shell::{cargo, heading, node, read, root, run, step, write_file},
    stamp::Stamp,
    toolchain::{Route, TARGET, Task},
};

/// Options of `cargo xtask wasm`.
#[derive(clap::Args, Default)]
pub(crate) struct Args {
    /// Build quickly instead of small: little optimisation, no wasm-opt
    #[arg(long)]
    dev: bool,
    /// Use this way to a compiler instead of the first that works
    #[arg(long)]
    route: Option<Route>,
}

/// The compiler's stack: what the parser may use before a deeply nested file becomes a trap.
const STACK: &str = "-Clink-arg=-zstack-size=16777216";

/// Functions' names tell their types, for what `xtask-bindgen` leaves out by name.
const NAMES: &str = "target.wasm32-unknown-unknown.rustflags=['-Csymbol-mangling-version=v0']";

/// What Node 20 and every browser of its time understand.
const WASM_OPT: [&str; 7] = [
    "-O3",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Beside the module, for hosts that ask about names.
const NAMES_LIST: &str = "src/registry/names.fst";

const MODULE: &str = "importguard_bg.wasm";
const GLUE: [&str; 3] = ["importguard.js", "importguard.d.ts", "importguard_bg.wasm.d.ts"];

/// Builds what has changed and prints the size of the result.
pub(crate) fn build(args: &Args) -> Result<()> {
    heading("WebAssembly");
    // Two commands at once would take the files of each other; the lock ends with the program.
    let lock = root().join("target/wasm/.lock");
    write_file(&lock, "")?;
    let lock = fs::File::open(&lock).context("cannot open the lock of target/wasm")?;
    lock.lock().context("cannot lock target/wasm")?;
    npm::write_pkg_manifest()?;
    npm::setup()?;
    compile(args)?;
    wrapper()?;
    fs::copy(root().join(NAMES_LIST), pkg().join("names.fst"))
        .context("cannot copy the list of popular names to pkg/")?;
    step(&format!("pkg/{MODULE}: {}", sizes()?));
    Ok(())
}

/// The WASM module's size as it is, after gzip and after brotli.
pub(crate) fn sizes() -> Result<String> {
    let script = "const {gzipSync, brotliCompressSync} = require('node:zlib'); \
        const bytes = require('node:fs').readFileSync(process.argv[1]); \
        const kb = data => Math.ceil(data.length / 1000) + ' KB'; \
        console.log(`${kb(bytes)}, gzip ${kb(gzipSync(bytes, {level: 9}))}, brotli ${kb(brotliCompressSync(bytes))}`)";
    Ok(read(node("-e").arg(script).arg(pkg().join(MODULE)))?.trim().to_owned())
}

/// The folder of the finished package.
pub(crate) fn pkg() -> PathBuf {
    root().join("pkg")
}

fn compile(args: &Args) -> Result<()> {
    let target_dir = root().join("target/wasm");
    let inputs: Vec<PathBuf> = rust_sources()?
        .into_iter()
        .chain(
            [
                "Cargo.toml",
                "Cargo.lock",
                "xtask/src/bin/bindgen.rs",
                "xtask/src/wasm.rs",
            ]
            .map(|name| root().join(name)),
        )
        .collect();
    let mode = if args.dev { "dev" } else { "wasm" };
    let route = format!("{:?}", args.route);
    let stamp = Stamp::new(target_dir.join(".importguard-stamp"), &inputs, &[mode, &route])?;
    let outputs: Vec<PathBuf> = GLUE.iter().chain([&MODULE]).map(|name| pkg().join(name)).collect();
    if stamp.is_fresh(&outputs) {
        return Ok(());
    }

    let route = Route::choose(args.route, Task::Build)?;
    step(&format!("cargo rustc --target {TARGET} ({mode})"));
    let mut command = route.cargo("rustc", &target_dir)?;
    command.args([
        "--quiet",
        "--package",
        "importguard",
        "--lib",
        "--crate-type",
        "cdylib",
        "--no-default-features",
    ]);
    if args.dev {
        command.args(["--config", "profile.dev.panic='abort'"]);
    } else {
        command.args(["--profile", "wasm", "--config", NAMES]);
    }
    run(command.args(["--", STACK]))?;

    step("wasm-bindgen");
    let folder = if args.dev { "debug" } else { "wasm" };
    let compiled = target_dir.join(TARGET).join(folder).join("importguard.wasm");
    let out_dir = target_dir.join("bindgen");
    run(cargo()
        .args([
            "run",
            "--quiet",
            "--package",
            "xtask",
            "--features",
            "bindgen",
            "--bin",
            "xtask-bindgen",
            "--",
        ])
        .args([&compiled, &out_dir]))?;

    let module = out_dir.join(MODULE);
    if !args.dev {
        step("wasm-opt -O3");
        let small = out_dir.join("small.wasm");
        run(node("node_modules/binaryen/bin/wasm-opt")
            .args(WASM_OPT)
            .arg(&module)
            .arg("-o")
            .arg(&small))?;
        fs::rename(&small, &module).context("cannot replace the WASM module")?;
    }
    for name in GLUE.iter().chain([&MODULE]) {
        fs::copy(out_dir.join(name), pkg().join(name)).with_context(|| format!("cannot copy {name} to pkg/"))?;
    }
    stamp.set()
}

fn wrapper() -> Result<()> {
    let source = root().join("src/wasm");
    let inputs = [source.clone(), root().join("package-lock.json")];
    let stamp = Stamp::new(root().join("target/wasm/.wrapper-stamp"), &inputs, &[])?;
    if stamp.is_fresh(&[pkg().join("analyzer.js")]) {
        return Ok(());
    }
    step("tsc --project src/wasm");
    run(node("node_modules/typescript/bin/tsc").arg("--project").arg(&source))?;
    if !pkg().join("analyzer.js").exists() {
        bail!("src/wasm/tsconfig.json did not put analyzer.js into pkg/");
    }
    stamp.set()
}

/// The library's sources and what they include; the command line's own are not part of the module.
fn rust_sources() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    crate::stamp::list(&root().join("src"), &mut files)?;
    let foreign = [root().join("src/cli"), root().join("src/wasm")];
    files.retain(|path: &PathBuf| !foreign.iter().any(|folder| path.starts_with(folder as &Path)));
    Ok(files)
}

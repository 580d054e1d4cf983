//! `cargo xtask bench`: how fast a scan of real packages is, against the bare parse of the same files.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::{
    corpus,
    shell::{cargo, heading, node, program, read, root, step, target_dir, write_file},
    suites::exe,
    wasm,
};

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How often each way is measured; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// The bare parse is measured as anyone gets it, with the system's allocator, and with the one that the rest uses.
const WAYS: [(&str, &str); 6] = [
    ("parse-system", "bare parse, 1 thread"),
    ("parse", "  the same with mimalloc"),
    ("facts", "native facts, 1 thread"),
    ("scan", "native scan, 1 thread"),
    ("scan-all", "native scan, all cores"),
    ("wasm", "WASM scan in Node, 1 thread"),
];

/// Measures all ways in turn, round by round, so that a drift of the machine meets them all alike.
pub(crate) fn bench(args: &Args) -> Result<()> {
    wasm::build(&wasm::Args::default())?;
    let folder = corpus::install()?;

    heading("Benchmark");
    step("cargo build --profile bench xtask-bench");
    let build = [
        "build",
        "--quiet",
        "--profile",
        "bench",
        "--package",
        "xtask",
        "--features",
        "bench",
    ];
    read(
        cargo()
            .args(build)
            .args(["--bin", "xtask-bench", "--bin", "xtask-bench-system"]),
    )?;
    let native = target_dir().join("release").join(exe("xtask-bench"));
    let system = target_dir().join("release").join(exe("xtask-bench-system"));
    let list = root().join("target/bench-packages.json");
    write_file(&list, &read(program(&native).arg("list").arg(&folder))?)?;

    let mut seconds = vec![Vec::new(); WAYS.len()];
    let mut core = vec![Vec::new(); WAYS.len()];
    let mut size = (0.0, 0.0);
    for round in 1..=args.rounds.max(1) {
        step(&format!("round {round} of {}", args.rounds.max(1)));
        for (index, (way, _)) in WAYS.iter().enumerate() {
            let line = match *way {
                "wasm" => in_node(&list)?,
                "parse-system" => natively(&system, "parse", &folder)?,
                way => natively(&native, way, &folder)?,
            };
            seconds[index].push(line[0]);
            core[index].push(line[1]);
            if *way == "parse" {
                size = (line[2], line[3] / 1e6);
            }
        }
    }
    print(&medians(seconds), &medians(core), size);
    println!("\npkg/importguard_bg.wasm: {}", wasm::sizes()?);
    Ok(())
}

fn natively(native: &Path, way: &str, folder: &Path) -> Result<Vec<f64>> {
    numbers(&read(program(native).arg(way).arg(folder))?)
}

fn in_node(list: &Path) -> Result<Vec<f64>> {
    let numbers = numbers(&read(node("--stack-size=4000").arg("xtask/src/bench.mjs").arg(list))?)?;
    if numbers[2] > 0.0 {
        step(&format!("WASM: {} files were lost to traps", numbers[2]));
    }
    Ok(numbers)
}

fn numbers(line: &str) -> Result<Vec<f64>> {
    line.split_whitespace()
        .map(|word| word.parse().with_context(|| format!("`{line}` is no measurement")))
        .collect()
}

fn medians(rounds: Vec<Vec<f64>>) -> Vec<f64> {
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    rounds.into_iter().map(median).collect()
}

/// One thread is compared by the time it had a core, which other programs' work does not stretch.
fn print(seconds: &[f64], core: &[f64], (files, megabytes): (f64, f64)) {
    println!("\n{files} files, {megabytes:.1} MB of code\n");
    println!(
        "{:<28} {:>8} {:>8} {:>8} {:>12} {:>14}",
        "", "seconds", "of core", "MB/s", "× bare parse", "× native scan"
    );
    let scan = WAYS.iter().position(|(way, _)| *way == "scan").unwrap_or(0);
    for (index, (_, name)) in WAYS.iter().enumerate() {
        let time = core[index];
        let (speed, to_parse, to_scan) = (megabytes / time, time / core[0], time / core[scan]);
        println!(
            "{name:<28} {:>8.2} {time:>8.2} {speed:>8.1} {to_parse:>12.2} {to_scan:>14.2}",
            seconds[index]
        );
    }
}

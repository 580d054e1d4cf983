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

const WAYS: [(&str, &str); 4] = [
    ("parse", "bare parse, 1 thread"),
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
    read(cargo().args(build).args(["--bin", "xtask-bench"]))?;
    let native = target_dir().join("release").join(exe("xtask-bench"));
    let list = root().join("target/bench-packages.json");
    write_file(&list, &read(program(&native).arg("list").arg(&folder))?)?;

    let mut seconds = vec![Vec::new(); WAYS.len()];
    let mut size = (0.0, 0.0);
    for round in 1..=args.rounds.max(1) {
        step(&format!("round {round} of {}", args.rounds.max(1)));
        for (times, (way, _)) in seconds.iter_mut().zip(WAYS) {
            let numbers = if way == "wasm" {
                in_node(&list)?
            } else {
                natively(&native, way, &folder)?
            };
            times.push(numbers[0]);
            if way == "parse" {
                size = (numbers[1], numbers[2] / 1e6);
            }
        }
    }
    print(&mut seconds, size);
    println!("\npkg/importguard_bg.wasm: {}", wasm::sizes()?);
    Ok(())
}

fn natively(native: &Path, way: &str, folder: &Path) -> Result<Vec<f64>> {
    numbers(&read(program(native).arg(way).arg(folder))?)
}

fn in_node(list: &Path) -> Result<Vec<f64>> {
    let numbers = numbers(&read(
        node("--stack-size=4000")
            .arg("xtask/src/bench.mjs")
            .arg(list),
    )?)?;
    if numbers[1] > 0.0 {
        step(&format!("WASM: {} files were lost to traps", numbers[1]));
    }
    Ok(numbers)
}

fn numbers(line: &str) -> Result<Vec<f64>> {
    line.split_whitespace()
        .map(|word| {
            word.parse()
                .with_context(|| format!("`{line}` is no measurement"))
        })
        .collect()
}

fn print(seconds: &mut [Vec<f64>], (files, megabytes): (f64, f64)) {
    let medians: Vec<f64> = seconds
        .iter_mut()
        .map(|times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect();
    println!("\n{files} files, {megabytes:.1} MB of code\n");
    println!(
        "{:<28} {:>8} {:>8} {:>12} {:>14}",
        "", "seconds", "MB/s", "× bare parse", "× native scan"
    );
    for ((_, name), time) in WAYS.iter().zip(&medians) {
        let (speed, parse, scan) = (megabytes / time, time / medians[0], time / medians[1]);
        println!("{name:<28} {time:>8.2} {speed:>8.1} {parse:>12.2} {scan:>14.2}");
    }
}

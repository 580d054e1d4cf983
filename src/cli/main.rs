//! The command line: arguments, disk, threads and terminal around the core.

use std::process::ExitCode;

use clap::Parser;

mod args;
mod catalog;
mod discover;
mod effects;
mod engine;
mod explain;
mod markdown;
mod name;
mod output;
mod policy;
mod progress;
mod read;
mod registry;
mod remote;
mod scan;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = args::Args::parse();
    args.color.apply();
    let result = match args.command {
        args::Command::Scan(scan) => scan::run(&scan),
        args::Command::Effects(effects) => effects::run(&effects),
        args::Command::Name(name) => name::run(&name),
        args::Command::Explain(explain) => explain::run(&explain.rule),
        args::Command::Rules(rules) => catalog::run(rules.format),
    };
    result.unwrap_or_else(|error| {
        output::complain(&format!("{error:#}"));
        ExitCode::from(2)
    })
}

//! The project's own commands: one door for a person, for continuous integration and for a release.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these commands talk to a terminal"
)]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use std::process::ExitCode;

use clap::Parser;

mod browser;
mod ci;
mod corpus;
mod demo;
mod eval;
mod fixtures;
mod generated;
mod measure;
mod names;
mod new_rule;
mod npm;
mod shell;
mod stamp;
mod suites;
mod toolchain;
mod wasm;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The project's own commands.",
    disable_help_subcommand = true
)]
enum Command {
    /// Builds everything, scans a real package and serves the web page.
    Run(demo::Args),
    /// Sets up what the tests need and runs them.
    Test(suites::Args),
    /// Runs what must hold before a change is merged: format, lints, generated files, tests.
    Ci(ci::Args),
    /// Builds the WASM package into pkg/, for browsers and Node.
    Wasm(wasm::Args),
    /// Writes the JSON Schema, the TypeScript types and the rule index from the Rust sources.
    Gen(generated::Args),
    /// Writes a rule's files from a template and lists it.
    NewRule(new_rule::Args),
    /// Scans a thousand real packages and compares the counts with the accepted ones.
    Corpus(corpus::Args),
    /// Scans labelled packages and tells how good the verdicts are: precision, recall, F1.
    Eval(eval::Args),
    /// Makes the list of popular names from published counts of downloads.
    Names,
    /// Measures the scan of those packages against the bare parse, natively and in WASM.
    Bench(measure::Args),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Run(args) => demo::demo(&args),
        Command::Test(args) => suites::test(&args),
        Command::Ci(args) => ci::check(&args),
        Command::Wasm(args) => wasm::build(&args),
        Command::Gen(args) => generated::generate(&args),
        Command::NewRule(args) => new_rule::create(&args),
        Command::Corpus(args) => corpus::corpus(&args),
        Command::Eval(args) => eval::eval(&args),
        Command::Names => names::make(),
        Command::Bench(args) => measure::bench(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

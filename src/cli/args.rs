//! What the user may say on the command line.

#![expect(clippy::doc_markdown, reason = "the comments are the text of the help")]

use std::path::PathBuf;

use anstream::ColorChoice;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use importguard::report::Severity;

const EXAMPLES: &str = "\
Examples:
  importguard scan                                 every package in ./node_modules
  importguard scan node_modules/express            one package
  importguard scan left-pad-1.3.0.tgz              a tarball, before it is installed
  cat snippet.js | importguard scan -              standard input: JavaScript or a tarball
  importguard effects semver#parse                 what one import does, through its dependencies
  importguard name expresss                        whether a name looks like a popular one
  importguard explain data-exfiltration            what a rule looks for, and why

Exit status:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on (default: high)
  2  wrong usage, or something could not be read";

const SCAN_EXAMPLES: &str = "\
Examples:
  importguard scan                                 every package in ./node_modules
  importguard scan node_modules/express --verbose  one package, with each place it uses a power
  importguard scan vendor/ new-dep-1.0.0.tgz       folders and tarballs together
  importguard scan express@latest @babel/core@^7   as `npm install` would take them, before it does
  importguard scan package-lock.json               what a lock would install
  importguard scan --format json -o report.json    the whole report for another program
  importguard scan --rule data-exfiltration        one rule alone
  cat patch.ts | importguard scan - --stdin-name patch.ts

A PATH is
  a package folder       its files
  a project folder       everything in its node_modules (nested, scoped, workspaces, pnpm);
                         the project's own code only with --include-root
  a node_modules folder  every package in it
  another folder         every package and tarball below it, or else its files
  a .tgz, .tar.gz, .tar  the package in it
  a file                 that file, as JavaScript or TypeScript
  NAME, NAME@RANGE       the package that `npm install` would take from the registry
  a lock file            what it would install: package-lock.json, npm-shrinkwrap.json,
                         pnpm-lock.yaml, yarn.lock, bun.lock
  -                      standard input: a tarball, else JavaScript

Exit status:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, or something could not be read";

const EFFECTS_EXAMPLES: &str = "\
Examples:
  importguard effects semver                       each export of an installed package
  importguard effects semver#parse                 what `import { parse } from 'semver'` does
  importguard effects @babel/core#default          the default export
  importguard effects lodash/fp                    a subpath
  importguard effects ./left-pad-1.3.0.tgz#*       everything that a tarball's package exports

PKG is the path of a folder or tarball if it begins with `.` or `/` or names an archive; else it is
found from here as Node would find it. Packages that it imports are looked into where they are
installed. docs/effects.md tells what the three answers mean, and under which assumptions.

Exit status:
  0  answered
  1  --pure, and something is not proved pure
  2  wrong usage, no such package or export";

const NAME_EXAMPLES: &str = "\
Examples:
  importguard name expresss                        before it is typed into `npm install`
  importguard name lodahs preact @babel/core       several at once
  importguard name --format ndjson - < names.txt   one a line from standard input

The names are compared with a list of popular ones that comes with importguard; nothing is asked of
a registry. With --format ndjson each line is {\"name\", \"target\", \"why\"}: `target` is the popular
name that it looks like, or null, and then `why` is empty. A name that is itself popular looks like
none.

Exit status:
  0  no name looks like a popular one
  1  at least one does
  2  wrong usage, or the names could not be read";

/// Tells what an npm package can do, and what it looks like it intends, before it is imported.
#[derive(Debug, Parser)]
#[command(name = "importguard", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour; NO_COLOR and CLICOLOR_FORCE are respected
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scan packages and report what they can do
    Scan(Box<Scan>),
    /// Tell what an import does: each export's effect, and the way to it
    Effects(Effects),
    /// Tell whether a name looks like that of a popular package
    Name(Name),
    /// Show what a rule looks for, why, and what to do
    Explain(Explain),
    /// List the rules
    Rules(Rules),
}

#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
#[command(after_help = SCAN_EXAMPLES)]
pub(crate) struct Scan {
    /// What to scan
    #[arg(value_name = "PATH|NAME[@RANGE]", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Also scan the project's own code, not only its node_modules
    #[arg(long)]
    pub(crate) include_root: bool,
    /// The name of what comes from standard input, for its language
    #[arg(long, value_name = "NAME", default_value = "stdin.js")]
    pub(crate) stdin_name: String,
    /// How to write the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the report to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The weakest severity that makes the exit status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::High)]
    pub(crate) fail_on: FailOn,
    /// Leave out findings below SEVERITY; they do not count for --fail-on
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) min_severity: Option<Level>,
    /// Run only this rule (may be given more than once)
    #[arg(long = "rule", value_name = "ID")]
    pub(crate) rules: Vec<String>,
    /// Do not run this rule (may be given more than once)
    #[arg(long = "no-rule", value_name = "ID")]
    pub(crate) no_rules: Vec<String>,
    /// Use this policy instead of the nearest importguard.json at or above the current folder
    #[arg(long, value_name = "FILE", conflicts_with = "no_policy")]
    pub(crate) policy: Option<PathBuf>,
    /// Use no policy
    #[arg(long)]
    pub(crate) no_policy: bool,
    #[command(flatten)]
    pub(crate) registry: super::registry::Args,
    /// Threads to use [default: all cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Only packages with something to say, and the summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Every package, and each place where it uses a power
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = EFFECTS_EXAMPLES)]
pub(crate) struct Effects {
    /// The package, with the export if only one is asked about
    #[arg(value_name = "PKG[#EXPORT]")]
    pub(crate) package: String,
    /// How to write the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    /// Exit with 1 unless all that is asked about is proved pure
    #[arg(long)]
    pub(crate) pure: bool,
    /// Show the way to every effect
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = NAME_EXAMPLES)]
pub(crate) struct Name {
    /// Names of packages; `-` reads them from standard input, one a line
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
    /// How to write the answers
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LineFormat::Text)]
    pub(crate) format: LineFormat,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Explain {
    /// The rule's id, as `importguard rules` lists it
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Rules {
    /// How to write the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One document
    Json,
    /// One package a line, as they finish, in order; the summary last
    Ndjson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LineFormat {
    /// For people
    Text,
    /// One list
    Json,
    /// One answer a line
    Ndjson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Never,
}

impl Color {
    /// Decides for both standard output and standard error.
    pub(crate) fn apply(self) {
        let choice = match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Critical => Self::Critical,
            Level::High => Self::High,
            Level::Medium => Self::Medium,
            Level::Low => Self::Low,
            Level::Info => Self::Info,
        }
    }
}

impl FailOn {
    /// The weakest severity that fails, or `None` if nothing does.
    pub(crate) fn threshold(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Never => None,
        }
    }
}

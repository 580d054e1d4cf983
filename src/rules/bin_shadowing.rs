//! A command of the package takes the name of one that everybody types.

use super::Rule;
use crate::{
    finding::{Confidence, Finding, Reach, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "bin-shadowing",
    title: "installs a command under the name of another",
    docs: include_str!("bin_shadowing.md"),
    help: "do not install it: scripts of the project will start its command where they mean the other",
    severity: Severity::Medium,
    check,
};

/// Commands that scripts rely on: of the system, of package managers, of forges and clouds.
const KNOWN: [&str; 64] = [
    "apt",
    "apt-get",
    "awk",
    "aws",
    "az",
    "bash",
    "brew",
    "bun",
    "bunx",
    "cargo",
    "cat",
    "cd",
    "chmod",
    "cmd",
    "cp",
    "curl",
    "deno",
    "docker",
    "echo",
    "env",
    "find",
    "gcloud",
    "gh",
    "git",
    "go",
    "gpg",
    "grep",
    "java",
    "kubectl",
    "ls",
    "make",
    "mv",
    "node",
    "npm",
    "npx",
    "openssl",
    "perl",
    "pip",
    "pip3",
    "pnpm",
    "pnpx",
    "powershell",
    "pwsh",
    "python",
    "python3",
    "rm",
    "rsync",
    "ruby",
    "scp",
    "sed",
    "sh",
    "ssh",
    "su",
    "sudo",
    "tar",
    "test",
    "touch",
    "unzip",
    "vim",
    "wget",
    "which",
    "yarn",
    "yarnpkg",
    "zsh",
];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(facts) = graph.manifest else { return };
    let manifest = &facts.manifest;
    let own = manifest.name.rsplit('/').next().unwrap_or_default();
    // What is a known command itself brings its own family: npm and npx.
    let shadows = |name: &str| KNOWN.contains(&name);
    if shadows(own) && manifest.bin.iter().any(|bin| bin.name == own) {
        return;
    }
    let Some(bin) = manifest.bin.iter().find(|bin| shadows(&bin.name) && bin.name != own) else {
        return;
    };
    out.push(
        Finding::at(
            &RULE,
            "package.json",
            bin.range,
            Reach::Call,
            Severity::Medium,
            Confidence::High,
        )
        .says(format!(
            "installs a command `{}` that is not the one everybody knows",
            bin.name
        ))
        .because(
            "package.json",
            bin.range,
            0,
            format!(
                "scripts of a project that has it will run `{}` for `{}`",
                bin.value, bin.name
            ),
        ),
    );
}

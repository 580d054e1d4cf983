//! It publishes packages, makes repositories or writes workflows that nobody asked it for.

use super::{Rule, look, weighed};
use crate::{
    facts::Place,
    facts::{
        Ran,
        capability::{self, Capability, MarkKind, SecretClass},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "self-propagation",
    title: "spreads by the accounts it finds",
    docs: include_str!("self_propagation.md"),
    help: "do not install it; revoke the registry and forge tokens of that machine and look at what they did since",
    severity: Severity::Critical,
    check,
};

/// One thing that spreading takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Step {
    /// Looks for tokens.
    Token,
    /// Asks whose they are, or which packages that person has.
    Asks,
    /// Packs or changes a package.
    Packs,
    /// Publishes it.
    Publishes,
    /// Makes a repository, or pushes to one.
    Repository,
    /// Writes commands that a forge will run.
    Workflow,
}

/// A step, where it is, and what shows it.
type Seen<'g> = (Step, &'g Module<'g>, Place, Reach, String);

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let seen = steps(graph);
    // The steps that do it, the worst last.
    let deeds = [Step::Workflow, Step::Repository, Step::Publishes];
    let deed = |step: Step| {
        seen.iter()
            .filter(move |found| found.0 == step)
            .max_by_key(|found| found.3)
    };
    let Some(worst) = deeds.into_iter().filter_map(deed).max_by_key(|found| found.3) else {
        return;
    };
    let (step, module, place, reach, _) = worst;
    let has = |step: Step| seen.iter().any(|found| found.0 == step && found.3 >= Reach::Call);
    let helped = [Step::Token, Step::Asks, Step::Packs]
        .into_iter()
        .filter(|step| has(*step))
        .count();
    let (severity, confidence) = match (reach, helped) {
        (Reach::Install | Reach::Import, 0) => (Severity::High, Confidence::High),
        (Reach::Install | Reach::Import, _) => (Severity::Critical, Confidence::High),
        (Reach::Call, 3) => (Severity::High, Confidence::Medium),
        (Reach::Call, 2) if has(Step::Asks) && *step == Step::Publishes => (Severity::Medium, Confidence::Medium),
        _ => return,
    };
    let does = match step {
        Step::Publishes => "publishes packages",
        Step::Workflow => "writes workflows that a forge will run",
        _ => "makes or changes repositories",
    };
    let when = match reach {
        Reach::Install => " while it is installed",
        Reach::Import => " when it is imported",
        _ => "",
    };
    let mut finding =
        Finding::new(&RULE, module, *place, weighed(severity, module.reach), confidence).says(format!("{does}{when}"));
    let mut told: Vec<Step> = Vec::new();
    let mut ordered: Vec<&Seen<'_>> = seen.iter().collect();
    ordered.sort_by_key(|found| (found.0, std::cmp::Reverse(found.3)));
    for (step, module, place, _, note) in ordered {
        if !told.contains(step) {
            told.push(*step);
            finding = finding.because(module.path, place.range, place.layer, note.clone());
        }
    }
    out.push(finding);
}

/// All steps of the package.
fn steps<'g>(graph: &'g Graph<'_>) -> Vec<Seen<'g>> {
    let mut out: Vec<Seen<'g>> = Vec::new();
    for (module, ran, reach) in look::commands(graph) {
        if let Some(step) = by_command(ran) {
            let note = format!("runs `{}`", look::brief(&ran.words.join(" ")));
            out.push((step, module, ran.place, reach, note));
        }
    }
    for (module, mark, reach) in look::marks(graph) {
        let sends = || {
            module.facts.uses.iter().any(|used| {
                matches!(
                    used.capability,
                    Capability::Network | Capability::FsWrite | Capability::ProcessExec
                )
            })
        };
        let step = match mark.kind {
            MarkKind::Registry => Step::Asks,
            MarkKind::Repository if !mark.text.starts_with("GET") => Step::Repository,
            MarkKind::Workflow if sends() => Step::Workflow,
            _ => continue,
        };
        out.push((
            step,
            module,
            mark.place,
            reach,
            format!("names `{}`", look::brief(&mark.text)),
        ));
    }
    for (module, used, reach) in look::uses(graph) {
        let step = match used.capability {
            Capability::FsRead if used.arguments.paths.iter().any(|path| is_token(path)) => Step::Token,
            Capability::Env if used.arguments.variables.iter().any(|name| is_token_variable(name)) => Step::Token,
            Capability::Network if makes_repository(&used.api) => Step::Repository,
            Capability::FsWrite => match used.arguments.paths.iter().find_map(|path| written(path)) {
                Some(step) => step,
                None => continue,
            },
            _ => continue,
        };
        let what = used.arguments.paths.iter().chain(&used.arguments.variables).next();
        let note = format!("`{}` takes `{}`", used.api, look::brief(what.map_or("…", |what| what)));
        out.push((step, module, used.place, reach, note));
    }
    out
}

/// The step that a command is.
fn by_command(ran: &Ran) -> Option<Step> {
    let word = ran.subcommand().unwrap_or_default();
    Some(match (ran.program().as_str(), word) {
        ("npm" | "pnpm" | "yarn" | "bun", "publish") if !ran.has("--dry-run") => Step::Publishes,
        ("npm" | "pnpm" | "yarn", "pack") => Step::Packs,
        ("npm" | "pnpm" | "yarn", "whoami") | ("npm", "access" | "token" | "owner") => Step::Asks,
        ("git", "push") => Step::Repository,
        ("gh", "repo") if ran.has("create") => Step::Repository,
        ("gh", "auth") if ran.has("token") => Step::Token,
        _ => return None,
    })
}

/// Methods of forges' clients.
fn makes_repository(api: &str) -> bool {
    [
        "createForAuthenticatedUser",
        "createInOrg",
        "createOrUpdateFileContents",
        "createFork",
    ]
    .iter()
    .any(|method| api.ends_with(method))
}

fn is_token(path: &str) -> bool {
    capability::secret_path(path).is_some_and(|secret| matches!(secret.class, SecretClass::Npm | SecretClass::Git))
}

fn is_token_variable(name: &str) -> bool {
    matches!(
        name,
        "NPM_TOKEN" | "NODE_AUTH_TOKEN" | "NPM_AUTH_TOKEN" | "GITHUB_TOKEN" | "GH_TOKEN" | "NPM_CONFIG__AUTHTOKEN"
    )
}

/// What writing a file is a step of.
fn written(path: &str) -> Option<Step> {
    if path.contains(".github/workflows") {
        return Some(Step::Workflow);
    }
    path.ends_with("package.json").then_some(Step::Packs)
}

//! A file that holds secrets is read.

use super::{Rule, away, weighed};
use crate::{
    facts::{
        ConstantKind, Use,
        capability::{self, Capability, SecretClass},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
    span::Range,
};

pub(super) static RULE: Rule = Rule {
    id: "credential-access",
    title: "reads a file that holds secrets",
    docs: include_str!("credential_access.md"),
    help: "use the package only if reading this file is its documented purpose; change the secret if it already ran",
    severity: Severity::High,
    check,
};

/// How many reads of commands are remembered.
const MAX_READ: usize = 64;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let mut told_of: Vec<&str> = Vec::new();
    out.extend(collected(graph, &mut told_of));
    for module in &graph.modules {
        // A command that is read tells itself what it opens.
        let read: Vec<(Range, &capability::Secret)> = module
            .facts
            .uses
            .iter()
            .filter(|used| used.capability == Capability::FsRead && used.place.layer > 0)
            .filter_map(|used| Some((used.place.range, secret_of(used)?)))
            .take(MAX_READ)
            .collect();
        let told = |used: &Use, secret| {
            used.capability == Capability::ProcessExec && read.contains(&(used.place.range, secret))
        };
        for used in &module.facts.uses {
            let secret = secret_of(used).filter(|secret| !told(used, secret));
            if let Some(secret) = secret.filter(|secret| !told_of.contains(&secret.what)) {
                check_use(graph, module, used, secret, out);
            }
        }
    }
}

/// How many stores of secrets a package opens that only collects them.
const MANY: usize = 3;

/// Several stores of browsers, wallets and password managers are opened, and the network is: nobody needs them all.
fn collected(graph: &Graph<'_>, told_of: &mut Vec<&'static str>) -> Option<Finding> {
    let reached = |module: &&Module<'_>| module.reach >= Reach::Import;
    let mut opened: Vec<(&Module<'_>, &Use, &'static capability::Secret)> = Vec::new();
    for module in graph.modules.iter().filter(reached) {
        for used in &module.facts.uses {
            if let Some(secret) = secret_of(used).filter(|secret| is_precious(secret.class))
                && module.reach_of(used.place) >= Reach::Import
                && !opened.iter().any(|(.., known)| known.what == secret.what)
            {
                opened.push((module, used, secret));
            }
        }
    }
    let extensions = graph.modules.iter().filter(reached).flat_map(|module| {
        let constants = module.facts.constants.iter();
        let ids = constants.filter(|one| one.kind == ConstantKind::Extension);
        ids.map(move |id| (module, id))
    });
    let extensions: Vec<_> = extensions.take(MANY).collect();
    if opened.len() + extensions.len() < MANY {
        return None;
    }
    let (module, used, _) = opened.first()?;
    let (sender, sent) = graph.modules.iter().filter(reached).find_map(|module| {
        let mut all = module.facts.uses.iter();
        Some((module, all.find(|used| used.capability == Capability::Network)?))
    })?;
    let mut finding = Finding::new(&RULE, module, used.place, Severity::Critical, Confidence::Medium)
        .says("goes through the stores of browsers and wallets, and can send what is in them");
    for (module, used, secret) in &opened {
        told_of.push(secret.what);
        let note = format!("`{}` opens {}", used.api, secret.what);
        finding = finding.because(module.path, used.place.range, used.place.layer, note);
    }
    for (module, id) in extensions {
        let note = format!("the browser extension `{}`", id.text);
        finding = finding.because(module.path, id.range, 0, note);
    }
    let note = format!("`{}` reaches the network", sent.api);
    Some(finding.because(sender.path, sent.place.range, sent.place.layer, note))
}

/// Stores that no program but their own has to do with.
fn is_precious(class: SecretClass) -> bool {
    matches!(
        class,
        SecretClass::Browser | SecretClass::Wallet | SecretClass::PasswordManager
    )
}

/// The secret that a use's path or command names.
fn secret_of(used: &Use) -> Option<&'static capability::Secret> {
    match used.capability {
        Capability::FsRead if !only_asks(&used.api) => used
            .arguments
            .paths
            .iter()
            .find_map(|path| capability::secret_path(path)),
        Capability::ProcessExec => used
            .arguments
            .commands
            .iter()
            .find_map(|command| capability::secret_in_command(command)),
        Capability::Network => used
            .arguments
            .hosts
            .iter()
            .find_map(|host| capability::secret_path(host)),
        _ => None,
    }
}

/// Whether a call tells no more of a file than that it is there.
fn only_asks(api: &str) -> bool {
    let name = api.rsplit(['.', '#']).next().unwrap_or_default();
    matches!(
        name.trim_end_matches("Sync"),
        "access" | "exists" | "lstat" | "stat" | "statfs"
    )
}

/// Whether the package writes down a host of its own to talk to.
fn names_host(graph: &Graph<'_>) -> bool {
    graph.modules.iter().any(|module| away::hosts(module).next().is_some())
}

fn check_use(graph: &Graph<'_>, module: &Module<'_>, used: &Use, secret: &capability::Secret, out: &mut Vec<Finding>) {
    let precious = is_precious(secret.class) || secret.class == SecretClass::Ssh;
    let severity = match (module.reach_of(used.place), secret.class) {
        (Reach::Install, SecretClass::EnvFile) => Severity::Medium,
        (Reach::Install, _) => Severity::High,
        (Reach::Import, SecretClass::EnvFile) => return,
        (Reach::Import, _) if precious => Severity::High,
        (Reach::Import, _) => Severity::Medium,
        // A client that signs in with a key goes to the hosts that its caller names.
        (Reach::Call | Reach::Unreached, SecretClass::Ssh) if !names_host(graph) => Severity::Low,
        (Reach::Call | Reach::Unreached, _) if precious => Severity::Medium,
        (Reach::Call | Reach::Unreached, SecretClass::EnvFile | SecretClass::System | SecretClass::Npm) => return,
        (Reach::Call | Reach::Unreached, _) => Severity::Low,
    };
    out.push(
        Finding::new(
            &RULE,
            module,
            used.place,
            weighed(severity, module.reach),
            Confidence::Medium,
        )
        .says(format!("reads {}", secret.what))
        .because(
            module.path,
            used.place.range,
            used.place.layer,
            format!("`{}` opens {}", used.api, secret.what),
        ),
    );
}

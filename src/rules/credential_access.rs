//! A file that holds secrets is read.

use super::{Rule, weighed};
use crate::{
    facts::{
        Use,
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
            if let Some(secret) = secret_of(used).filter(|secret| !told(used, secret)) {
                check_use(module, used, secret, out);
            }
        }
    }
}

/// The secret that a use's path or command names.
fn secret_of(used: &Use) -> Option<&'static capability::Secret> {
    match used.capability {
        Capability::FsRead => used
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

fn check_use(module: &Module<'_>, used: &Use, secret: &capability::Secret, out: &mut Vec<Finding>) {
    let precious = matches!(
        secret.class,
        SecretClass::Ssh | SecretClass::Browser | SecretClass::Wallet | SecretClass::PasswordManager
    );
    let severity = match (module.reach_of(used.place), secret.class) {
        (Reach::Install, SecretClass::EnvFile) => Severity::Medium,
        (Reach::Install, _) => Severity::High,
        (Reach::Import, SecretClass::EnvFile) => return,
        (Reach::Import, _) if precious => Severity::High,
        (Reach::Import, _) => Severity::Medium,
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

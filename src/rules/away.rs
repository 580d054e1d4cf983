//! Where data goes when the code itself says so: hosts that are written out, and not this machine.

use super::look;
use crate::{
    facts::{
        ConstantKind, Place,
        capability::{self, Capability, SecretClass, Source},
    },
    graph::{Graph, Module, PackageFlow},
};

/// Who issues a secret, by a word of its variable's name, and a part of the hosts it is sent to.
const ISSUERS: [(&str, &[&str]); 20] = [
    ("ACTIONS", &["github"]),
    ("ANTHROPIC", &["anthropic", "claude"]),
    ("AWS", &["amazonaws", "aws"]),
    ("AZURE", &["azure", "microsoft", "windows.net"]),
    ("CI", &["gitlab"]),
    ("DISCORD", &["discord"]),
    ("DOCKER", &["docker"]),
    ("GCP", &["google"]),
    ("GH", &["github"]),
    ("GITHUB", &["github"]),
    ("GITLAB", &["gitlab"]),
    ("GOOGLE", &["google"]),
    ("HEROKU", &["heroku"]),
    ("NODE", &["npm", "registry", "github"]),
    ("NPM", &["npm", "registry", "yarnpkg", "github"]),
    ("OPENAI", &["openai", "azure"]),
    ("SLACK", &["slack"]),
    ("STRIPE", &["stripe"]),
    ("VAULT", &["vault"]),
    ("VERCEL", &["vercel", "zeit.co"]),
];

/// Words of variables' names that say nothing about who issued a secret.
const PLAIN: [&str; 18] = [
    "ACCESS", "ACCOUNT", "API", "APP", "AUTH", "CLIENT", "DATABASE", "EMAIL", "KEY", "LOGIN", "PASSWORD", "PRIVATE",
    "SECRET", "SERVER", "SERVICE", "SESSION", "TOKEN", "USER",
];

/// The foreign hosts that the module of a sink writes as addresses, for one whose own is not known.
pub(super) fn written(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Vec<String> {
    let module = graph.modules.get(flow.module).into_iter();
    let constants = module.flat_map(|module| &module.facts.constants);
    let urls = constants.filter(|one| one.kind == ConstantKind::Url);
    urls.filter_map(|one| foreign(&one.text)).collect()
}

/// Whether a host belongs to whoever issued what a flow takes there, as far as their names tell.
pub(super) fn issued(flow: &PackageFlow<'_>, host: &str) -> bool {
    // Anybody may own a webhook at whatever service.
    if look::telling(flow.target).is_some_and(|(_, known)| look::receives(known.kind)) {
        return false;
    }
    match flow.source {
        Source::Environment => flow.what.iter().any(|name| of_variable(name, host)),
        Source::File => {
            let secrets = flow.what.iter().filter_map(|path| capability::secret_path(path));
            secrets.into_iter().any(|secret| of_class(secret.class, host))
        }
        _ => false,
    }
}

/// Whether a host belongs to whoever issued what a variable holds.
pub(super) fn of_variable(name: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let name = name.to_ascii_uppercase();
    let shares = |word: &str| {
        let issuer = ISSUERS.iter().find(|(known, _)| *known == word);
        match issuer {
            Some((_, parts)) => parts.iter().any(|part| host.contains(part)),
            None => word.len() > 2 && !PLAIN.contains(&word) && host.contains(&word.to_ascii_lowercase()),
        }
    };
    name.split('_').any(shares)
}

/// Whether a variable holds a secret that opens more than its own service: a cloud, a forge, a package registry.
pub(super) fn opens_much(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let first = name.split('_').next().unwrap_or_default();
    let known = matches!(
        first,
        "AWS" | "AZURE" | "GCP" | "GH" | "GITHUB" | "GITLAB" | "GOOGLE" | "NODE" | "NPM"
    );
    known && capability::secret_variable(&name)
}

/// Whether a host is one that secrets of a kind are made for.
pub(super) fn of_class(class: SecretClass, host: &str) -> bool {
    let parts: &[&str] = match class {
        SecretClass::Npm => &[
            "npm",
            "registry",
            "yarnpkg",
            "pypi",
            "crates.io",
            "rubygems",
            "packagist",
            "maven",
        ],
        SecretClass::Git => &["github", "gitlab", "bitbucket"],
        SecretClass::Cloud => &[
            "amazonaws",
            "aws",
            "google",
            "azure",
            "microsoft",
            "docker",
            "heroku",
            "vercel",
            "netlify",
            "cloudflare",
            "firebase",
            "digitalocean",
        ],
        SecretClass::Chat => &["discord", "slack", "telegram", "signal"],
        _ => &[],
    };
    parts.iter().any(|part| host.contains(part))
}

/// The foreign hosts that a flow goes to: those that the sink names, else those named in the same function.
pub(super) fn destination(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Vec<String> {
    let named: Vec<String> = flow.target.iter().filter_map(|target| foreign(target)).collect();
    if !named.is_empty() || flow.target.iter().any(|target| target.starts_with(['.', '/'])) {
        return named;
    }
    graph
        .modules
        .get(flow.module)
        .map_or_else(Vec::new, |module| beside(module, flow.place))
}

/// The foreign hosts that a sink itself names.
pub(super) fn foreign_to(flow: &PackageFlow<'_>) -> Vec<String> {
    flow.target.iter().filter_map(|target| foreign(target)).collect()
}

/// All that is named as a host in the function of a sink.
pub(super) fn named(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Vec<String> {
    let module = graph.modules.get(flow.module).into_iter();
    let uses = module.flat_map(|module| &module.facts.uses);
    let uses = uses.filter(|used| used.capability == Capability::Network && used.place.function == flow.place.function);
    uses.flat_map(|used| used.arguments.hosts.iter().cloned()).collect()
}

/// The foreign hosts that a module names in the same function as a place.
fn beside(module: &Module<'_>, place: Place) -> Vec<String> {
    let mut out: Vec<String> = hosts(module)
        .filter(|(at, _)| at.function == place.function)
        .map(|(_, host)| host)
        .collect();
    out.dedup();
    out
}

/// The foreign hosts that a module names, and where.
pub(super) fn hosts<'m>(module: &'m Module<'_>) -> impl Iterator<Item = (Place, String)> + 'm {
    let open = |capability| matches!(capability, Capability::Network | Capability::Dns);
    let uses = module.facts.uses.iter().filter(move |used| open(used.capability));
    uses.flat_map(|used| {
        let hosts = used.arguments.hosts.iter();
        hosts.filter_map(|host| Some((used.place, foreign(host)?)))
    })
}

/// The host that a text names, if it is another machine's.
pub(super) fn foreign(text: &str) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.trim_start_matches("//");
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    // Data may stand before the name: `….x.example.org`.
    let host = host.rsplit_once("….").map_or(host, |(_, name)| name);
    let name = host.contains('.') && !host.starts_with('.') && !host.contains('…') && !host.contains(' ');
    let here = host.starts_with("127.") || host.starts_with("0.0.0.0") || host.ends_with(".localhost");
    (name && !here).then(|| host.to_owned())
}

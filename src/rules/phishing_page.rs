//! A package carries a page that asks for a password and sends it to a foreign host.

use super::{Rule, away, quoted};
use crate::{
    facts::{Page, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
    span::Range,
};

pub(super) static RULE: Rule = Rule {
    id: "phishing-page",
    title: "carries a page that sends passwords to a foreign host",
    docs: include_str!("phishing_page.md"),
    help: "do not open the page; report the package, which is a host for it and nothing else",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    // A package with code of its own may carry examples; one without is a place to put a page.
    let bare = graph.modules.iter().all(|module| {
        let page_only = module.facts.exports.is_empty() && !module.facts.open && uses_page(module);
        module.reach < Reach::Import || page_only
    });
    for (path, page) in &graph.pages {
        if let Some(password) = page.password {
            out.extend(asks(path, page, password, bare));
        } else if bare && let Some((url, range)) = page.leads.iter().find(|(url, _)| away::foreign(url).is_some()) {
            let to = away::foreign(url).unwrap_or_default();
            let (severity, confidence) = (Severity::Medium, Confidence::Medium);
            out.push(
                Finding::at(&RULE, path, *range, Reach::Unreached, severity, confidence)
                    .says(format!("carries no code but a page that leads on to `{to}`"))
                    .because(path, *range, 0, "leads on without a click"),
            );
        }
    }
}

/// Whether a module has the page's powers and no others.
fn uses_page(module: &Module<'_>) -> bool {
    let uses = &module.facts.uses;
    let of_page = |power| matches!(power, Capability::Dom | Capability::Network | Capability::Storage);
    !uses.is_empty() && uses.iter().all(|used| of_page(used.capability))
}

fn asks(path: &str, page: &Page, password: Range, bare: bool) -> Option<Finding> {
    let form = page
        .forms
        .iter()
        .find_map(|(url, range)| Some((away::foreign(url)?, *range)));
    let scripts = page
        .sends
        .iter()
        .filter_map(|(api, url)| Some((api, away::foreign(url)?)));
    let script = scripts.into_iter().next();
    let (to, range, note) = match (form, script) {
        (Some((to, range)), _) => (to, range, "the form sends what is filled in there".to_owned()),
        (None, Some((api, to))) => (to, password, format!("a script of the page sends to it with `{api}`")),
        (None, None) => return None,
    };
    let (severity, confidence) = if bare {
        (Severity::Critical, Confidence::High)
    } else {
        (Severity::Medium, Confidence::Medium)
    };
    let to = quoted(&[to]);
    Some(
        Finding::at(&RULE, path, password, Reach::Unreached, severity, confidence)
            .says(format!("carries a page that asks for a password and sends it to {to}"))
            .because(path, password, 0, "a password is asked for")
            .because(path, range, 0, note),
    )
}

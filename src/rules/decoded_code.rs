//! Code or a command is hidden by an encoding and decoded just before it runs.

use super::{Rule, weighed};
use crate::{
    facts::{Code, Evaluated, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "decoded-code",
    title: "decodes hidden code and runs it",
    docs: include_str!("decoded_code.md"),
    help: "read the decoded code before anything else; honest packages ship code as code",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let from = out.len();
        for code in &module.facts.evaluated {
            evaluated(module, code, from, out);
        }
        for import in module.facts.imports.iter().filter(|import| import.concealed) {
            let name = import.specifier.as_deref().unwrap_or("a module");
            out.push(
                Finding::new(
                    &RULE,
                    module,
                    import.place,
                    weighed(Severity::High, module.reach),
                    Confidence::High,
                )
                .says(format!("decodes the name of the module it loads: `{name}`"))
                .because(
                    module.path,
                    import.place.range,
                    import.place.layer,
                    "the name is only known once this runs",
                ),
            );
        }
        for used in module.facts.uses.iter().filter(|used| used.concealed) {
            let begins = used.place.range.bytes[0];
            if out.iter().skip(from).any(|found| found.range.bytes[0] == begins) {
                continue;
            }
            let reach = module.reach_of(used.place);
            let severity = match (used.capability, reach) {
                (Capability::ProcessExec | Capability::DynamicCode, Reach::Install | Reach::Import) => Severity::High,
                (Capability::ProcessExec | Capability::DynamicCode, _)
                | (Capability::Network | Capability::Dns, Reach::Install | Reach::Import) => Severity::Medium,
                _ => continue,
            };
            out.push(
                Finding::new(
                    &RULE,
                    module,
                    used.place,
                    weighed(severity, module.reach),
                    // What an install starts, and hides, is not for those who install it.
                    match reach {
                        Reach::Install if severity == Severity::High => Confidence::High,
                        _ => Confidence::Medium,
                    },
                )
                .says(format!("hides what it hands to `{}`", used.api))
                .because(
                    module.path,
                    used.place.range,
                    used.place.layer,
                    "the name or argument is only put together when this runs",
                ),
            );
        }
    }
}

fn hides_runner(module: &Module<'_>, code: &Evaluated) -> bool {
    let mut uses = module.facts.uses.iter().filter(|used| used.concealed);
    uses.any(|used| {
        used.capability == Capability::DynamicCode
            && used.place.layer == code.place.layer
            && used.place.range.bytes[0] == code.place.range.bytes[0]
    })
}

fn evaluated(module: &Module<'_>, code: &Evaluated, from: usize, out: &mut Vec<Finding>) {
    let reach = module.reach_of(code.place);
    let mut inner = (module.facts.uses.iter())
        .filter(|used| used.place.layer > code.place.layer && used.place.range == code.place.range)
        .map(|used| used.capability)
        .peekable();
    let powerful = inner.peek().is_some();
    let hides = inner.any(|capability| capability != Capability::GlobalMutation);
    let (severity, confidence) = match (code.code, reach) {
        (Code::Decoded, _) if powerful => (Severity::Critical, Confidence::High),
        (Code::Decoded, _) | (Code::DecodedUnknown, Reach::Install | Reach::Import) => {
            (Severity::High, Confidence::High)
        }
        // The name of what runs it is hidden, too.
        (Code::DecodedUnknown, _) if hides_runner(module, code) => (Severity::High, Confidence::High),
        (Code::DecodedUnknown, _) => (Severity::Medium, Confidence::Medium),
        // What only sets a global is put together, not hidden.
        (Code::Assembled, Reach::Install | Reach::Import) if hides => (Severity::High, Confidence::Medium),
        _ => return,
    };
    // What is decoded inside of decoded code is one more step of the same finding.
    let outer = out.iter().skip(from).position(|found| found.range == code.place.range);
    if let Some(outer) = outer.filter(|_| code.place.layer > 0) {
        let mut finding = out.remove(from + outer).along(module.path, &code.steps);
        if let Some(text) = &code.text {
            let note = format!("and inside, `{}` runs: {text}", code.api);
            finding = finding.because(module.path, code.place.range, code.place.layer + 1, note);
        }
        out.insert(from + outer, finding);
        return;
    }
    let mut finding = Finding::new(&RULE, module, code.place, weighed(severity, module.reach), confidence)
        .says(format!("decodes hidden code and runs it with `{}`", code.api))
        .along(module.path, &code.steps);
    if let Some(text) = &code.text {
        finding = finding.because(
            module.path,
            code.place.range,
            code.place.layer + 1,
            format!("what runs: {text}"),
        );
    }
    out.push(finding.because(
        module.path,
        code.place.range,
        code.place.layer,
        format!("`{}` runs it", code.api),
    ));
}

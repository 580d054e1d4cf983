//! Facts in, findings out: each rule is a constant record with a pure function.
//!
//! A rule never looks at a tree, a file or another rule. If it would have to, a fact is missing.

use serde::Serialize;

use crate::{
    facts::{InnerLine, Language, Layer, Place},
    finding::{Confidence, Evidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow},
    span::Range,
};

mod address_swap;
mod agent_abuse;
mod anti_analysis;
mod away;
mod bin_shadowing;
mod bulk_environment;
mod credential_access;
mod cryptominer;
mod data_exfiltration;
mod dead_drop;
mod decoded_code;
mod deprecated_package;
mod destructive;
mod dns_exfiltration;
mod dormant_revival;
mod dynamic_code;
mod dynamic_require;
mod embedded_binary;
mod empty_package;
mod fresh_release;
mod hidden_unicode;
mod implicit_gyp;
mod input_capture;
mod install_download_exec;
mod install_exfiltration;
mod install_script;
mod look;
mod loot;
mod manifest_confusion;
mod mismatched_file;
mod module_hook;
mod monkey_patch;
mod new_dependency;
mod obfuscated_code;
mod offscreen_code;
mod persistence;
mod phishing_page;
mod protestware;
mod publisher_change;
mod released;
mod remote_code;
mod reverse_shell;
mod self_propagation;
mod silent_process;
mod suspicious_endpoint;
mod typosquat;
mod unparseable;
mod unpinned_source;
mod version_anomaly;

/// Every rule, sorted by id.
pub static RULES: &[&Rule] = &[
    &address_swap::RULE,
    &agent_abuse::RULE,
    &anti_analysis::RULE,
    &bin_shadowing::RULE,
    &bulk_environment::RULE,
    &credential_access::RULE,
    &cryptominer::RULE,
    &data_exfiltration::RULE,
    &dead_drop::RULE,
    &decoded_code::RULE,
    &deprecated_package::RULE,
    &destructive::RULE,
    &dns_exfiltration::RULE,
    &dormant_revival::RULE,
    &dynamic_code::RULE,
    &dynamic_require::RULE,
    &embedded_binary::RULE,
    &empty_package::RULE,
    &fresh_release::RULE,
    &hidden_unicode::RULE,
    &implicit_gyp::RULE,
    &input_capture::RULE,
    &install_download_exec::RULE,
    &install_exfiltration::RULE,
    &install_script::RULE,
    &manifest_confusion::RULE,
    &mismatched_file::RULE,
    &module_hook::RULE,
    &monkey_patch::RULE,
    &new_dependency::RULE,
    &obfuscated_code::RULE,
    &offscreen_code::RULE,
    &persistence::RULE,
    &phishing_page::RULE,
    &protestware::RULE,
    &publisher_change::RULE,
    &remote_code::RULE,
    &reverse_shell::RULE,
    &self_propagation::RULE,
    &silent_process::RULE,
    &suspicious_endpoint::RULE,
    &typosquat::RULE,
    &unparseable::RULE,
    &unpinned_source::RULE,
    &version_anomaly::RULE,
];

/// One rule: what it is called, what it says, and how it finds it.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name of the bad thing; the contract with users.
    pub id: &'static str,
    /// What is wrong, in one line: lower case, no full stop.
    pub title: &'static str,
    /// The page: what, why, what to do, examples.
    pub docs: &'static str,
    /// What to do about a finding, in one sentence.
    pub help: &'static str,
    /// How bad it is at its worst.
    pub severity: Severity,
    /// Turns a package's graph into findings.
    pub check: fn(&Graph<'_>, &mut Vec<Finding>),
}

/// A rule as hosts list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct RuleInfo {
    /// Kebab-case name.
    pub id: &'static str,
    /// What is wrong, in one line.
    pub title: &'static str,
    /// How bad it is at its worst.
    pub severity: Severity,
    /// The page, in Markdown.
    pub docs: &'static str,
}

impl Rule {
    /// The rule as hosts list it.
    pub fn info(&self) -> RuleInfo {
        RuleInfo {
            id: self.id,
            title: self.title,
            severity: self.severity,
            docs: self.docs,
        }
    }
}

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

impl Finding {
    /// A finding at a place of a module.
    pub(crate) fn new(
        rule: &Rule,
        module: &Module<'_>,
        place: Place,
        severity: Severity,
        confidence: Confidence,
    ) -> Self {
        let reach = module.reach_of(place);
        Self::at(rule, module.path, place.range, reach, severity, confidence).inside(module, place)
    }

    /// A finding at a place of any file.
    pub(crate) fn at(
        rule: &Rule,
        file: &str,
        range: Range,
        reach: Reach,
        severity: Severity,
        confidence: Confidence,
    ) -> Self {
        Self {
            rule: rule.id.to_owned(),
            severity,
            confidence,
            file: file.to_owned(),
            range,
            reach,
            message: rule.title.to_owned(),
            help: rule.help.to_owned(),
            evidence: Vec::new(),
            suppressed: None,
            original: None,
        }
    }

    /// A finding at the sink of a flow.
    pub(crate) fn of(
        rule: &Rule,
        graph: &Graph<'_>,
        flow: &PackageFlow<'_>,
        severity: Severity,
        confidence: Confidence,
    ) -> Self {
        let severity = weighed(severity, flow.module_reach);
        let finding = Self::at(rule, flow.file, flow.place.range, flow.reach, severity, confidence);
        match graph.modules.get(flow.module) {
            Some(module) => finding.inside(module, flow.place),
            None => finding,
        }
    }

    /// What leads into a layer comes first: each text that is run, and the line of it that matters.
    fn inside(mut self, module: &Module<'_>, place: Place) -> Self {
        for (layer, line) in module.facts.layers_around(place) {
            let depth = layer.place.layer + 1;
            self = self.because(module.path, place.range, depth, leads_inside(layer, line));
        }
        self
    }

    /// Says more precisely what is wrong.
    pub(crate) fn says(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Adds a step of the reasoning.
    pub(crate) fn because(mut self, file: &str, range: Range, layer: u32, note: impl Into<String>) -> Self {
        let layer = (layer > 0).then_some(layer);
        self.evidence.push(Evidence {
            file: file.to_owned(),
            range,
            note: note.into(),
            layer,
            original: None,
        });
        self
    }

    /// Adds the steps of a flow.
    pub(crate) fn through(mut self, flow: &PackageFlow<'_>) -> Self {
        for (file, range, note) in &flow.steps {
            self = self.because(file, *range, 0, *note);
        }
        self
    }

    /// Adds the ends of a flow from the network to a file.
    pub(crate) fn downloaded(self, flow: &PackageFlow<'_>) -> Self {
        let layer = flow.place.layer;
        let downloads = format!("`{}` downloads", flow.source_api);
        let writes = format!("`{}` writes it to a file", flow.sink_api);
        self.because(flow.source_file, flow.source_range, layer, downloads)
            .because(flow.file, flow.place.range, layer, writes)
    }

    /// Adds several steps in one file.
    pub(crate) fn along(mut self, file: &str, steps: &[(Range, String)]) -> Self {
        for (range, note) in steps {
            self = self.because(file, *range, 0, note.clone());
        }
        self
    }
}

/// How a layer is entered, and what the line in it says.
fn leads_inside(layer: &Layer, line: &InnerLine) -> String {
    let (what, at) = match layer.language {
        Language::Commands => ("a command", String::new()),
        Language::Code if line.line > 1 => ("code", format!(" in line {}", line.line)),
        Language::Code => ("code", String::new()),
    };
    let decoded = match layer.decoder.as_deref() {
        None => String::new(),
        Some("") => " that was decoded".to_owned(),
        Some(decoder) => format!(" that `{decoder}` decoded"),
    };
    let and = if decoded.is_empty() { " that" } else { " and" };
    format!("`{}` runs {what}{decoded}{and} says{at}: {}", layer.api, line.text)
}

/// One level less for code that nothing reaches.
pub(crate) fn weighed(severity: Severity, reach: Reach) -> Severity {
    if reach > Reach::Unreached {
        return severity;
    }
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium => Severity::Low,
        Severity::Low | Severity::Info => Severity::Info,
    }
}

/// A list of texts as a sentence shows it.
pub(crate) fn quoted(texts: &[String]) -> String {
    let mut out = String::new();
    for (index, text) in texts.iter().take(3).enumerate() {
        out.push_str(if index == 0 { "`" } else { ", `" });
        out.push_str(text);
        out.push('`');
    }
    if texts.len() > 3 {
        out.push_str(", …");
    }
    out
}

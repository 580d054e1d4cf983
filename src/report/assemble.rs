//! From facts to the report: graph, effect, rules, verdict.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{
    CapabilityUse, Collected, EntryPoint, Options, PackageReport, Report, SCHEMA_VERSION, Stats, Summary, Tool,
    Verdict, originals,
};
use crate::{
    facts::{self, Content, FileFacts, How, Reading, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{self, Effect, Graph, Linker, Script, Surface},
    issue::{Issue, IssueKind},
    order,
    package::Package,
    policy,
    registry::names::Names,
    registry::release::Release,
    rules::RULES,
};

/// How often files that an import names are looked for among those not yet read as code.
const MAX_ROUNDS: usize = 8;

/// The whole chain for one package: collect each file's facts, also of files that only an import names, and assemble.
pub fn scan(package: &Package, options: &Options) -> Report {
    scan_with::<&[u8]>(package, options, None, None)
}

/// [`scan`], with a list of popular names, and what a registry tells of the version.
pub fn scan_with<D: AsRef<[u8]>>(
    package: &Package,
    options: &Options,
    names: Option<&Names<D>>,
    release: Option<Release>,
) -> Report {
    let mut collected = Collected {
        path: package.path.clone(),
        integrity: package.integrity.clone(),
        release,
        files: package
            .files
            .iter()
            .map(|file| (file.path.clone(), facts::collect(&file.path, &file.bytes, How::ByName)))
            .collect(),
        issues: package.issues.clone(),
        twins: Vec::new(),
    };
    if let Some(names) = names {
        collected.look_up(names);
    }
    for _ in 0..MAX_ROUNDS {
        let wanted = match try_assemble(&collected, options) {
            Ok(report) => return Report::new(vec![report]),
            Err(wanted) => wanted,
        };
        for path in wanted {
            let bytes = package
                .files
                .iter()
                .find(|file| file.path == path)
                .map(|file| &*file.bytes);
            let slot = collected.files.iter_mut().find(|(known, _)| *known == path);
            if let (Some(bytes), Some((_, slot))) = (bytes, slot) {
                *slot = facts::collect(&path, bytes, How::AsCode);
            }
        }
    }
    Report::new(vec![assemble(&collected, options)])
}

impl Collected {
    /// Looks up the package's own name and those that it depends on, for the rules about names.
    pub fn look_up<D: AsRef<[u8]>>(&mut self, names: &Names<D>) {
        let manifest = self.files.iter().find(|(path, _)| path == "package.json");
        if let Some((_, facts)) = manifest
            && let Content::Manifest(manifest) = &facts.content
        {
            self.twins = names.twins(&manifest.manifest);
        }
    }
}

fn graph_of<'a>(collected: &'a Collected, files: &BTreeMap<&'a str, &'a FileFacts>) -> Graph<'a> {
    let mut graph = graph::build(files);
    graph.twins = &collected.twins;
    graph.release = collected.release.as_ref();
    graph
}

/// Paths that an import or a script names but that were not read as code, and source maps that something is asked of:
/// collect them again as code.
pub fn wanted(collected: &Collected) -> Vec<String> {
    let files = by_path(collected);
    let graph = graph::build(&files);
    let mut out = originals::wanted(&graph, &files);
    out.extend(graph.wanted);
    out
}

fn by_path(collected: &Collected) -> BTreeMap<&str, &FileFacts> {
    let mut files = BTreeMap::new();
    for (path, facts) in &collected.files {
        files.insert(path.as_str(), facts);
    }
    files
}

/// The report, or the [`wanted`] paths if there are any.
///
/// # Errors
///
/// When files are to be read as code that were not, or source maps beside a file of which something is told.
pub fn try_assemble(collected: &Collected, options: &Options) -> Result<PackageReport, Vec<String>> {
    try_both(collected, options).map(|(report, _)| report)
}

/// The report and the package's [`Surface`], for telling its effects together with those of the packages that it imports;
/// or the [`wanted`] paths if there are any.
///
/// # Errors
///
/// When files are to be read as code that were not.
pub fn try_both(collected: &Collected, options: &Options) -> Result<(PackageReport, Surface), Vec<String>> {
    let files = by_path(collected);
    let graph = graph_of(collected, &files);
    if !graph.wanted.is_empty() {
        return Err(graph.wanted);
    }
    let maps = originals::wanted(&graph, &files);
    if !maps.is_empty() {
        return Err(maps);
    }
    Ok(report(collected, options, &files, &graph))
}

/// From facts to the package's report: graph, effect, rules, verdict.
pub fn assemble(collected: &Collected, options: &Options) -> PackageReport {
    both(collected, options).0
}

/// The report and the package's [`Surface`].
pub fn both(collected: &Collected, options: &Options) -> (PackageReport, Surface) {
    let files = by_path(collected);
    let graph = graph_of(collected, &files);
    report(collected, options, &files, &graph)
}

/// What a package may reach, condensed, for telling its effects and those of packages that import it.
pub fn surface(collected: &Collected) -> Surface {
    let files = by_path(collected);
    let graph = graph_of(collected, &files);
    Surface::new(&graph, &files, &issues(collected, &files))
}

fn report(
    collected: &Collected,
    options: &Options,
    files: &BTreeMap<&str, &FileFacts>,
    graph: &Graph<'_>,
) -> (PackageReport, Surface) {
    let mut findings = findings(graph, options);
    let mut capabilities = capabilities(graph);
    originals::add(graph, files, &mut findings, &mut capabilities);
    let mut issues = issues(collected, files);
    let manifest = graph.manifest.map(|manifest| &manifest.manifest);
    let (name, version) = manifest.map_or(("", ""), |manifest| (&manifest.name, &manifest.version));
    policy::suppress(
        &options.suppress,
        options.today.as_deref(),
        name,
        version,
        &mut findings,
    );
    let surface = Surface::new(graph, files, &issues);
    issues.extend(graph.release.map(untold).into_iter().flatten());
    let report = PackageReport {
        name: name.to_owned(),
        version: version.to_owned(),
        path: collected.path.clone(),
        integrity: collected.integrity.clone(),
        verdict: verdict(&findings, &issues),
        effect: alone(&surface),
        capabilities,
        findings,
        entry_points: entry_points(graph),
        issues,
        stats: stats(files),
    };
    (report, surface)
}

/// The effect of a package of which nothing but itself is known.
fn alone(surface: &Surface) -> Effect {
    let installed = [FxHashMap::default()];
    let mut effect = Linker::new(&[surface], &installed).package(0);
    // The reason says enough; the way to it is for those who ask.
    for reason in &mut effect.reasons {
        (reason.path, reason.reach) = (Vec::new(), None);
    }
    effect
}

fn findings(graph: &Graph<'_>, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        let wanted = options.rules.is_empty() || options.rules.iter().any(|id| id == rule.id);
        if wanted && !options.no_rules.iter().any(|id| id == rule.id) {
            (rule.check)(graph, &mut findings);
        }
    }
    if let Some(least) = options.min_severity {
        findings.retain(|finding| finding.severity >= least);
    }
    order::sort_by(&mut findings, |a, b| {
        (b.severity, b.confidence, &a.file, a.range, &a.rule, &a.message).cmp(&(
            a.severity,
            a.confidence,
            &b.file,
            b.range,
            &b.rule,
            &b.message,
        ))
    });
    findings.dedup();
    findings
}

/// What one finding weighs: the table of docs/severity.md.
fn weight(severity: Severity, confidence: Confidence) -> Verdict {
    match (severity, confidence) {
        (Severity::Critical, Confidence::Medium | Confidence::High) | (Severity::High, Confidence::High) => {
            Verdict::Block
        }
        (Severity::Critical | Severity::High | Severity::Medium, _) => Verdict::Review,
        (Severity::Low | Severity::Info, _) => Verdict::Pass,
    }
}

/// `block` for what is critical, or high and sure; `review` for what a person should see, a file on which the analyser
/// failed among it: somebody may have wanted that; else `pass`.
fn verdict(findings: &[Finding], issues: &[Issue]) -> Verdict {
    let weigh = |finding: &Finding| match finding.suppressed {
        Some(_) => Verdict::Pass,
        None => weight(finding.severity, finding.confidence),
    };
    let crashed = issues.iter().any(|issue| issue.kind == IssueKind::Crashed);
    let least = if crashed { Verdict::Review } else { Verdict::Pass };
    findings.iter().map(weigh).max().unwrap_or(least).max(least)
}

fn capabilities(graph: &Graph<'_>) -> Vec<CapabilityUse> {
    let mut out: Vec<CapabilityUse> = graph
        .modules
        .iter()
        .flat_map(|module| {
            module.facts.uses.iter().map(|used| CapabilityUse {
                capability: used.capability,
                api: used.api.clone(),
                file: module.path.to_owned(),
                range: used.place.range,
                reach: module.reach_of(used.place),
                hosts: used.arguments.hosts.clone(),
                paths: used.arguments.paths.clone(),
                commands: used.arguments.commands.clone(),
                variables: used.arguments.variables.clone(),
                via: used.via.clone(),
                original: None,
            })
        })
        .collect();
    out.extend(
        graph
            .scripts
            .iter()
            .filter(|script| script.starts_program())
            .map(script_use),
    );
    order::sort_by(&mut out, |a, b| {
        (&a.file, a.range, a.capability, &a.api, a).cmp(&(&b.file, b.range, b.capability, &b.api, b))
    });
    out.dedup();
    out
}

/// A lifecycle script that is more than a file of the package starts programs.
fn script_use(script: &Script) -> CapabilityUse {
    CapabilityUse {
        capability: Capability::ProcessExec,
        api: format!("scripts.{}", script.name),
        file: "package.json".to_owned(),
        range: script.range,
        reach: Reach::Install,
        hosts: Vec::new(),
        paths: Vec::new(),
        commands: vec![script.command.clone()],
        variables: Vec::new(),
        via: None,
        original: None,
    }
}

fn entry_points(graph: &Graph<'_>) -> Vec<EntryPoint> {
    let mut out: Vec<EntryPoint> = graph
        .entries
        .iter()
        .filter(|entry| entry.named)
        .map(|entry| EntryPoint {
            file: entry.file.clone(),
            reach: entry.reach,
            condition: entry.condition.clone(),
        })
        .collect();
    order::sort(&mut out);
    out.dedup();
    out
}

fn issues(collected: &Collected, files: &BTreeMap<&str, &FileFacts>) -> Vec<Issue> {
    let mut out = collected.issues.clone();
    for (path, facts) in files {
        for (kind, message) in &facts.issues {
            out.push(Issue {
                kind: *kind,
                file: (*path).to_owned(),
                message: message.clone(),
            });
        }
    }
    if !files.contains_key("package.json") && !out.iter().any(|issue| issue.file == "package.json") {
        let message = "there is no package.json: every code file counts as an entry point".to_owned();
        out.push(Issue {
            kind: IssueKind::Manifest,
            file: String::new(),
            message,
        });
    }
    order::sort(&mut out);
    out.dedup();
    out
}

/// What a mirror leaves out is no fault of the package, but nobody should take silence for an all-clear.
fn untold(release: &Release) -> impl Iterator<Item = Issue> {
    release.untold.iter().map(|what| Issue {
        kind: IssueKind::Untold,
        file: String::new(),
        message: format!("{what} is not available at this registry ({})", release.registry),
    })
}

fn stats(files: &BTreeMap<&str, &FileFacts>) -> Stats {
    let mut stats = Stats::default();
    for facts in files.values() {
        stats.files += 1;
        stats.bytes += facts.bytes;
        match &facts.content {
            Content::Module(module) => {
                match module.reading {
                    Reading::Tree => stats.parsed += 1,
                    Reading::Tokens => stats.skipped += 1,
                }
                stats.layers += module.layers;
            }
            Content::Manifest(manifest) => {
                stats.layers += manifest.inline.iter().map(|(_, facts)| facts.layers).sum::<u32>();
            }
            Content::Text(_) | Content::Map(_) | Content::Inert => {}
        }
    }
    stats
}

impl Summary {
    /// Counts one more package.
    pub fn add(&mut self, package: &PackageReport) {
        self.count(package.verdict, &package.stats);
    }

    /// Counts one more package by its verdict and counts.
    pub fn count(&mut self, verdict: Verdict, stats: &Stats) {
        self.packages += 1;
        match verdict {
            Verdict::Block => self.block += 1,
            Verdict::Review => self.review += 1,
            Verdict::Pass => self.pass += 1,
        }
        self.files += stats.files;
        self.bytes += stats.bytes;
    }
}

impl Report {
    /// A report of these packages, sorted and counted.
    pub fn new(mut packages: Vec<PackageReport>) -> Self {
        order::sort_by(&mut packages, |a, b| {
            (&a.path, &a.name, &a.version).cmp(&(&b.path, &b.name, &b.version))
        });
        let mut summary = Summary::default();
        for package in &packages {
            summary.add(package);
        }
        let tool = Tool::this();
        Self {
            schema_version: SCHEMA_VERSION,
            tool,
            packages,
            summary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    /// The table of docs/severity.md is what the code does.
    #[test]
    fn the_documented_verdicts_are_those_given() {
        let page = include_str!("../../docs/severity.md");
        let table = page.split("## Verdict").nth(1).unwrap_or_default();
        let mut rows = 0;
        for severity in [
            Severity::Critical,
            Severity::High,
            Severity::Medium,
            Severity::Low,
            Severity::Info,
        ] {
            let name = serde_json::to_value(severity).unwrap();
            let row = table
                .lines()
                .find_map(|line| line.strip_prefix(&format!("| {} | ", name.as_str().unwrap())));
            let cells: Vec<&str> = row.unwrap().trim_end_matches(" |").split(" | ").collect();
            for (cell, confidence) in cells
                .iter()
                .zip([Confidence::High, Confidence::Medium, Confidence::Low])
            {
                let given = serde_json::to_value(weight(severity, confidence)).unwrap();
                assert_eq!(given, **cell, "{severity:?} {confidence:?}");
                rows += 1;
            }
        }
        assert_eq!(rows, 15);
    }
}

//! It deletes what it did not make: the home folder, the file system, whatever is around it.

use super::{Rule, look, weighed};
use crate::{
    facts::{Flag, GateKind, Place, Ran, Use, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "destructive",
    title: "deletes what it did not make",
    docs: include_str!("destructive.md"),
    help: "do not run it; if it ran, stop the machine before more is overwritten and restore from a backup",
    severity: Severity::Critical,
    check,
};

/// What is lost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loss {
    /// The folder that the program is started in.
    Around,
    /// All that a user has, or all there is.
    Everything,
}

/// Programs that make data unreadable, whatever they are given.
const WIPERS: [&str; 4] = ["shred", "srm", "wipe", "sdelete"];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let before = out.len();
        for ran in &module.facts.commands {
            let elsewhere = || {
                let mut others = module.facts.commands.iter();
                others.any(|other| other.place == ran.place && matches!(other.program().as_str(), "cd" | "pushd"))
            };
            if out.len() == before && removes(ran) && asked_for(module, ran.place) {
                out.push(by_request(module, ran));
            }
            if let Some(loss) = lost_by_command(ran)
                && out.len() == before
                && (loss == Loss::Everything || !elsewhere())
            {
                let note = format!("runs `{}`", look::brief(&ran.words.join(" ")));
                out.extend(finding(module, ran.place, loss, note));
            }
        }
        for used in &module.facts.uses {
            if let Some((loss, path)) = lost(used)
                && out.len() == before
            {
                let note = format!("`{}` deletes `{path}` and all that is in it", used.api);
                out.extend(finding(module, used.place, loss, note));
            }
        }
    }
}

/// Whether a request that says a word which is written out leads to a place.
fn asked_for(module: &Module<'_>, place: Place) -> bool {
    let gates = module.facts.gates.iter();
    let mut gates = gates.filter(|gate| gate.kind == GateKind::Request && !gate.says.is_empty());
    gates.any(|gate| gate.guards(place.range) || gate.functions.contains(&place.function))
}

/// Whether a command removes whatever is in a folder that is written out, and nothing that was made to be removed.
fn removes(ran: &Ran) -> bool {
    let words = ran.arguments();
    let all = match ran.program().as_str() {
        "rm" => words
            .iter()
            .any(|word| word.starts_with("-r") || word.starts_with("-fr") || word.starts_with("-R")),
        "rd" | "rmdir" | "del" => words.iter().any(|word| word.eq_ignore_ascii_case("/s")),
        _ => false,
    };
    let spare = ["tmp", "temp", "cache", "dist", "build", "log", "…"];
    let plain = |word: &&String| !word.starts_with(['-', '/']) || word.len() > 2;
    let mut paths = words.iter().filter(plain).filter(|word| !word.starts_with('-'));
    all && paths.any(|path| spare.iter().all(|part| !path.to_ascii_lowercase().contains(part)))
}

/// Whoever knows the word has the application delete itself.
fn by_request(module: &Module<'_>, ran: &Ran) -> Finding {
    let severity = weighed(Severity::High, module.reach);
    let note = format!("runs `{}`", look::brief(&ran.words.join(" ")));
    Finding::new(&RULE, module, ran.place, severity, Confidence::High)
        .says("deletes files of the application when a request says so")
        .because(module.path, ran.place.range, ran.place.layer, note)
}

fn finding(module: &Module<'_>, place: Place, loss: Loss, note: String) -> Option<Finding> {
    let reach = module.reach_of(place);
    let severity = match (loss, reach) {
        (Loss::Everything, Reach::Install | Reach::Import) => Severity::Critical,
        (Loss::Around, Reach::Install | Reach::Import) => Severity::High,
        (Loss::Everything, Reach::Call) => Severity::Medium,
        (Loss::Around, Reach::Call) => Severity::Low,
        (_, Reach::Unreached) => return None,
    };
    let (what, confidence) = match (loss, reach) {
        (Loss::Everything, _) => ("everything that its user has", Confidence::High),
        // Where an import runs is the user's project; where an install does, the package's own folder.
        (Loss::Around, Reach::Import) => ("the folder that it is started in", Confidence::High),
        (Loss::Around, _) => ("the folder that it is started in", Confidence::Medium),
    };
    let when = match reach {
        Reach::Install => " while it is installed",
        Reach::Import => " when it is imported",
        _ => " when it is called",
    };
    Some(
        Finding::new(&RULE, module, place, weighed(severity, module.reach), confidence)
            .says(format!("deletes {what}{when}"))
            .because(module.path, place.range, place.layer, note),
    )
}

/// What a use deletes with all that is in it.
fn lost(used: &Use) -> Option<(Loss, &str)> {
    let deletes = used.capability == Capability::FsWrite
        && match used.api.as_str() {
            "fs.rm" | "fs.rmSync" | "fs.promises.rm" | "fs.rmdir" | "fs.rmdirSync" | "fs.promises.rmdir" => {
                used.arguments.flags.contains(&Flag::Recursive)
            }
            api => {
                let name = api.split(['.', '#']).next().unwrap_or_default();
                matches!(name, "rimraf" | "del" | "trash")
                    || matches!(
                        api,
                        "fs-extra.remove" | "fs-extra.removeSync" | "fs-extra.emptyDir" | "fs-extra.emptyDirSync"
                    )
            }
        };
    let mut paths = used.arguments.paths.iter().filter(|_| deletes);
    paths.find_map(|path| Some((whose(path)?, path.as_str())))
}

/// Whose a path is that is deleted as a whole.
fn whose(path: &str) -> Option<Loss> {
    let plain = path.trim_matches(['"', '\'']).replace('\\', "/");
    let mut rest = plain.as_str();
    while let Some(shorter) = rest.strip_suffix(['/', '*']).or_else(|| rest.strip_suffix("/.")) {
        rest = shorter;
    }
    let lower = rest.to_ascii_lowercase();
    let empty = rest.is_empty();
    match lower.as_str() {
        "" if plain.starts_with('/') => Some(Loss::Everything),
        "~" | "/home" | "/root" | "/users" | "/etc" | "/usr" | "/var" | "/boot" | "/bin" | "c:" | "d:" | "c:/users"
        | "c:/windows" | "%userprofile%" | "%systemdrive%" | "%homepath%" | "$home" => Some(Loss::Everything),
        "." | ".." | "../.." | "../../.." => Some(Loss::Around),
        _ if empty && plain.starts_with('*') => Some(Loss::Around),
        _ => None,
    }
}

/// What a command deletes.
pub(super) fn lost_by_command(ran: &Ran) -> Option<Loss> {
    let words = ran.arguments();
    let letters = |letter: char| {
        words.iter().any(|word| {
            let short = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
            short.is_some_and(|rest| rest.contains(letter))
        })
    };
    let slashed = |option: &str| words.iter().any(|word| word.eq_ignore_ascii_case(option));
    let target = || {
        let plain = words.iter().filter(|word| !word.starts_with('-'));
        plain.filter_map(|word| whose(word)).max()
    };
    match ran.program().as_str() {
        "rm" if letters('r') || letters('R') || words.iter().any(|word| word == "--recursive") => target(),
        "rd" | "rmdir" | "del" | "erase" if slashed("/s") => target(),
        "find"
            if words.iter().any(|word| word == "-delete")
                || words.iter().any(|word| WIPERS.contains(&word.as_str())) =>
        {
            words.first().and_then(|first| whose(first))
        }
        "cipher" if words.iter().any(|word| word.to_ascii_lowercase().starts_with("/w")) => Some(Loss::Everything),
        "format" if words.iter().any(|word| word.len() == 2 && word.ends_with(':')) => Some(Loss::Everything),
        "vssadmin" if slashed("delete") => Some(Loss::Everything),
        "dd" if words
            .iter()
            .any(|word| word.starts_with("of=/dev/sd") || word.starts_with("of=/dev/nvme")) =>
        {
            Some(Loss::Everything)
        }
        program if program.starts_with("mkfs") => Some(Loss::Everything),
        program if WIPERS.contains(&program) => target(),
        _ => None,
    }
}

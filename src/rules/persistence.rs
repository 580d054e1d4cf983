//! It makes itself run again: at login, at start, by the clock, with every shell, commit or editor.

use super::{Rule, away, look, weighed};
use crate::{
    facts::{
        Place, Ran, Use,
        capability::{Capability, MarkKind, Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow},
};

pub(super) static RULE: Rule = Rule {
    id: "persistence",
    title: "makes itself run again",
    docs: include_str!("persistence.md"),
    help: "do not install it; if it was installed, remove what it left there before anything else",
    severity: Severity::High,
    check,
};

/// What tools of the project itself use, too.
const HOOKS: &str = "git, in this repository";

/// Where something is put so that it runs: a part of the path, and what runs it.
const PLACES: [(&str, &str); 30] = [
    (".bash_login", "every login shell"),
    (".bash_logout", "the end of every shell"),
    (".bash_profile", "every login shell"),
    (".bashrc", "every shell"),
    (".config/autostart/", "every login"),
    (".config/fish/config.fish", "every shell"),
    (".config/systemd/user/", "systemd"),
    (".git-templates/hooks/", "git, in every new repository"),
    (".git/hooks/", HOOKS),
    (".profile", "every login shell"),
    (".ssh/authorized_keys", KEYS),
    (".vscode/extensions/", "the editor"),
    (".vscode/tasks.json", "the editor, when the folder is opened"),
    (".xinitrc", "every login"),
    (".xprofile", "every login"),
    (".zprofile", "every login shell"),
    (".zshenv", "every shell"),
    (".zshrc", "every shell"),
    ("/etc/cron", "cron"),
    ("/etc/init.d/", "the start of the system"),
    ("/etc/profile", "every login shell"),
    ("/etc/rc.local", "the start of the system"),
    ("/etc/systemd/system/", "systemd"),
    ("/lib/systemd/system/", "systemd"),
    ("/var/spool/cron", "cron"),
    ("Library/LaunchAgents/", "every login"),
    ("Library/LaunchDaemons/", "the start of the system"),
    ("Microsoft.PowerShell_profile.ps1", "every shell"),
    ("Start Menu/Programs/Startup", "every login"),
    ("discord_desktop_core/index.js", CHAT),
];

/// A program that people talk with, and that knows who they are.
const CHAT: &str = "the chat program";

/// Not a program, but a person may come back.
const KEYS: &str = "a login with a key";

/// How the names of those begin that fill a file.
const FILLS: [&str; 8] = [
    "append",
    "copy",
    "cp",
    "createWriteStream",
    "ensureFile",
    "output",
    "symlink",
    "write",
];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for (index, module) in graph.modules.iter().enumerate() {
        // Once for each thing that will run it.
        let mut told: Vec<&str> = Vec::new();
        for used in module.facts.uses.iter().filter(|used| writes(used)) {
            let found = used.arguments.paths.iter().find_map(|path| Some((path, place(path)?)));
            let Some((path, runner)) = found.filter(|(_, runner)| !told.contains(runner)) else {
                continue;
            };
            told.push(runner);
            let note = format!("`{}` writes `{}`", used.api, look::brief(path));
            let own = brings(graph, index, runner);
            out.extend(finding(module, used.place, runner, own, note));
        }
        out.extend(client(module).filter(|_| told.is_empty()));
        for ran in &module.facts.commands {
            let Some(runner) = registered(ran).filter(|runner| !told.contains(runner)) else {
                continue;
            };
            told.push(runner);
            let note = format!("`{}` registers it", look::brief(&ran.words.join(" ")));
            let own = brings(graph, index, runner);
            out.extend(finding(module, ran.place, runner, own, note));
        }
    }
}

/// The code of a program that is installed on the machine is replaced, wherever that was found.
fn client(module: &Module<'_>) -> Option<Finding> {
    let mark = module.facts.marks.iter().find(|mark| mark.kind == MarkKind::Client)?;
    let code = |used: &&Use| {
        let mut paths = used.arguments.paths.iter();
        let open = used.arguments.paths.is_empty();
        writes(used) && (open || paths.any(|path| matches!(path.rsplit('.').next(), Some("js" | "asar"))))
    };
    let used = module
        .facts
        .uses
        .iter()
        .filter(code)
        .find(|used| module.reach_of(used.place) >= Reach::Import)?;
    let what = match used.arguments.paths.first() {
        Some(path) => format!("`{}`", look::brief(path)),
        None => "files that it has looked for".to_owned(),
    };
    let note = format!("`{}` writes {what}", used.api);
    let finding = finding(module, used.place, "the start of another program", true, note)?;
    let note = format!("`{}` belongs to that program", mark.text);
    Some(finding.because(module.path, mark.place.range, mark.place.layer, note))
}

/// Whether a module brings along what is to run, and no user has chosen it: it downloads it from a host that is written
/// out, or the key of whoever may log in is written out.
fn brings(graph: &Graph<'_>, index: usize, runner: &str) -> bool {
    // Whoever wants another look for that program does not replace its code.
    if runner == CHAT {
        return true;
    }
    if runner == KEYS {
        let mut marks = graph.modules[index].facts.marks.iter();
        return marks.any(|mark| mark.kind == MarkKind::PublicKey);
    }
    let downloads = |flow: &PackageFlow<'_>| {
        let kept = flow.source == Source::Network && flow.sink == Sink::FileWrite;
        kept && look::answering(graph, flow)
            .iter()
            .any(|host| away::foreign(host).is_some())
    };
    graph.flows_into(index).iter().any(downloads)
}

fn finding(module: &Module<'_>, place: Place, runner: &str, own: bool, note: String) -> Option<Finding> {
    let (severity, when) = match module.reach_of(place) {
        Reach::Install | Reach::Import if runner == HOOKS => (Severity::Low, "when it is installed or imported"),
        Reach::Install => (Severity::High, "when it is installed"),
        Reach::Import => (Severity::High, "when it is imported"),
        Reach::Call if own => (Severity::High, "when it is called"),
        // What installs services or completions does so on its user's command.
        Reach::Call => (Severity::Low, "when it is called"),
        Reach::Unreached => return None,
    };
    Some(
        Finding::new(&RULE, module, place, weighed(severity, module.reach), Confidence::High)
            .says(match runner {
                KEYS => format!("lets the holder of a key log in, {when}"),
                _ => format!("has {runner} run something of its own, {when}"),
            })
            .because(module.path, place.range, place.layer, note),
    )
}

/// Whether a use fills a file, rather than moving, deleting or looking at it.
fn writes(used: &Use) -> bool {
    let name = used.api.rsplit(['.', '#']).next().unwrap_or_default();
    let fills = |verb: &&str| name.starts_with(*verb);
    used.capability == Capability::FsWrite
        && (FILLS.iter().any(fills) || matches!(used.api.as_str(), "shell: >" | "shell: tee" | "shell: cp"))
}

/// What runs a file at this path, if something does by itself.
fn place(path: &str) -> Option<&'static str> {
    let path = path.replace('\\', "/");
    let found = PLACES.iter().find(|(part, _)| match part.strip_suffix('/') {
        Some(_) => path.contains(part),
        None => path.ends_with(part) || (part.starts_with('/') && path.starts_with(part)),
    });
    found.map(|(_, runner)| *runner)
}

/// What a command has run something by itself.
fn registered(ran: &Ran) -> Option<&'static str> {
    let words = ran.arguments();
    let is = |word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    Some(match ran.program().as_str() {
        "crontab"
            if words
                .iter()
                .any(|word| !matches!(word.as_str(), "-l" | "-r" | "-e" | "-u")) =>
        {
            "cron"
        }
        "launchctl" if is("load") || is("bootstrap") || is("submit") => "every login",
        "systemctl" if is("enable") => "systemd",
        "schtasks" if is("/create") => "the clock",
        "at" if !words.is_empty() && !is("-l") => "the clock",
        "sc" if is("create") => "the start of the system",
        "reg" if is("add") && words.iter().any(|word| is_run_key(word)) => "every login",
        "powershell" | "pwsh"
            if words.iter().any(|word| {
                let lower = word.to_ascii_lowercase();
                lower.contains("register-scheduledtask") || (lower.contains("itemproperty") && is_run_key(&lower))
            }) =>
        {
            "every login"
        }
        "git"
            if is("--global")
                && words
                    .iter()
                    .any(|word| matches!(word.as_str(), "core.hooksPath" | "init.templateDir")) =>
        {
            "git, in every repository"
        }
        _ => return None,
    })
}

/// Whether a key of the registry holds what starts at login.
fn is_run_key(key: &str) -> bool {
    // A shell takes backslashes away that stand outside of quotes.
    let key = key.to_ascii_lowercase().replace(['/', '\\'], "");
    key.contains("currentversionrun") || key.contains("winlogon")
}

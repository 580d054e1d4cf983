//! What comes from the network is run.

use super::{Rule, away, look, weighed};
use crate::{
    facts::{
        End, Flag, ImportKind, Use,
        capability::{Capability, Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow, REQUEST},
};

pub(super) static RULE: Rule = Rule {
    id: "remote-code",
    title: "runs code that it fetches from the network",
    docs: include_str!("remote_code.md"),
    help: "whoever answers that address controls the program: do not use it unless that is what it is for",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for (index, module) in graph.modules.iter().enumerate() {
        let before = out.len();
        let flows = graph.flows_into(index);
        for flow in flows.iter().filter(|flow| flow.source == Source::Network) {
            if out.iter().skip(before).all(|found| found.range != flow.place.range) {
                out.extend(run(graph, flow));
            }
        }
        if out.len() == before {
            out.extend(flows.iter().find_map(|flow| kept(graph, module, flow)));
        }
        out.extend(sent_along(module));
        imported(module, out);
    }
}

/// A reply that becomes code, or the command that is run.
fn run(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Option<Finding> {
    let command = flow.sink_api.starts_with("shell: ");
    let severity = match (flow.sink, reach(graph, flow)) {
        // At install, it is `install-download-exec`; and `/dev/tcp` is a shell for somebody else.
        (_, Reach::Install) => return None,
        _ if flow.source_api == look::SHELL_SOCKET => return None,
        (Sink::Exec, _) if asked(flow) && whole_command(graph, flow) => Severity::High,
        // A tool may install another one when its user says so, and need not hide it.
        (Sink::Code, Reach::Call | Reach::Unreached) if command && !is_concealed(graph, flow) => Severity::Medium,
        (Sink::Code, Reach::Import) => Severity::Critical,
        (Sink::Code, _) => Severity::High,
        // Only where the reply is the command itself, and not a word of it.
        (Sink::Exec, reach) if whole_command(graph, flow) => match reach {
            Reach::Import => Severity::Critical,
            // Whom it obeys, the code itself says: that is nobody whom its user has chosen.
            Reach::Call if obeys(graph, flow) => Severity::High,
            _ => Severity::Medium,
        },
        _ => return None,
    };
    let from = match look::answering(graph, flow).as_slice() {
        [host] => format!("`{}`", look::brief(host)),
        _ => "the network".to_owned(),
    };
    let kind = if flow.sink == Sink::Code { "code" } else { "a command" };
    let (says, gives) = if asked(flow) {
        let says = format!("runs what the sender of a request puts into its headers as {kind}");
        (says, "the headers of a request are handed on".to_owned())
    } else {
        let gives = format!("`{}` gives a reply from the network", flow.source_api);
        (format!("runs what {from} answers as {kind}"), gives)
    };
    Some(
        Finding::of(&RULE, graph, flow, severity, Confidence::High)
            .says(says)
            .because(flow.source_file, flow.source_range, flow.place.layer, gives)
            .through(flow)
            .because(
                flow.file,
                flow.place.range,
                flow.place.layer,
                format!("`{}` runs it", flow.sink_api),
            ),
    )
}

/// Whether nobody reads in the source what is run.
fn is_concealed(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> bool {
    let module = graph.modules.get(flow.module).into_iter();
    let mut uses = module.flat_map(|module| &module.facts.uses);
    uses.any(|used| used.concealed && used.place.range == flow.place.range)
}

/// Whether what is run came with a request.
fn asked(flow: &PackageFlow<'_>) -> bool {
    flow.source_api == REQUEST
}

/// How a flow is reached: what listens to a connection that is opened early hears it early, whatever it is called by.
fn reach(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Reach {
    let module = graph.modules.iter().find(|module| module.path == flow.source_file);
    let opened = module.into_iter().flat_map(|module| {
        let uses = module.facts.uses.iter().filter(|used| is_connection(used));
        uses.map(move |used| module.reach_of(used.place))
    });
    match opened.max() {
        Some(reach) if flow.reach == Reach::Call && reach == Reach::Import => reach,
        _ => flow.reach,
    }
}

/// Whether a use opens a connection on which the other side may speak first.
fn is_connection(used: &Use) -> bool {
    used.capability == Capability::Network
        && [
            "WebSocket",
            "net.connect",
            "net.createConnection",
            "socket.io-client",
            "tls.connect",
            "ws",
        ]
        .iter()
        .any(|api| used.api == *api || used.api.starts_with(&format!("{api}.")))
}

/// Whether nothing is known of the command, so that all of it may be the reply's.
fn whole_command(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> bool {
    let by_shell = || {
        let uses = graph
            .modules
            .get(flow.module)
            .into_iter()
            .flat_map(|module| &module.facts.uses);
        let mut uses = uses.filter(|used| used.place.range == flow.place.range);
        uses.any(|used| used.arguments.flags.contains(&Flag::Shell))
    };
    let given = |command: &String| {
        let line = ["/c ", "-c ", "-Command ", "-lc "]
            .iter()
            .find_map(|option| Some(command.split_once(option)?.1));
        line.unwrap_or(command).starts_with('…')
    };
    match flow.sink_api {
        "child_process.exec" | "child_process.execSync" => flow.target.iter().all(given),
        "child_process.spawn" | "child_process.spawnSync" if by_shell() => flow.target.iter().all(given),
        "child_process.execFile" | "child_process.execFileSync" | "child_process.spawn" | "child_process.spawnSync" => {
            flow.target
                .iter()
                .any(|command| command.contains("-c …") || command.contains("/c …"))
        }
        _ => false,
    }
}

/// Whether commands come from a machine that is written out, or what they print goes to one.
fn obeys(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> bool {
    let written = look::answering(graph, flow)
        .iter()
        .any(|host| away::foreign(host).is_some());
    let answered = || {
        let mut flows = graph.flows_into(flow.module).iter();
        flows.any(|other| other.source == Source::Exec && other.sink == Sink::Network)
    };
    written || (answered() && (flow.encoded | flow.decoded || !away::written(graph, flow).is_empty()))
}

/// A reply that is written to a file which the same module loads or starts.
fn kept(graph: &Graph<'_>, module: &Module<'_>, flow: &PackageFlow<'_>) -> Option<Finding> {
    if flow.source != Source::Network || flow.sink != Sink::FileWrite || flow.reach == Reach::Install {
        return None;
    }
    let (used, import) = look::kept(module);
    let used = used.or_else(|| unseen(graph, module, flow));
    let hidden = used.is_some_and(look::is_unseen);
    let used = used.map(|used| (used.place, used.api.as_str()));
    let (place, api) = used.or(import.map(|import| (import.place, "require")))?;
    let foreign = || {
        look::answering(graph, flow)
            .iter()
            .any(|host| away::foreign(host).is_some())
    };
    let severity = match flow.reach.min(module.reach_of(place)) {
        Reach::Import => Severity::Critical,
        // Nobody asks for a program that outlives the one that started it and says nothing.
        Reach::Call if hidden && foreign() => Severity::High,
        // What a user asks for, a tool may fetch.
        _ => Severity::Low,
    };
    let confidence = if hidden { Confidence::High } else { Confidence::Medium };
    Some(
        Finding::new(&RULE, module, place, weighed(severity, module.reach), confidence)
            .says("downloads a file and runs it")
            .downloaded(flow)
            .because(module.path, place.range, place.layer, format!("`{api}` runs that file")),
    )
    .filter(|_| !checks(graph))
}

/// What a module that downloads a file starts unseen, if nothing tells what it is.
fn unseen<'g>(graph: &Graph<'_>, module: &'g Module<'_>, flow: &PackageFlow<'_>) -> Option<&'g Use> {
    let fixed = look::answering(graph, flow)
        .iter()
        .any(|host| away::foreign(host).is_some());
    let mut uses = module.facts.uses.iter().filter(|used| fixed && look::is_unseen(used));
    uses.find(|used| used.arguments.commands.iter().all(|command| command.starts_with('…')))
}

/// Whether a hash or a signature is computed somewhere.
fn checks(graph: &Graph<'_>) -> bool {
    look::powers(graph, Capability::Crypto).any(|(_, used, _)| {
        matches!(
            used.api.as_str(),
            "crypto.createHash" | "crypto.hash" | "crypto.createVerify" | "crypto.verify"
        )
    })
}

/// Modules whose specifier is an address.
fn imported(module: &Module<'_>, out: &mut Vec<Finding>) {
    for import in &module.facts.imports {
        let address = import.specifier.as_deref().filter(|specifier| {
            let remote = specifier.starts_with("http://") || specifier.starts_with("https://");
            remote && import.kind != ImportKind::Resolve
        });
        let Some(address) = address else { continue };
        let severity = match module.reach_of(import.place) {
            Reach::Install => Severity::Critical,
            Reach::Import if !is_pinned(address) => Severity::Medium,
            _ => Severity::Low,
        };
        out.push(
            Finding::new(
                &RULE,
                module,
                import.place,
                weighed(severity, module.reach),
                Confidence::Medium,
            )
            .says(format!("loads a module from `{}`", look::brief(address)))
            .because(
                module.path,
                import.place.range,
                import.place.layer,
                "its code is whatever that address answers",
            ),
        );
    }
}

/// Whether an address names one version: `https://cdn.example.invalid/name@1.2.3/index.js`.
fn is_pinned(address: &str) -> bool {
    let mut rest = address.split('@').skip(1);
    rest.any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('.'))
}

/// A header or a cookie of a request that is run: its sender tells a server what to do.
fn sent_along(module: &Module<'_>) -> Option<Finding> {
    let (path, api, place) = module
        .facts
        .passages
        .iter()
        .find_map(|passage| match (&passage.from, &passage.to) {
            (
                End::Edge {
                    specifier: None, path, ..
                },
                End::Sink {
                    kind: Sink::Code,
                    api,
                    place,
                    ..
                },
            ) if is_header(path) => Some((path, api, *place)),
            _ => None,
        })?;
    if module.reach == Reach::Unreached {
        return None;
    }
    let (_, member) = path.split_once('.')?;
    Some(
        Finding::new(&RULE, module, place, Severity::High, Confidence::High)
            .says(format!("runs what the sender of a request puts into its `{member}`"))
            .because(
                module.path,
                place.range,
                place.layer,
                format!("`{api}` runs what is taken from `{member}` of a parameter"),
            ),
    )
}

/// Whether a path leads to what comes with a request besides its body.
fn is_header(path: &str) -> bool {
    let mut members = path.split('.').skip(1);
    members.any(|name| matches!(name, "headers" | "rawHeaders" | "cookie" | "cookies" | "signedCookies"))
}

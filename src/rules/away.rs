//! Where data goes when the code itself says so: hosts that are written out, and not this machine.

use crate::{
    facts::{Place, capability::Capability},
    graph::{Graph, Module, PackageFlow},
};

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

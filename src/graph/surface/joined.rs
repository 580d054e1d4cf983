//! What is told of a package's modules together.

use super::{Link, Module};
use crate::{finding::Reach, graph::Graph};

/// Tells which modules load each other.
pub(super) fn connect(modules: &mut [Module]) {
    let mut parent: Vec<u32> = (0..modules.len() as u32).collect();
    let find = |parent: &mut Vec<u32>, mut at: u32| {
        while parent[at as usize] != at {
            parent[at as usize] = parent[parent[at as usize] as usize];
            at = parent[at as usize];
        }
        at
    };
    for (number, module) in (0..).zip(&*modules) {
        for (link, ..) in &module.loads {
            if let Link::Module(target) = link {
                let (one, other) = (find(&mut parent, number), find(&mut parent, *target));
                parent[one as usize] = other;
            }
        }
    }
    for (number, module) in (0..).zip(&mut *modules) {
        module.component = find(&mut parent, number);
    }
}

/// The numbers of all modules, sorted.
pub(super) fn united(graph: &Graph<'_>, kind: usize) -> Vec<u32> {
    let modules = graph.modules.iter().filter(|module| module.reach > Reach::Unreached);
    let mut out: Vec<u32> = modules
        .flat_map(|module| &module.facts.kept_as[kind])
        .copied()
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

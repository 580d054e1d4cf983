//! Functions that are called while the package is loaded by modules other than their own: `require('./start')()`.

use std::collections::BTreeMap;

use super::{Module, flows::Joiner, resolve::Resolver};
use crate::{facts::InnerCall, finding::Reach};

/// How many calls of a package are followed.
const MAX_CALLS: usize = 20_000;

/// Tells each module how the functions that it exports are reached by the calls in other modules.
pub(super) fn call<'a>(modules: &mut [Module<'a>], resolver: &Resolver<'_, 'a>, offered: &BTreeMap<&'a str, Reach>) {
    let called = {
        let joiner = Joiner::new(modules, resolver);
        let mut called: Vec<Vec<Reach>> = vec![Vec::new(); modules.len()];
        let mut queue: Vec<usize> = (0..modules.len()).collect();
        let mut left = MAX_CALLS;
        while let Some(index) = queue.pop() {
            let module = &modules[index];
            for call in &module.facts.inner_calls {
                let reach = reached(module, offered, &called[index], call);
                if reach <= Reach::Call || left == 0 {
                    continue;
                }
                left -= 1;
                for (target, path) in joiner.meant(index, &call.specifier, &call.path) {
                    let facts = modules[target].facts;
                    let runs = facts.runs.iter().filter(|(known, _)| *known == path);
                    for function in runs.flat_map(|(_, functions)| functions) {
                        let known = &mut called[target];
                        known.resize(facts.functions.len(), Reach::Unreached);
                        let slot = known.get_mut(*function as usize).filter(|known| **known < reach);
                        if let Some(slot) = slot {
                            *slot = reach;
                            queue.push(target);
                        }
                    }
                }
            }
        }
        called
    };
    for (module, called) in modules.iter_mut().zip(called) {
        module.called = called;
    }
}

/// How a call is reached, with what is known so far of calls from elsewhere.
/// A command is run by its user, who asks for what it does.
fn reached(module: &Module<'_>, offered: &BTreeMap<&str, Reach>, called: &[Reach], call: &InnerCall) -> Reach {
    let called = called.get(call.place.function as usize).copied();
    let called = called.unwrap_or(Reach::Unreached);
    let offered = offered.get(module.path).copied().unwrap_or(Reach::Unreached);
    let offered = module.reach.min(offered);
    if call.eager { offered } else { called.min(offered) }
}

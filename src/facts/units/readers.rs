//! What only looks at a value.

use crate::facts::capability::{self, Global};

/// Methods that neither change what they are called on nor keep what they are given.
pub(super) const READERS: [&str; 30] = [
    "charAt",
    "charCodeAt",
    "concat",
    "endsWith",
    "entries",
    "every",
    "exec",
    "filter",
    "find",
    "findIndex",
    "flatMap",
    "forEach",
    "get",
    "has",
    "hasOwnProperty",
    "includes",
    "indexOf",
    "join",
    "keys",
    "lastIndexOf",
    "map",
    "match",
    "reduce",
    "slice",
    "some",
    "split",
    "startsWith",
    "test",
    "toString",
    "values",
];

/// Whether an API of the language neither keeps nor changes nor calls what it is given.
pub(super) fn is_reader(path: &str) -> bool {
    let harmless = capability::global(capability::root(path)) == Some(Global::Harmless);
    harmless
        && !matches!(
            path,
            "Object.assign"
                | "Object.defineProperty"
                | "Object.defineProperties"
                | "Object.setPrototypeOf"
                | "Reflect.set"
                | "Reflect.apply"
                | "Reflect.construct"
                | "Reflect.defineProperty"
                | "Reflect.setPrototypeOf"
                | "Promise"
                | "Proxy"
                | "Array.from"
                | "queueMicrotask"
                | "setImmediate"
        )
        && !path.starts_with("Function")
}

//! Node's own list of its modules and of what they export is covered by the API table.

use std::{collections::BTreeMap, process::Command};

use importguard::facts::capability::{Global, On, api, builtin_module, global, member};

/// Modules of Node 24 that older versions, or versions without a flag, do not list.
const NEWER: [&str; 6] = [
    "node:quic",
    "node:sea",
    "node:sqlite",
    "node:test",
    "node:test/reporters",
    "inspector/promises",
];

/// Modules whose members no default covers by intent: each function has its own entry.
const WRITTEN_OUT: [&str; 20] = [
    "child_process",
    "cluster",
    "dgram",
    "dns",
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "module",
    "net",
    "os",
    "process",
    "repl",
    "tls",
    "vm",
    "wasi",
    "_http_client",
    "node:sea",
    "node:sqlite",
];

/// Modules without a power, or with the same for every member: there the default is the statement.
const ONE_DEFAULT: [&str; 27] = [
    "assert",
    "async_hooks",
    "buffer",
    "console",
    "constants",
    "crypto",
    "diagnostics_channel",
    "domain",
    "events",
    "inspector",
    "path",
    "perf_hooks",
    "punycode",
    "querystring",
    "readline",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "worker_threads",
    "zlib",
    "test",
];

/// What Node prints for an expression.
fn node(expression: &str) -> String {
    let output = Command::new("node")
        .args(["--no-warnings", "-p", expression])
        .output()
        .expect("Node.js is needed to compare the API table with its modules: install it and put `node` on the PATH");
    assert!(
        output.status.success(),
        "node failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("node prints UTF-8")
}

#[test]
fn every_module_is_known() {
    let listed: Vec<String> =
        serde_json::from_str(&node("JSON.stringify(require('module').builtinModules)")).expect("a list of names");
    assert!(listed.len() > 50, "node lists only {listed:?}");
    for specifier in listed.iter().map(String::as_str).chain(NEWER) {
        let path = builtin_module(specifier)
            .unwrap_or_else(|| panic!("`{specifier}` is a module of Node's that names.txt lacks"));
        assert!(
            api(&format!("{path}.anything")).is_some_and(|api| api.path.ends_with(".*")),
            "`{specifier}` has no default for its members: add `{path}.*` to node.txt"
        );
    }
}

#[test]
fn every_exported_function_is_covered() {
    let exported: BTreeMap<String, Vec<String>> = serde_json::from_str(&node(
        "JSON.stringify(Object.fromEntries(require('module').builtinModules.map(name => {
            const exports = require(name);
            const callable = key => { try { return typeof exports[key] === 'function' } catch { return false } };
            return [name, Object.keys(exports).filter(callable)];
        })))",
    ))
    .expect("functions by module");
    let mut seen = 0;
    for (specifier, functions) in exported {
        let path = builtin_module(&specifier).unwrap_or_else(|| panic!("`{specifier}` is not known"));
        let root = path.split('.').next().unwrap_or(path);
        let by_default = ONE_DEFAULT.contains(&root);
        assert!(
            by_default || WRITTEN_OUT.iter().any(|name| builtin_module(name) == Some(path)),
            "`{specifier}` is a new module: decide whether its members share one default, and list it in this test"
        );
        for function in functions {
            let member = member(path, &function);
            seen += 1;
            if global(&member) == Some(Global::Harmless) {
                continue;
            }
            let found = api(&member).unwrap_or_else(|| panic!("`{member}` of `{specifier}` is not covered"));
            let exact = !found.path.ends_with('*');
            assert!(
                exact || by_default,
                "`{member}` has only the default `{}`: give it a line in node.txt",
                found.path
            );
            assert_ne!(found.on, On::Write, "`{member}` is told only for assignments");
        }
    }
    assert!(seen > 500, "node exports only {seen} functions");
}

#[test]
fn every_global_is_known() {
    let names: Vec<String> =
        serde_json::from_str(&node("JSON.stringify(Object.getOwnPropertyNames(globalThis))")).expect("a list of names");
    assert!(names.len() > 100, "node has only {names:?}");
    for name in names {
        // `node -p` adds the modules as globals for convenience.
        assert!(
            global(&name).is_some() || builtin_module(&name).is_some(),
            "`{name}` is a global of Node's that names.txt and web.txt lack"
        );
    }
}

//! What can be told without a tree.

use super::*;

/// Each chain as `a.b(first, ?)`, `*` before one that begins with a module, `~` before a local one.
fn chains(text: &str) -> Vec<String> {
    let show = |chain: Chain| {
        let mark = if chain.module {
            "*"
        } else if chain.local {
            "~"
        } else {
            ""
        };
        let arguments: Vec<_> = chain
            .arguments
            .iter()
            .map(|a| a.clone().unwrap_or_else(|| "?".to_owned()))
            .collect();
        let call = if chain.called {
            format!("({})", arguments.join(", "))
        } else {
            String::new()
        };
        format!("{mark}{}{call}", chain.names.join("."))
    };
    read(text).chains.into_iter().map(show).collect()
}

fn imports(text: &str) -> Vec<String> {
    let show = |import: Import| {
        format!(
            "{:?} {}",
            import.form,
            import.specifier.unwrap_or_else(|| "?".to_owned())
        )
    };
    read(text).imports.into_iter().map(show).collect()
}

fn strings(text: &str) -> Vec<String> {
    read(text).strings.into_iter().map(|text| text.value).collect()
}

#[test]
fn every_form_of_import() {
    for (text, expected) in [
        (
            "import 'a'; import b, { c as d } from 'e'; import * as f from \"g\"",
            &["Import a", "Import e", "Import g"][..],
        ),
        (
            "export * from 'a'; export { b } from 'c'; export { d }; 'e'",
            &["ReExport a", "ReExport c"],
        ),
        ("import('a').then(b); await import(c)", &["Dynamic a", "Dynamic ?"]),
        (
            "require('a'); require(`b`); require('c' + 'd'); require(e)",
            &["Require a", "Require b", "Require cd", "Require ?"],
        ),
        (
            "module.require('a'); process.mainModule.require('b'); process.getBuiltinModule('c')",
            &["Require a", "Require b", "Require c"],
        ),
        (
            "require.resolve('a'); import.meta.resolve('b')",
            &["Resolve a", "Resolve b"],
        ),
        ("const r = createRequire(import.meta.url); r('a')", &["Require a"]),
        (
            "const q = require; q('a'); module['req' + 'uire']('b')",
            &["Require a", "Require b"],
        ),
        ("x.import('a'); y.require; 'require(\"b\")'; // require('c')", &[]),
    ] {
        assert_eq!(imports(text), expected, "{text}");
    }
    let text = "let é = require('a')";
    let span = read(text).imports[0].span;
    assert_eq!(&text[span.start as usize..span.end as usize], "'a'");
}

#[test]
fn chains_and_aliases() {
    for (text, expected) in [
        (
            "process.env.TOKEN; process['env']['A' + 'B']; globalThis.process.env",
            &["process.env.TOKEN", "process.env.AB", "process.env"][..],
        ),
        (
            "const cp = require('child_process'); cp.exec('id', x)",
            &["*child_process", "*child_process.exec(id, ?)"],
        ),
        (
            "const { exec: e, spawn } = require('node:child_process'); e('a'); spawn(b)",
            &[
                "*child_process.exec",
                "*child_process.spawn",
                "*child_process",
                "*child_process.exec(a)",
                "*child_process.spawn(?)",
            ],
        ),
        (
            "import { exec as e } from 'child_process'; e('x' + 'y')",
            &["*child_process.exec", "*child_process.exec(xy)"],
        ),
        (
            "import fs, * as http from 'fs'; fs.readFileSync('a')",
            &["*fs", "*fs.readFileSync(a)"],
        ),
        ("require('fs').promises.readFile(a)", &["*fs.promises.readFile(?)"]),
        ("(await import('fs')).readFile(a)", &["*fs.readFile(?)"]),
        (
            "const p = process; const { env } = p; env.HOME",
            &["process.env", "process.env.HOME"],
        ),
        (
            "eval('1'); new Function('a', b); setTimeout('c', 1)",
            &["eval(1)", "Function(a, ?)", "setTimeout(c, ?)"],
        ),
        ("(0, eval)(x); a?.b?.(c); d`e`", &["eval(?)", "a.b(?)", "d(e)"]),
        ("function fetch(a) {} fetch(b)", &["~fetch(?)"]),
        ("let x = { fetch: 1, eval: 2 }; y.fetch()", &["y.fetch()"]),
        ("\\u0065val('a')", &["eval(a)"]),
    ] {
        assert_eq!(chains(text), expected, "{text}");
    }
}

#[test]
fn strings_are_folded() {
    for (text, expected) in [
        ("a('b' + \"c\" + `d`, 'e'.length)", &["bcd", "e"][..]),
        ("`f${g}h${'i'}j`", &["f", "h", "i", "j"]),
        ("/'/; a / 'k' / 2; // 'l'\n/* 'm' */", &["k"]),
        ("'a' + 'b'.length", &["a", "b"]),
        ("x['y'](\"\\x7a\")", &["y", "z"]),
    ] {
        assert_eq!(strings(text), expected, "{text}");
    }
}

#[test]
fn payloads_behind_a_wall_are_seen() {
    let payload = "require('child_process').exec('id')";
    for wall in [
        "[".repeat(100_000),
        "(function(){".repeat(50_000),
        "a=>".repeat(50_000),
        "else if(a){}".repeat(40_000),
    ] {
        assert_eq!(
            chains(&format!("{wall}\n{payload}")).last().unwrap(),
            "*child_process.exec(id)"
        );
        assert_eq!(imports(&format!("{wall};{payload}")), ["Require child_process"]);
    }
    for opening in ["`", "x = <a>", "x = <a>{`", "'", "/*/", "x = /"] {
        let text = format!("{opening} broken \n*/\n{payload}");
        assert_eq!(imports(&text), ["Require child_process"], "{opening}");
    }
}

#[test]
fn a_flood_of_names_hides_nothing() {
    let flood: Vec<String> = (0..200_000).map(|n| format!("f{n}('{n}');")).collect();
    let text = format!("{} require('child_process').exec('id')", flood.concat());
    let reading = read(&text);
    assert!(reading.truncated);
    assert_eq!(
        reading.imports.last().unwrap().specifier.as_deref(),
        Some("child_process")
    );
    assert_eq!(reading.chains.last().unwrap().names, ["child_process", "exec"]);
}

#[test]
fn any_text_costs_linear_time() {
    for unit in [
        "[",
        "`",
        "`${",
        "<a>",
        "<a ",
        "{a:",
        "a.",
        "a['b']",
        "'a'+",
        "import{",
        "import ",
        "export*",
        "{}=",
        "a=a.b;",
        "a=b;b=a;",
        "({a,b}=c)",
        "\\",
        "/",
        "require(",
        "f('",
        "\u{0}",
        "😀",
        "a(b,",
        "const{a}=require('x'),",
    ] {
        read(&unit.repeat(100_000));
    }
    let long = "a = 'b';".repeat(2 * 1024 * 1024);
    assert!(read(&long).truncated);
}

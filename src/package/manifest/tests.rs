//! Manifests as people write them, and as they should not.

use super::{
    DependencyKind::{Development, Normal, Optional, Peer},
    *,
};
use crate::issue::IssueKind;

fn read(text: &str) -> (Manifest, Vec<String>) {
    let (manifest, issues) = Manifest::read(text.as_bytes());
    let messages = issues.into_iter().map(|(kind, message)| {
        assert_eq!(kind, IssueKind::Manifest);
        message
    });
    (manifest, messages.collect())
}

fn cut(text: &str, range: Range) -> &str {
    &text[range.bytes[0] as usize..range.bytes[1] as usize]
}

#[test]
fn every_field() {
    let text = r##"{
        "name": "@s/p", "version": "1.2.3", "type": "module", "main": "lib/", "module": "es.js", "types": "t.d.ts",
        "browser": {"./a.js": "./b.js", "fs": false}, "bin": "cli.js", "directories": {"bin": "tools"},
        "exports": {".": {"import": {"node": "./n.mjs", "default": "./d.mjs"}, "require": ["./r.cjs", "./r2.cjs"]}, "./x/*": "./x/*.js", "./y": null},
        "imports": {"#i": {"default": "./i.js"}},
        "scripts": {"install": "node i.js", "test": "t"},
        "dependencies": {"d": "^1"}, "devDependencies": {"e": "2"}, "peerDependencies": {"f": "*"}, "optionalDependencies": {"g": "git+https://example.invalid/g"},
        "bundledDependencies": ["d"], "gypfile": false, "files": ["lib"], "workspaces": {"packages": ["w/*"]}, "repository": {"type": "git", "url": "u"}
    }"##;
    let (manifest, issues) = read(text);
    assert_eq!(issues, [""; 0]);
    assert_eq!(
        (manifest.name.as_str(), manifest.version.as_str(), manifest.is_module),
        ("@s/p", "1.2.3", true)
    );
    assert_eq!(cut(text, manifest.main.as_ref().unwrap().range), "\"lib/\"");
    assert_eq!(
        manifest
            .browser_map
            .iter()
            .map(|t| (t.key.as_str(), t.file.as_deref()))
            .collect::<Vec<_>>(),
        [("./a.js", Some("./b.js")), ("fs", None)]
    );
    assert_eq!(
        (manifest.bin[0].name.as_str(), manifest.bin[0].value.as_str()),
        ("p", "cli.js")
    );
    let exports: Vec<_> = manifest
        .exports
        .iter()
        .map(|t| (t.path.as_str(), t.file.as_deref()))
        .collect();
    assert_eq!(
        exports,
        [
            ("exports[\".\"].import.node", Some("./n.mjs")),
            ("exports[\".\"].import.default", Some("./d.mjs")),
            ("exports[\".\"].require", Some("./r.cjs")),
            ("exports[\".\"].require", Some("./r2.cjs")),
            ("exports[\"./x/*\"]", Some("./x/*.js")),
            ("exports[\"./y\"]", None),
        ]
    );
    assert_eq!(manifest.exports[0].conditions, ["import", "node"]);
    assert_eq!(
        (manifest.imports[0].key.as_str(), manifest.imports[0].path.as_str()),
        ("#i", "imports[\"#i\"].default")
    );
    assert_eq!(
        manifest
            .install_scripts()
            .map(|script| cut(text, script.range))
            .collect::<Vec<_>>(),
        ["\"node i.js\""]
    );
    let dependencies: Vec<_> = manifest
        .dependencies
        .iter()
        .map(|d| (d.kind, cut(text, d.range)))
        .collect();
    assert_eq!(
        dependencies,
        [
            (Normal, "\"d\""),
            (Development, "\"e\""),
            (Peer, "\"f\""),
            (Optional, "\"g\"")
        ]
    );
    assert_eq!(
        (manifest.bundled, manifest.gypfile, manifest.files),
        (vec!["d".to_owned()], Some(false), vec!["lib".to_owned()])
    );
    assert_eq!(
        (manifest.workspaces, manifest.repository.unwrap().value),
        (vec!["w/*".to_owned()], "u".to_owned())
    );
    assert_eq!(
        (manifest.bin_folder.unwrap().value, manifest.module.unwrap().value),
        ("tools".to_owned(), "es.js".to_owned())
    );
}

#[test]
fn bad_bytes_are_replaced_and_said() {
    let (manifest, issues) = Manifest::read(b"{\"name\":\"p\xFF\",\"version\":\"1\"}");
    assert_eq!((manifest.name.as_str(), manifest.version.as_str()), ("p\u{FFFD}", "1"));
    assert_eq!(issues[0].0, IssueKind::InvalidUtf8);
}

#[test]
fn exports_without_subpaths() {
    for (text, paths) in [
        (r#"{"exports": "./a.js"}"#, &["exports ./a.js"][..]),
        (
            r#"{"exports": {"import": "./b.js", "default": ["./c.js"]}}"#,
            &["exports.import ./b.js", "exports.default ./c.js"],
        ),
    ] {
        let (manifest, issues) = read(text);
        let shown: Vec<_> = manifest
            .exports
            .iter()
            .map(|t| format!("{} {}", t.path, t.file.as_deref().unwrap()))
            .collect();
        assert_eq!((shown, issues), (paths.iter().map(|&p| p.to_owned()).collect(), vec![]));
        assert!(manifest.exports.iter().all(|target| target.key == "."));
    }
}

#[test]
fn mistakes_are_told_and_cost_only_themselves() {
    for (text, issue) in [
        ("[]", "an array where an object is expected"),
        ("\"x\"", "a string where an object is expected"),
        ("", "empty, or no JSON at all"),
        (
            "{\"name\":\"p\",\n\"main\":1}",
            "`main` is a number, not a string; ignored",
        ),
        (
            "{\"name\":\"p\",\"scripts\":[]}",
            "`scripts` is an array, not an object; ignored",
        ),
        (
            "{\"name\":\"p\",\"scripts\":{\"install\":{}}}",
            "`scripts.install` is an object, not a string; ignored",
        ),
        (
            "{\"name\":\"p\",\"exports\":{\"a\":7}}",
            "`exports.a` is a number, not a path; ignored",
        ),
        (
            "{\"name\":\"p\",\n \"x\":,}",
            "not valid JSON: line 2, column 6: something that is no JSON",
        ),
        (
            "{\"name\":\"q\",\"name\":\"p\"}",
            "`name` is there more than once; the last one counts",
        ),
        (
            "{\"name\":\"p\",\"scripts\":{\"install\":\"a\",\"install\":\"b\"}}",
            "`scripts.install` is there more than once; the last one counts",
        ),
    ] {
        let (manifest, issues) = read(text);
        assert_eq!(issues.first().map(String::as_str), Some(issue), "{text}");
        assert!(manifest.name == "p" || !text.starts_with('{'), "{text}");
        assert!(manifest.scripts.iter().all(|script| script.value == "b"));
    }
}

#[test]
fn hostile_manifests_are_bounded() {
    let conditions = format!("{{\"exports\":{}\"./a.js\"{}}}", "{\"a\":".repeat(40), "}".repeat(40));
    assert!(read(&conditions).1[0].ends_with("is nested too deeply; ignored"));
    assert!(!read(&"{\"a\":".repeat(100_000)).1.is_empty());
}

#[test]
fn what_scripts_run() {
    let file = |path: &str| Run::File(path.to_owned());
    let code = |text: &str| Run::Code(text.to_owned());
    let program = |words: &str| Run::Program(words.split(' ').map(str::to_owned).collect());
    for (line, expected) in [
        (
            "node scripts/x.js && sh ./y.sh",
            vec![file("scripts/x.js"), program("sh ./y.sh"), file("y.sh")],
        ),
        ("node -e \"require('./z')\"", vec![code("require('./z')")]),
        (
            "A=1 node --no-warnings -r ./hook.js --import=./esm.mjs .",
            vec![file("hook.js"), file("esm.mjs"), file(".")],
        ),
        (
            "NODE_OPTIONS='--require ./evil.js' tool",
            vec![file("evil.js"), program("tool")],
        ),
        (
            "npm run other || npm run missing",
            vec![program("npm run missing"), file("other.js")],
        ),
        ("yarn other; pnpm run other", vec![file("other.js")]),
        ("npx --yes tool a", vec![program("tool a")]),
        ("cross-env A=b node ./a.js", vec![file("a.js")]),
        ("./bin/tool.js --x", vec![file("bin/tool.js")]),
        (
            "curl -s https://example.invalid/x | bash",
            vec![program("curl -s https://example.invalid/x"), program("bash")],
        ),
        (
            "sh -c 'node b.js'",
            vec![
                Run::Program(vec!["sh".to_owned(), "-c".to_owned(), "node b.js".to_owned()]),
                file("b.js"),
            ],
        ),
        ("node-gyp rebuild", vec![program("node-gyp rebuild")]),
        ("node \".\\a\\b.js\"", vec![file("a/b.js")]),
        ("npm run install", vec![]),
    ] {
        let line = line.replace('\\', "\\\\").replace('"', "\\\"");
        let text = format!("{{\"scripts\":{{\"install\":\"{line}\",\"other\":\"node other.js\"}}}}");
        assert_eq!(read(&text).0.runs("install"), expected, "{line}");
    }
}

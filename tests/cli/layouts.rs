//! Which packages are found where, in every layout that package managers make.

use std::fs;

use super::folder::{Folder, THIEF, thief_tarball};

const NOTHING: &str = "module.exports = 1;\n";

#[test]
fn a_package_folder_is_one_package() {
    let folder = Folder::new();
    folder
        .package("a", "a", NOTHING)
        .file("a/lib/deep/x.js", "exports.x = 1;\n");
    folder.file("a/.git/hooks/x.js", THIEF);
    let report = folder.report(&["a"]);
    assert_eq!(report["packages"][0]["name"], "a");
    assert_eq!(report["summary"]["files"], 3);
    assert_eq!(report["summary"]["packages"], 1);
    assert_eq!(
        folder.found(&["./a/", "a"]),
        ["a"],
        "the same folder twice is one package"
    );
}

#[test]
fn a_project_is_everything_installed_in_it() {
    let folder = Folder::new();
    folder
        .package(".", "project", THIEF)
        .package("node_modules/a", "a", NOTHING)
        .package("node_modules/@scope/b", "@scope/b", NOTHING)
        .package("node_modules/a/node_modules/c", "c", NOTHING)
        .package("node_modules/a/lib/node_modules/d", "d", NOTHING)
        .package("workspace/node_modules/e", "e", NOTHING)
        .file("node_modules/.package-lock.json", "{}")
        .file("node_modules/.bin/tool", "#!/bin/sh\n")
        .file("node_modules/.cache/babel/x.js", THIEF);
    let installed = [
        "node_modules/@scope/b",
        "node_modules/a",
        "node_modules/a/lib/node_modules/d",
        "node_modules/a/node_modules/c",
        "workspace/node_modules/e",
    ];
    assert_eq!(folder.found(&[]), installed);
    assert_eq!(folder.found(&["node_modules"]), installed[..4]);
    assert_eq!(folder.found(&["node_modules/a"]), installed[1..4]);
    assert_eq!(folder.found(&["--include-root"]), [&["."], &installed[..]].concat());
    let ran = folder.run(["scan"]);
    assert!(ran.stdout.starts_with(".: its own code is not scanned"), "{ran:?}");
    assert_eq!((ran.status, folder.run(["scan", "--include-root"]).status), (0, 1));
}

#[test]
fn code_between_packages_is_not_a_hiding_place() {
    let folder = Folder::new();
    folder
        .package("node_modules/a", "a", NOTHING)
        .file("node_modules/loose.js", THIEF)
        .file("node_modules/.hidden/client/index.js", THIEF)
        .file("node_modules/a/node_modules/.cache/x.js", THIEF)
        .file("node_modules/no-manifest/index.js", THIEF);
    let report = folder.report(&["node_modules"]);
    let found: Vec<_> = report["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| package["verdict"] == "block")
        .map(|package| package["path"].as_str().unwrap())
        .collect();
    let expected = [
        "node_modules",
        "node_modules/.hidden",
        "node_modules/a/node_modules/.cache",
        "node_modules/no-manifest",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_folder_of_packages_and_tarballs_is_all_of_them() {
    let folder = Folder::new();
    folder
        .package("all/a", "a", NOTHING)
        .package("all/deep/er/b", "b", NOTHING)
        .package("all/b/node_modules/c", "c", NOTHING)
        .file("all/b/package.json", "{\"name\": \"b-project\"}")
        .file("all/thief-1.0.0.tgz", thief_tarball())
        .file("all/notes.js", NOTHING);
    let found = ["all/a", "all/b/node_modules/c", "all/deep/er/b", "all/thief-1.0.0.tgz"];
    assert_eq!(folder.found(&["all"]), found);
    let ran = folder.run(["scan", "all"]);
    assert!(
        ran.stdout
            .contains("all: 1 file of code outside of packages not scanned"),
        "{ran:?}"
    );
    assert_eq!(folder.found(&["all", "--include-root"]).first().unwrap(), "all");
}

#[test]
fn a_folder_without_packages_is_its_files() {
    let folder = Folder::new();
    folder
        .file("snippets/one.js", THIEF)
        .file("snippets/two.ts", "export const x: number = 1;\n");
    let report = folder.report(&["snippets"]);
    assert_eq!(report["summary"]["files"], 2);
    assert_eq!(report["packages"][0]["verdict"], "block");
}

#[test]
fn a_tarball_is_known_by_its_name_or_its_content() {
    let folder = Folder::new();
    folder
        .file("thief.tgz", thief_tarball())
        .file("download", thief_tarball());
    for path in ["thief.tgz", "download"] {
        let report = folder.report(&[path]);
        let package = &report["packages"][0];
        assert_eq!(
            (&package["name"], &package["verdict"]),
            (&"thief".into(), &"block".into())
        );
        assert!(
            package["integrity"].as_str().unwrap().starts_with("sha512-"),
            "{package}"
        );
    }
}

#[test]
fn a_file_is_code_whatever_its_name() {
    let folder = Folder::new();
    for name in ["thief.js", "thief.mjs.txt", "thief"] {
        let report = folder.file(name, THIEF).report(&[name]);
        assert_eq!(report["packages"][0]["path"], name);
        assert_eq!(report["packages"][0]["verdict"], "block", "{report}");
    }
}

#[test]
fn equal_copies_are_scanned_once_and_different_ones_each() {
    let folder = Folder::new();
    for place in [
        "node_modules/a",
        "node_modules/x/node_modules/a",
        "node_modules/y/node_modules/a",
    ] {
        folder.package(place, "a", NOTHING);
    }
    folder
        .package("node_modules/x", "x", NOTHING)
        .package("node_modules/y", "y", NOTHING);
    assert_eq!(
        folder.found(&[]),
        ["node_modules/a", "node_modules/x", "node_modules/y"]
    );
    let text = folder.run(["scan"]).stdout;
    assert!(
        text.contains("2 more copies have the same bytes as a package below"),
        "{text}"
    );
    // Same name, same version, same size.
    folder.file("node_modules/y/node_modules/a/index.js", "module.exports = 2;\n");
    assert!(folder.found(&[]).contains(&"node_modules/y/node_modules/a".to_owned()));
}

#[cfg(unix)]
#[test]
fn a_virtual_store_is_followed_and_each_package_found_once() {
    let folder = Folder::new();
    let store = "node_modules/.pnpm";
    folder
        .file("package.json", "{\"name\": \"root\"}")
        .file("pnpm-workspace.yaml", "packages: [packages/*]\n")
        .package(&format!("{store}/a@1.0.0/node_modules/a"), "a", NOTHING)
        .package(&format!("{store}/b@1.0.0/node_modules/b"), "b", THIEF)
        .package("packages/w", "w", NOTHING)
        .link("node_modules/a", ".pnpm/a@1.0.0/node_modules/a")
        .link("node_modules/w", "../packages/w")
        .link(
            &format!("{store}/a@1.0.0/node_modules/b"),
            "../../b@1.0.0/node_modules/b",
        )
        .link(&format!("{store}/node_modules/b"), "../b@1.0.0/node_modules/b")
        .link(
            "packages/w/node_modules/a",
            "../../../node_modules/.pnpm/a@1.0.0/node_modules/a",
        );
    let b = "node_modules/.pnpm/b@1.0.0/node_modules/b";
    assert_eq!(folder.found(&[]), [b, "node_modules/a"]);
    assert_eq!(folder.found(&["node_modules"]), [b, "node_modules/a"]);
    assert_eq!(folder.found(&["node_modules/a"]), ["node_modules/a"]);
    // A member of the workspace has its packages in the workspace's store.
    assert_eq!(folder.found(&["packages/w"]), ["packages/w/node_modules/a"]);
    let text = folder.run(["scan"]).stdout;
    assert!(
        text.contains("node_modules/w: not scanned: a link to the project's own code"),
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_and_in_circles_do_no_harm() {
    let folder = Folder::new();
    folder
        .package("outside", "outside", THIEF)
        .file("p/package.json", "{\"name\": \"p\"}")
        .package("p/node_modules/a", "a", NOTHING)
        .link("p/node_modules/out", "../../outside")
        .link("p/node_modules/self", "../")
        .link("p/node_modules/a/out.js", "../../../outside/index.js")
        .link("p/node_modules/a/again", ".")
        .link("p/node_modules/a/node_modules", "..")
        .link("p/node_modules/a/same.js", "index.js")
        .link("p/node_modules/a/dangling.js", "nowhere");
    let ran = folder.run(["scan", "p", "--format", "json"]);
    assert!(!ran.stdout.contains("c2.example.invalid"), "{ran:?}");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let issues: Vec<_> = report["packages"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|package| {
            package["issues"]
                .as_array()
                .unwrap()
                .iter()
                .map(move |issue| (package, issue))
        })
        .map(|(package, issue)| format!("{} {} {}", package["path"], issue["file"], issue["kind"]))
        .filter(|issue| issue.contains("skipped") || issue.contains("unreadable"))
        .collect();
    let expected = [
        r#""p/node_modules/a" "dangling.js" "unreadable""#,
        r#""p/node_modules/a" "out.js" "skipped""#,
        r#""p/node_modules/out" "" "skipped""#,
    ];
    assert_eq!(issues, expected);
    assert_eq!(
        report["packages"][0]["stats"]["files"], 3,
        "the link inside the package counts"
    );
    assert_eq!(
        report["packages"][1]["effect"]["kind"], "unknown",
        "nothing is known of what was not read"
    );
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_ends_nothing() {
    use std::os::unix::{ffi::OsStrExt, fs::PermissionsExt};
    let folder = Folder::new();
    folder
        .package("p", "p", THIEF)
        .file("p/locked/x.js", NOTHING)
        .file("p/secret.js", NOTHING);
    folder.file(std::ffi::OsStr::from_bytes(b"p/not\xffutf8.js"), NOTHING);
    fs::create_dir(folder.path("p/folder.js")).unwrap();
    let fifo = std::process::Command::new("mkfifo")
        .arg(folder.path("p/pipe.js"))
        .status()
        .unwrap();
    assert!(fifo.success());
    for path in ["p/locked", "p/secret.js"] {
        fs::set_permissions(folder.path(path), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let privileged = fs::read(folder.path("p/secret.js")).is_ok();
    let report = folder.report(&["p"]);
    fs::set_permissions(folder.path("p/locked"), fs::Permissions::from_mode(0o755)).unwrap();
    let package = &report["packages"][0];
    assert_eq!(package["verdict"], "block");
    let issues = package["issues"].as_array().unwrap();
    let of = |file: &str| {
        issues
            .iter()
            .find(|issue| issue["file"] == file)
            .map(|issue| issue["kind"].as_str().unwrap())
    };
    assert_eq!(of("pipe.js"), Some("skipped"));
    assert_eq!(of("folder.js"), None, "an ordinary folder, in spite of its name");
    if !privileged {
        assert_eq!(
            (of("locked"), of("secret.js")),
            (Some("unreadable"), Some("unreadable"))
        );
    }
}

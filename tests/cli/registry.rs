//! Packages from a registry: a server on loopback that answers well, badly, slowly or not at all.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use importguard::package::archive;
use serde_json::{Value, json};

use super::folder::{Folder, Ran, THIEF, tarball};

/// What the server does when it is asked for a path.
#[derive(Clone)]
enum Answer {
    Document(Vec<u8>),
    Status(u16),
    /// A body shorter than promised.
    Short(Vec<u8>),
    /// Nothing for so long.
    Slow(Duration),
}

/// A registry for one test; its thread ends with the test program.
struct Server {
    address: String,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: format!("http://{}/", listener.local_addr().unwrap()),
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let (answers, asked) = (Arc::clone(&server.answers), Arc::clone(&server.asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, asked) = (Arc::clone(&answers), Arc::clone(&asked));
                thread::spawn(move || serve(&stream, &answers, &asked));
            }
        });
        server
    }

    fn on(&self, path: &str, answer: Answer) -> &Self {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
        self
    }

    /// Publishes versions; each is by somebody, on a day, with a tarball.
    fn publish(&self, name: &str, versions: &[(&str, &str, &str, &[u8], Value)]) -> &Self {
        let (mut entries, mut times) = (serde_json::Map::new(), serde_json::Map::new());
        for (version, who, when, bytes, more) in versions {
            let file = format!("{name}/-/{name}-{version}.tgz");
            let mut entry = json!({
                "name": name, "version": version, "_npmUser": {"name": who}, "maintainers": [{"name": who}],
                "dist": {"tarball": format!("{}{file}", self.address), "integrity": archive::integrity(bytes)},
            });
            entry
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().cloned().unwrap_or_default());
            entries.insert((*version).to_owned(), entry);
            times.insert((*version).to_owned(), json!(when));
            self.on(&format!("/{file}"), Answer::Document(bytes.to_vec()));
        }
        let latest = versions.last().unwrap().0;
        let document = json!({"name": name, "dist-tags": {"latest": latest}, "versions": entries, "time": times});
        self.on(&format!("/{name}"), Answer::Document(document.to_string().into_bytes()))
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn run(&self, folder: &Folder, arguments: &[&str]) -> Ran {
        folder.run_with(
            arguments,
            &[
                ("npm_config_registry", &self.address),
                ("npm_config_fetch_timeout", "500"),
            ],
            b"",
        )
    }
}

fn serve(stream: &TcpStream, answers: &Mutex<BTreeMap<String, Answer>>, asked: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap())
        .lines()
        .map_while(Result::ok);
    while let Some(first) = lines.next() {
        let headers: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let tagged = headers
            .iter()
            .any(|line| line.eq_ignore_ascii_case("if-none-match: \"t\""));
        asked
            .lock()
            .unwrap()
            .push(format!("{path}{}", if tagged { " again" } else { "" }));
        let answer = answers
            .lock()
            .unwrap()
            .get(&path)
            .cloned()
            .unwrap_or(Answer::Status(404));
        let (status, body, promised) = match answer {
            Answer::Document(_) if tagged => (304, Vec::new(), 0),
            Answer::Document(body) => (200, body.clone(), body.len()),
            Answer::Short(body) => (200, body.clone(), body.len() + 100),
            Answer::Status(status) => (status, Vec::new(), 0),
            Answer::Slow(time) => {
                thread::sleep(time);
                return;
            }
        };
        let head = format!("HTTP/1.1 {status} x\r\netag: \"t\"\r\ncontent-length: {promised}\r\n\r\n");
        let mut out = stream;
        if out
            .write_all(head.as_bytes())
            .and_then(|()| out.write_all(&body))
            .is_err()
            || promised != body.len()
        {
            return;
        }
    }
}

fn package(name: &str, version: &str, code: &str) -> Vec<u8> {
    let manifest = json!({"name": name, "version": version, "main": "index.js"}).to_string();
    tarball(&[("package/package.json", &manifest), ("package/index.js", code)])
}

#[test]
fn a_package_is_scanned_by_its_name_before_it_is_installed() {
    let (folder, server) = (Folder::new(), Server::new());
    let (good, bad) = (
        package("pump", "1.0.0", "module.exports = 1;"),
        package("pump", "2.0.0", THIEF),
    );
    server.publish(
        "pump",
        &[
            ("1.0.0", "ann", "2024-01-01", &good, json!({})),
            ("2.0.0", "ann", "2024-02-01", &bad, json!({})),
        ],
    );
    let ran = server.run(&folder, &["scan", "pump@1"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let ran = server.run(&folder, &["scan", "pump"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stdout.contains("pump@2.0.0  block"), "{ran:?}");
    server.asked();
    server.run(&folder, &["scan", "pump"]);
    assert_eq!(
        server.asked(),
        ["/pump again"],
        "the document is revalidated, the tarball is kept"
    );
    let ran = server.run(&folder, &["scan", "pump@^1.0.0", "--offline"]);
    assert_eq!((ran.status, server.asked().len()), (0, 0), "{ran:?}");
}

#[test]
fn the_story_of_event_stream_is_seen_at_each_step() {
    let (folder, server) = (Folder::new(), Server::new());
    let depends = |on: Value| json!({"dependencies": on});
    let plain = package("stream", "1.0.0", "module.exports = 1;");
    let first = package("stream", "1.1.0", "module.exports = 2;");
    let manifest = json!({"name": "stream", "version": "1.1.1", "dependencies": {"flat": "^0.1.0"}}).to_string();
    let second = tarball(&[
        ("package/package.json", &manifest),
        ("package/index.js", "require('flat')"),
    ]);
    server.publish(
        "stream",
        &[
            ("1.0.0", "ann", "2018-01-01", &plain, json!({})),
            ("1.1.0", "bob", "2018-09-04", &first, json!({})),
            (
                "1.1.1",
                "bob",
                "2018-09-09",
                &second,
                depends(json!({"flat": "^0.1.0"})),
            ),
        ],
    );
    server.publish(
        "flat",
        &[(
            "0.1.0",
            "eve",
            "2018-08-05",
            &package("flat", "0.1.0", THIEF),
            json!({}),
        )],
    );
    let rules = |name: &str| -> Vec<String> {
        let ran = server.run(&folder, &["scan", name, "--format", "json"]);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        let findings = report["packages"][0]["findings"].as_array().unwrap().clone();
        let told = |finding: &Value| {
            format!(
                "{} {}",
                finding["rule"].as_str().unwrap(),
                finding["severity"].as_str().unwrap()
            )
        };
        findings.iter().map(told).collect()
    };
    assert_eq!(rules("stream@1.0.0"), [""; 0]);
    assert_eq!(rules("stream@1.1.0"), ["publisher-change medium"]);
    let step = rules("stream@1.1.1");
    assert!(step.contains(&"publisher-change medium".to_owned()), "{step:?}");
    // The dependency was 35 days old: the limit is 30, so its age alone does not tell; its code does.
    assert!(rules("flat").iter().any(|finding| finding.ends_with("critical")));
}

#[test]
fn what_is_not_as_promised_is_never_scanned_as_if_it_were() {
    let (folder, server) = (Folder::new(), Server::new());
    let good = package("a", "1.0.0", "module.exports = 1;");
    server.publish("a", &[("1.0.0", "ann", "2024-01-01", &good, json!({}))]);
    server.on("/a/-/a-1.0.0.tgz", Answer::Document(package("a", "1.0.0", THIEF)));
    let ran = server.run(&folder, &["scan", "a"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(
        ran.stderr
            .starts_with("error: the tarball of `a@1.0.0`: it is not what the registry promised: expected sha512-"),
        "{ran:?}"
    );
    // A lock that was written for other bytes.
    server.on("/a/-/a-1.0.0.tgz", Answer::Document(good.clone()));
    let lock = |integrity: &str| {
        json!({"lockfileVersion": 3, "packages": {"": {"name": "p"}, "node_modules/a": {"version": "1.0.0", "integrity": integrity}}})
            .to_string()
    };
    folder.file("package-lock.json", lock(&archive::integrity(b"other")));
    let ran = server.run(&folder, &["scan", "package-lock.json"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(
        ran.stderr.contains("not the one that the lock file promises"),
        "{ran:?}"
    );
    folder.file("package-lock.json", lock(&archive::integrity(&good)));
    let ran = server.run(&folder, &["scan", "package-lock.json"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
    folder.file("package-lock.json", "<<<<<<< HEAD\n");
    let ran = server.run(&folder, &["scan", "package-lock.json"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("line 1 is a mark of a merge conflict"),
        "{ran:?}"
    );
}

#[test]
fn each_failure_says_what_happened() {
    let (folder, server) = (Folder::new(), Server::new());
    server
        .on("/broken", Answer::Status(500))
        .on("/secret", Answer::Status(401))
        .on("/slow", Answer::Slow(Duration::from_secs(3)))
        .on("/short", Answer::Short(b"{}".to_vec()))
        .on("/text", Answer::Document(b"<html>".to_vec()))
        .on("/other", Answer::Document(b"[]".to_vec()));
    let cases = [
        ("broken", "the registry has an error of its own (500); try again later"),
        ("secret", "the registry wants to know who asks (401); try `npm login`"),
        ("slow", "it does not answer in time"),
        ("short", "the answer broke off before its end; try again later"),
        ("text", "the registry's answer is no JSON"),
        ("other", "the registry's answer does not describe a package"),
        ("missing", "no package `missing` at 127.0.0.1"),
    ];
    for (name, expected) in cases {
        let ran = server.run(&folder, &["scan", name]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains(expected), "{name}: {ran:?}");
    }
    let ran = folder.run(["scan", "left-pad"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("nobody listens there"),
        "{ran:?}"
    );
    let ran = folder.run(["scan", "left-pad", "--offline"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("--offline forbids to ask"),
        "{ran:?}"
    );
    let ran = folder.run(["scan", "left-pad", "--registry", "ftp://x"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("--registry wants an http or https address"),
        "{ran:?}"
    );
}

#[test]
fn a_passing_error_is_tried_again_and_a_large_document_is_read() {
    let (folder, server) = (Folder::new(), Server::new());
    let bytes = package("big", "1.0.0", "module.exports = 1;");
    let filler = "x".repeat(20 << 20);
    server.publish(
        "big",
        &[("1.0.0", "ann", "2024-01-01", &bytes, json!({"readme": filler}))],
    );
    server.on("/big-but-down", Answer::Status(503));
    let variables = [
        ("npm_config_registry", &*server.address),
        ("npm_config_fetch_retries", "1"),
    ];
    let ran = folder.run_with(["scan", "big"], &variables, b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
    server.asked();
    folder.run_with(["scan", "big-but-down"], &variables, b"");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_release_is_to_be_as_old_as_the_user_wants() {
    let (folder, server) = (Folder::new(), Server::new());
    let bytes = package("young", "1.0.0", "module.exports = 1;");
    server.publish("young", &[("1.0.0", "ann", "2020-01-01", &bytes, json!({}))]);
    let told = |arguments: &[&str]| server.run(&folder, &[&["scan", "young"], arguments].concat()).stdout;
    assert!(!told(&[]).contains("fresh-release"));
    assert!(told(&["--cool-down", "36500d"]).contains("fresh-release"));
    assert!(!told(&["--cool-down", "12h"]).contains("fresh-release"));
    folder.file(".npmrc", "min-release-age=36500\n");
    folder.file("package.json", "{}");
    assert!(told(&[]).contains("fresh-release"), "npm counts in days");
    assert!(!told(&["--cool-down", "0"]).contains("fresh-release"));
    let ran = server.run(&folder, &["scan", "young", "--cool-down", "soon"]);
    assert!(
        ran.status == 2 && ran.stderr.contains("an age is a number of days"),
        "{ran:?}"
    );
}

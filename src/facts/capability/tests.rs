//! The table's files are well-formed and say what the documentation of the platforms says.

use super::{Capability, On, Role, api, assigned, builtin_module, global, member, table};

#[test]
fn files_are_sorted() {
    for (file, text) in [
        ("node.txt", table::NODE),
        ("web.txt", table::WEB),
        ("packages.txt", table::PACKAGES),
    ] {
        let paths: Vec<_> = table::lines(text)
            .filter_map(|line| line.split(' ').next())
            .collect();
        for pair in paths.windows(2) {
            assert!(
                pair[0] < pair[1],
                "{file}: `{}` must stand after `{}`, once",
                pair[0],
                pair[1]
            );
        }
    }
}

#[test]
fn names_of_capabilities_are_those_of_the_report() {
    for capability in Capability::ALL {
        assert_eq!(serde_json::to_value(capability).unwrap(), capability.name());
    }
}

#[test]
fn first_entries() {
    assert_eq!(builtin_module("node:fs/promises"), Some("fs.promises"));
    assert_eq!(builtin_module("sqlite"), None);
    assert_eq!(
        api("child_process.exec").unwrap().arguments[0],
        Role::Command
    );
    assert_eq!(api("process.env.HOME").unwrap().path, "process.env");
    assert_eq!(assigned("module._load").unwrap().on, On::Write);
    assert_eq!(member("child_process", "default"), "child_process");
    assert!(global("Array").is_some());
}

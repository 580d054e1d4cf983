//! A package that changes hands, a mirror that tells little, dates and numbers.

use super::*;

const NOW: i64 = 1_800_000_000_000;

fn packument() -> Packument {
    let text = r#"{"name":"pump","dist-tags":{"latest":"1.2.1"},
        "time":{"1.0.0":"2024-01-01T00:00:00.000Z","1.1.0":"2024-02-01T00:00:00.000Z","1.2.0":"2026-12-01T00:00:00.000Z",
                "1.2.1":"2027-01-14T00:00:00.000Z","0.9.9":"2024-03-01T00:00:00.000Z"},
        "versions":{
          "0.9.9":{"_npmUser":{"name":"ann"},"maintainers":[{"name":"ann"}]},
          "1.0.0":{"_npmUser":{"name":"ann"},"maintainers":[{"name":"ann"}]},
          "1.1.0":{"_npmUser":{"name":"ann"},"maintainers":[{"name":"ann"}],"dependencies":{"a":"1"}},
          "1.2.0":{"_npmUser":{"name":"bob"},"maintainers":[{"name":"bob"}],"dependencies":{"a":"1"}},
          "1.2.1":{"_npmUser":{"name":"bob"},"maintainers":[{"name":"bob"}],"dependencies":{"a":"1","flat":"^0.1.0"},
                   "deprecated":true}}}"#;
    Packument::parse(text.as_bytes()).unwrap()
}

fn release(version: &str) -> Release {
    let packument = packument();
    Release::of(
        &packument,
        packument.version(version).unwrap(),
        "registry.example.invalid",
        NOW,
    )
}

#[test]
fn a_newcomer_stays_one_for_a_while() {
    let first = release("1.2.0");
    let who = first.publisher.unwrap();
    assert_eq!((who.name.as_str(), who.versions_before, who.days_known), ("bob", 0, 0));
    assert!(!who.was_maintainer);
    assert_eq!(first.maintainers_added, Some(vec!["bob".to_owned()]));
    assert_eq!(first.maintainers_removed, Some(vec!["ann".to_owned()]));
    let previous = first.previous.unwrap();
    assert_eq!((previous.version.as_str(), previous.days_quiet), ("1.1.0", Some(1005)));
    assert_eq!(
        (previous.publisher.as_deref(), previous.bump),
        (Some("ann"), Bump::Minor)
    );
    let second = release("1.2.1");
    let who = second.publisher.as_ref().unwrap();
    assert_eq!((who.versions_before, who.days_known, who.was_maintainer), (1, 44, true));
    assert_eq!(second.deprecated.as_deref(), Some(""));
    assert_eq!(second.hours_old, Some(32));
    assert_eq!(second.added_dependencies(), BTreeMap::from([("flat", "^0.1.0")]));
    assert!(release("0.9.9").previous.is_none(), "nothing is below it");
    assert_eq!(release("0.9.9").highest_before.as_deref(), Some("1.1.0"));
}

#[test]
fn what_a_mirror_leaves_out_is_told() {
    let bare = Packument::parse(br#"{"name":"x","versions":{"1.0.0":{},"1.0.1":{}}}"#).unwrap();
    let release = Release::of(&bare, &bare.versions[1], "h", NOW);
    assert_eq!(release.untold, ["when it was published", "who published it"]);
    assert_eq!(release.previous.unwrap().version, "1.0.0");
    assert!(release.maintainers_added.is_none() && release.publisher.is_none());
}

#[test]
fn a_dependency_is_looked_at_as_of_the_release() {
    let (of, mut release) = (packument(), release("1.2.1"));
    let flat = Packument::parse(
        br#"{"name":"flat","time":{"0.1.0":"2027-01-10T00:00:00.000Z","0.1.1":"2027-01-20T00:00:00.000Z"},
            "versions":{"0.1.0":{"_npmUser":{"name":"eve"}},"0.1.1":{"_npmUser":{"name":"eve"}}}}"#,
    )
    .unwrap();
    release.add_dependency(("flat", "^0.1.0"), Ok(&flat), &of);
    release.add_dependency(("gone", "1"), Err("not found".to_owned()), &of);
    let [flat, gone] = &release.new_dependencies[..] else {
        panic!()
    };
    assert_eq!(
        (flat.versions, flat.days_old, flat.known_publisher),
        (2, Some(4), Some(false))
    );
    assert_eq!(gone.failed.as_deref(), Some("not found"));
}

#[test]
fn days_and_bumps() {
    for (text, at) in [
        ("1970-01-01T00:00:00.000Z", 0),
        ("2000-02-29T12:30:15.250Z", 951_827_415_250),
        ("2026-11-24", 1_795_478_400_000),
    ] {
        assert_eq!(milliseconds(text), Some(at), "{text}");
        assert_eq!(day(at), text[..10]);
    }
    assert_eq!(milliseconds("yesterday"), None);
    let version = |text| Version::parse(text).unwrap();
    for (from, to, bump) in [
        ("1.0.0", "2.0.0", Bump::Major),
        ("1.0.0", "1.1.0", Bump::Minor),
        ("1.0.0", "1.0.1", Bump::Patch),
        ("0.1.0", "0.2.0", Bump::Major),
        ("0.1.0", "0.1.1", Bump::Minor),
        ("1.0.0-rc.1", "1.0.0", Bump::Prerelease),
        ("1.1.0", "1.0.0", Bump::None),
    ] {
        assert_eq!(Bump::between(&version(from), &version(to)), bump, "{from} {to}");
    }
}

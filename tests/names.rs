//! Names that look like popular ones are told, and honest neighbours are left alone.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use importguard::registry::names::Names;

static LIST: &[u8] = include_bytes!("../src/registry/names.fst");

fn names() -> Names<&'static [u8]> {
    Names::new(LIST).unwrap()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

#[test]
fn look_alikes_are_found() {
    let names = names();
    let pairs: Vec<(&str, &str)> = lines(include_str!("names/lookalikes.txt"))
        .map(|line| line.split_once(' ').unwrap())
        .collect();
    assert!(pairs.len() >= 200, "{}", pairs.len());
    let mut missed = Vec::new();
    for (name, target) in &pairs {
        let look = names.look(name);
        assert_eq!(look.why.is_empty(), look.target.is_none(), "{look:?}");
        if look.target.as_deref() != Some(*target) {
            missed.push(format!("{name}: {:?}, not {target}", look.target));
        }
    }
    assert!(missed.len() * 20 <= pairs.len(), "{missed:#?}");
}

#[test]
fn honest_neighbours_are_not() {
    let names = names();
    let honest: Vec<&str> = lines(include_str!("names/honest.txt")).collect();
    assert!(honest.len() >= 300, "{}", honest.len());
    let unlisted = honest.iter().filter(|name| names.level(name).is_none()).count();
    let wrong: Vec<_> = honest
        .iter()
        .map(|name| names.look(name))
        .filter(|look| look.target.is_some())
        .collect();
    // What is in the list proves little of the look-up.
    assert!(unlisted >= 50, "{unlisted}");
    assert!(wrong.len() * 100 <= honest.len(), "{wrong:#?}");
}

#[test]
fn no_popular_name_looks_like_another() {
    let names = names();
    let all = names.all();
    assert!(all.len() >= 15_000 && LIST.len() < 200_000);
    for (name, level) in all {
        assert!((1..=10).contains(&level), "{name}: {level}");
        assert_eq!(names.look(&name).target, None, "{name}");
    }
}

#[test]
fn what_is_no_list_is_refused() {
    assert!(
        Names::new(b"no list".as_slice())
            .unwrap_err()
            .to_string()
            .contains("cargo xtask names")
    );
    assert!(Names::new(&LIST[..LIST.len() / 2]).is_err());
}

#[test]
fn strange_names_are_answered() {
    let names = names();
    let long = "a-".repeat(5_000);
    for name in [
        "",
        "@",
        "@/",
        "/",
        "-",
        "...",
        "\u{0}",
        "@@@@////",
        "--------------------",
        "𝒍𝒐𝒅𝒂𝒔𝒉",
        &long,
    ] {
        assert_eq!(names.look(name).target, None, "{name}");
    }
    assert_eq!(names.look("lоdash").target.as_deref(), Some("lodash"), "a Cyrillic o");
    assert_eq!(names.look("LoDash").target.as_deref(), Some("lodash"));
}

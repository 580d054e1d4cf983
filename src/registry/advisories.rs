//! Advisories in the OSV format (its schema 1.x), by package: which versions are known to be malicious.

use std::collections::BTreeMap;

use nodejs_semver::Version;
use serde_json::Value;
use thiserror::Error;

/// Longer advisories are refused.
pub const LARGEST: usize = 8 << 20;

/// Advisories on malicious packages, by the package's name.
#[derive(Debug, Clone, Default)]
pub struct Advisories {
    by_name: BTreeMap<String, Vec<Advisory>>,
}

/// One advisory, as far as it is about one package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advisory {
    /// Its id, `MAL-…` mostly.
    pub id: String,
    /// What it says, in a line.
    pub summary: String,
    /// Versions that it lists.
    versions: Vec<String>,
    /// Versions that it bounds.
    ranges: Vec<Vec<(Bound, Version)>>,
}

/// What begins or ends at a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Introduced,
    Fixed,
    LastAffected,
}

/// Why an advisory cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AdvisoryError {
    /// Longer than [`LARGEST`].
    #[error("the advisory has {0} bytes, and at most {LARGEST} are read")]
    TooLarge(usize),
    /// Not JSON.
    #[error("the advisory is no JSON: {0}; get the dump again")]
    Json(String),
    /// A field that every advisory has is missing or wrong.
    #[error("the advisory has no usable `{0}`: get the dump again")]
    Field(&'static str),
}

impl Advisories {
    /// Adds one advisory. What is withdrawn, of another ecosystem, or about anything but malice is passed over.
    ///
    /// # Errors
    /// If it is broken; those that were added stay.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), AdvisoryError> {
        if bytes.len() > LARGEST {
            return Err(AdvisoryError::TooLarge(bytes.len()));
        }
        let all: Value = serde_json::from_slice(bytes).map_err(|error| AdvisoryError::Json(error.to_string()))?;
        let id = all["id"].as_str().ok_or(AdvisoryError::Field("id"))?;
        if all.get("withdrawn").is_some_and(|date| !date.is_null()) {
            return Ok(());
        }
        let mut found = Vec::new();
        for affected in list(&all["affected"], "affected")? {
            let package = &affected["package"];
            let marked = |value: &Value| has_malice(&value["database_specific"]);
            if package["ecosystem"].as_str() != Some("npm")
                || !(id.starts_with("MAL-") || marked(&all) || marked(affected))
            {
                continue;
            }
            let name = package["name"]
                .as_str()
                .ok_or(AdvisoryError::Field("affected.package.name"))?;
            let versions = list(&affected["versions"], "affected.versions")?.iter();
            let ranges = list(&affected["ranges"], "affected.ranges")?.iter();
            let ranges = ranges.filter(|range| range["type"].as_str() == Some("SEMVER"));
            found.push((
                name.to_owned(),
                Advisory {
                    id: id.to_owned(),
                    summary: first_line(all["summary"].as_str().or(all["details"].as_str()).unwrap_or_default()),
                    versions: versions.filter_map(Value::as_str).map(str::to_owned).collect(),
                    ranges: ranges.map(events).collect::<Result<_, _>>()?,
                },
            ));
        }
        for (name, advisory) in found {
            let known = self.by_name.entry(name).or_default();
            let place = known.partition_point(|other| other.id <= advisory.id);
            known.insert(place, advisory);
        }
        Ok(())
    }

    /// The advisories that hold for this version of a package, by id.
    pub fn of<'a>(&'a self, name: &str, version: &'a str) -> impl Iterator<Item = &'a Advisory> {
        let all = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(move |advisory| advisory.holds(version))
    }
}

impl Advisory {
    /// Whether a version is affected, as OSV defines it: listed, or inside of a range.
    fn holds(&self, version: &str) -> bool {
        if self.versions.iter().any(|listed| listed == version) {
            return true;
        }
        let Ok(version) = Version::parse(version) else {
            return false;
        };
        self.ranges.iter().any(|events| {
            let mut inside = false;
            for (bound, at) in events {
                match bound {
                    Bound::Introduced if version >= *at => inside = true,
                    Bound::Fixed if version >= *at => inside = false,
                    Bound::LastAffected if version > *at => inside = false,
                    _ => {}
                }
            }
            inside
        })
    }
}

fn list<'a>(value: &'a Value, field: &'static str) -> Result<&'a [Value], AdvisoryError> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        _ => Err(AdvisoryError::Field(field)),
    }
}

/// Databases mark malice by a field of their own whose name begins so: `malicious-packages-origins`.
fn has_malice(specific: &Value) -> bool {
    specific.as_object().is_some_and(|fields| {
        let mut fields = fields.iter();
        fields.any(|(key, value)| key.starts_with("malicious") && !matches!(value, Value::Null | Value::Bool(false)))
    })
}

/// The events of a range in the order of their versions; `0` is before all.
fn events(range: &Value) -> Result<Vec<(Bound, Version)>, AdvisoryError> {
    const WRONG: AdvisoryError = AdvisoryError::Field("affected.ranges.events");
    let mut events = Vec::new();
    for event in list(&range["events"], "affected.ranges.events")? {
        for (key, value) in event.as_object().ok_or(WRONG)? {
            let bound = match key.as_str() {
                "introduced" => Bound::Introduced,
                "fixed" => Bound::Fixed,
                "last_affected" => Bound::LastAffected,
                _ => continue,
            };
            let version = match value.as_str().ok_or(WRONG)? {
                "0" => "0.0.0-0",
                version => version,
            };
            events.push((bound, Version::parse(version).map_err(|_| WRONG)?));
        }
    }
    events.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(events)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(advisories: &Advisories, name: &str, version: &str) -> Vec<String> {
        advisories.of(name, version).map(|one| one.id.clone()).collect()
    }

    fn advisory(id: &str, more: &str, affected: &str) -> String {
        format!(
            r#"{{"id":"{id}","summary":"bad"{more},"affected":[{{"package":{{"ecosystem":"npm","name":"a"}}{affected}}}]}}"#
        )
    }

    #[test]
    fn listed_and_bounded_versions() {
        let mut all = Advisories::default();
        let range = |events: &str| format!(r#","ranges":[{{"type":"SEMVER","events":[{events}]}}]"#);
        for (id, affected) in [
            ("MAL-5", r#","versions":["1.0.1"]"#.to_owned()),
            ("MAL-4", range(r#"{"introduced":"2.0.0"},{"fixed":"2.1.0"}"#)),
            ("MAL-3", range(r#"{"introduced":"3.0.0"},{"last_affected":"3.0.5"}"#)),
            ("MAL-2", range(r#"{"fixed":"0.5.0"},{"introduced":"0"}"#)),
        ] {
            all.add(advisory(id, "", &affected).as_bytes()).unwrap();
        }
        for (version, expected) in [
            ("1.0.1", Some("MAL-5")),
            ("1.0.2", None),
            ("2.0.0", Some("MAL-4")),
            ("2.1.0", None),
            ("3.0.5", Some("MAL-3")),
            ("3.0.6", None),
            ("0.0.1", Some("MAL-2")),
            ("0.5.0", None),
            ("no version", None),
        ] {
            assert_eq!(ids(&all, "a", version), Vec::from_iter(expected), "{version}");
        }
        assert!(ids(&all, "b", "1.0.1").is_empty());
    }

    #[test]
    fn only_malice_that_stands() {
        let listed = r#","versions":["1.0.0"]"#;
        for (id, more, expected) in [
            ("GHSA-1", "", 0),
            (
                "GHSA-1",
                r#","database_specific":{"malicious-packages-origins":[{}]}"#,
                1,
            ),
            ("MAL-1", r#","withdrawn":"2025-01-01T00:00:00Z""#, 0),
            ("MAL-1", r#","withdrawn":null"#, 1),
        ] {
            let mut all = Advisories::default();
            all.add(advisory(id, more, listed).as_bytes()).unwrap();
            assert_eq!(ids(&all, "a", "1.0.0").len(), expected, "{id}{more}");
        }
    }

    #[test]
    fn broken_ones_are_refused_and_change_nothing() {
        let mut all = Advisories::default();
        for (text, field) in [
            ("{}".to_owned(), "id"),
            (r#"{"id":"MAL-1","affected":1}"#.to_owned(), "affected"),
            (advisory("MAL-1", "", r#","versions":1"#), "versions"),
            (
                advisory("MAL-1", "", r#","ranges":[{"type":"SEMVER","events":[{"fixed":"x"}]}]"#),
                "events",
            ),
            ("{".to_owned(), "no JSON"),
        ] {
            let error = all.add(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(field), "{error}");
        }
        assert!(all.by_name.is_empty());
    }
}

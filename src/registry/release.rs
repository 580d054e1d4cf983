//! One version among those of its package: what is new about who published it, when, and with what.

use std::collections::BTreeMap;

use nodejs_semver::Version;
use serde::{Deserialize, Serialize};

use super::packument::{Declared, Entry, Packument, Person};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// What a registry tells of a version that a host is about to report on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Host and port of the registry.
    pub registry: String,
    /// The package.
    pub name: String,
    /// The version.
    pub version: String,
    /// When it was published, `YYYY-MM-DD`; nothing if the registry does not tell.
    pub published: Option<String>,
    /// How many hours ago.
    pub hours_old: Option<u32>,
    /// Who published it; nothing if the registry does not tell.
    pub publisher: Option<Publisher>,
    /// Accounts that may publish since this version; nothing if the registry does not tell.
    pub maintainers_added: Option<Vec<String>>,
    /// Accounts that may not any more.
    pub maintainers_removed: Option<Vec<String>>,
    /// The version before it on the same line; nothing for the first one.
    pub previous: Option<Previous>,
    /// How many versions were published before it.
    pub earlier: u32,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// What the registry says its `package.json` says.
    pub declared: Declared,
    /// Dependencies that the previous version did not have, as far as they were looked up.
    pub new_dependencies: Vec<NewDependency>,
    /// The highest version of any line that was published before it.
    pub highest_before: Option<String>,
    /// How many hours the host wants a release to be old; nothing for the usual day.
    pub cool_down: Option<u32>,
    /// What this registry does not tell.
    pub untold: Vec<String>,
}

/// Who published a version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    /// The account.
    pub name: String,
    /// A build service did, by a trust that the owners set up.
    pub service: bool,
    /// How many of the versions before it the account published.
    pub versions_before: u32,
    /// How many days before this version the account first published one; zero if this is its first.
    pub days_known: u32,
    /// Whether it could publish the version before, although it did not.
    pub was_maintainer: bool,
}

/// The version before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// The version.
    pub version: String,
    /// Who published it; nothing if the registry does not tell.
    pub publisher: Option<String>,
    /// How many days lie between the last version before this one, of any line, and this one.
    pub days_quiet: Option<u32>,
    /// How the number was raised.
    pub bump: Bump,
    /// What the registry says its `package.json` said.
    pub declared: Declared,
}

/// Which part of the number was raised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// The same version, or a lower one, or none to compare with.
    #[default]
    None,
    /// What follows a `-`.
    Prerelease,
    /// The third number.
    Patch,
    /// The second number; of `0.x`, where that promises nothing, the third one counts as this.
    Minor,
    /// The first number; of `0.x` the second.
    Major,
}

/// A dependency that the previous version did not have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDependency {
    /// The package.
    pub name: String,
    /// The range.
    pub spec: String,
    /// How many versions it has.
    pub versions: u32,
    /// How many days before the release its first version was published; nothing if the registry does not tell.
    pub days_old: Option<u32>,
    /// Whether an account publishes it that published the package before; nothing if the registry does not tell.
    pub known_publisher: Option<bool>,
    /// Why it could not be looked up.
    pub failed: Option<String>,
}

impl Bump {
    /// How a version was raised to another. Below 1.0.0 each part means what the one before it means from there on.
    pub fn between(before: &Version, after: &Version) -> Self {
        if after <= before {
            return Self::None;
        }
        let (was, is) = (
            (before.major(), before.minor(), before.patch()),
            (after.major(), after.minor(), after.patch()),
        );
        if was.0 != is.0 {
            Self::Major
        } else if was.1 != is.1 {
            if is.0 == 0 { Self::Major } else { Self::Minor }
        } else if was.2 != is.2 {
            if is.0 == 0 { Self::Minor } else { Self::Patch }
        } else {
            Self::Prerelease
        }
    }

    /// As part of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "no newer version",
            Self::Prerelease => "a pre-release",
            Self::Patch => "a patch",
            Self::Minor => "a minor version",
            Self::Major => "a major version",
        }
    }
}

impl Release {
    /// What a package's document tells of one of its versions; `now` is in milliseconds since 1970.
    pub fn of(packument: &Packument, entry: &Entry, registry: &str, now: i64) -> Self {
        let before = before(packument, entry);
        let previous = previous(entry, &before);
        let quiet = last(&before).and_then(|last| Some(days(entry.published? - last.published?)));
        let names = |people: &[Person]| people.iter().map(|person| person.name.clone()).collect::<Vec<_>>();
        let change = |from: Option<&Vec<Person>>, to: Option<&Vec<Person>>| {
            let (from, to) = (names(from?), names(to?));
            Some(to.into_iter().filter(|name| !from.contains(name)).collect::<Vec<_>>())
        };
        let maintainers_before = last(&before).and_then(|last| last.maintainers.as_ref());
        Self {
            registry: registry.to_owned(),
            name: packument.name.clone(),
            version: entry.version.clone(),
            published: entry.published.map(day),
            hours_old: entry
                .published
                .map(|at| u32::try_from((now - at).max(0) / HOUR).unwrap_or(u32::MAX)),
            publisher: entry.publisher.as_ref().map(|person| publisher(person, entry, &before)),
            maintainers_added: change(maintainers_before, entry.maintainers.as_ref()),
            maintainers_removed: change(entry.maintainers.as_ref(), maintainers_before),
            previous: previous.map(|one| Previous {
                version: one.version.clone(),
                publisher: one.publisher.as_ref().map(|person| person.name.clone()),
                days_quiet: quiet,
                bump: Bump::between(&one.number, &entry.number),
                declared: one.declared.clone(),
            }),
            earlier: before.len() as u32,
            deprecated: entry.deprecated.clone(),
            declared: entry.declared.clone(),
            new_dependencies: Vec::new(),
            cool_down: None,
            highest_before: before
                .iter()
                .max_by(|a, b| a.number.cmp(&b.number))
                .map(|one| one.version.clone()),
            untold: untold(packument, entry),
        }
    }

    /// Dependencies that the version before did not have, by name; none of a first version, where all are.
    pub fn added_dependencies(&self) -> BTreeMap<&str, &str> {
        let Some(previous) = &self.previous else {
            return BTreeMap::new();
        };
        let had = |name: &String| {
            previous.declared.dependencies.contains_key(name)
                || previous.declared.optional_dependencies.contains_key(name)
        };
        let all = self
            .declared
            .dependencies
            .iter()
            .chain(&self.declared.optional_dependencies);
        let added = all.filter(|(name, _)| !had(name));
        added.map(|(name, spec)| (name.as_str(), spec.as_str())).collect()
    }

    /// Adds what a dependency's document tells; `None` with the reason where there is none.
    pub fn add_dependency(&mut self, spec: (&str, &str), found: Result<&Packument, String>, of: &Packument) {
        let mut one = NewDependency {
            name: spec.0.to_owned(),
            spec: spec.1.to_owned(),
            ..NewDependency::default()
        };
        match found {
            Err(why) => one.failed = Some(why),
            Ok(packument) => {
                let at = of.version(&self.version).and_then(|entry| entry.published);
                let first = packument.versions.iter().filter_map(|entry| entry.published).min();
                let known = |person: &Person| {
                    let mine = of.versions.iter().filter(|entry| entry.version != self.version);
                    mine.filter_map(|entry| entry.publisher.as_ref())
                        .any(|other| other.name == person.name)
                };
                one.versions = packument.versions.len() as u32;
                one.days_old = at.zip(first).map(|(at, first)| days(at - first));
                let people: Vec<&Person> = packument
                    .versions
                    .iter()
                    .filter_map(|entry| entry.publisher.as_ref())
                    .collect();
                one.known_publisher = (!people.is_empty()).then(|| people.into_iter().any(known));
            }
        }
        self.new_dependencies.push(one);
    }
}

/// The versions published before one: by time where that is told, else by number.
fn before<'a>(packument: &'a Packument, entry: &Entry) -> Vec<&'a Entry> {
    let earlier = |other: &&Entry| match (other.published, entry.published) {
        (Some(a), Some(b)) => (a, &other.number) < (b, &entry.number),
        _ => other.number < entry.number,
    };
    packument.versions.iter().filter(earlier).collect()
}

/// The one that was published last.
fn last<'a>(before: &[&'a Entry]) -> Option<&'a Entry> {
    before.iter().copied().max_by_key(|one| one.published)
}

/// The version that an update comes from: the highest below it, a pre-release only for a pre-release.
fn previous<'a>(entry: &Entry, before: &[&'a Entry]) -> Option<&'a Entry> {
    let pre = !entry.number.pre_release().is_empty();
    let lower = before.iter().copied().filter(|one| one.number < entry.number);
    let stable = lower.clone().filter(|one| pre || one.number.pre_release().is_empty());
    let highest = |a: &&Entry, b: &&Entry| a.number.cmp(&b.number);
    stable.max_by(highest).or_else(|| lower.max_by(highest))
}

fn publisher(person: &Person, entry: &Entry, before: &[&Entry]) -> Publisher {
    let same = |other: &&&Entry| other.publisher.as_ref().is_some_and(|other| other.name == person.name);
    let own: Vec<&&Entry> = before.iter().filter(same).collect();
    let first = own.iter().filter_map(|one| one.published).min();
    let could = |one: &Entry| one.maintainers.iter().flatten().any(|other| other.name == person.name);
    Publisher {
        name: person.name.clone(),
        service: person.trusted_publisher.is_some(),
        versions_before: own.len() as u32,
        days_known: entry.published.zip(first).map_or(0, |(at, first)| days(at - first)),
        was_maintainer: last(before).is_some_and(could),
    }
}

/// A mirror may leave out what its source has; that is no sign of anything.
fn untold(packument: &Packument, entry: &Entry) -> Vec<String> {
    let versions = &packument.versions;
    let told = [
        ("when it was published", entry.published.is_some()),
        ("who published it", versions.iter().any(|one| one.publisher.is_some())),
    ];
    told.into_iter()
        .filter(|(_, told)| !told)
        .map(|(what, _)| what.to_owned())
        .collect()
}

fn days(milliseconds: i64) -> u32 {
    u32::try_from(milliseconds.max(0) / DAY).unwrap_or(u32::MAX)
}

/// `2026-11-24T10:00:00.000Z` in milliseconds since 1970. Days are counted as in Howard Hinnant's `days_from_civil`.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let part = |at: usize, length: usize| text.get(at..at + length)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 2)?, part(8, 2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let shifted = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let seconds = part(11, 2).unwrap_or(0) * 3600 + part(14, 2).unwrap_or(0) * 60 + part(17, 2).unwrap_or(0);
    Some(days * DAY + seconds * 1000 + part(20, 3).unwrap_or(0))
}

/// The day of a time, `YYYY-MM-DD`.
pub fn day(milliseconds: i64) -> String {
    let days = milliseconds.div_euclid(DAY) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (
        of_year - (153 * shifted + 2) / 5 + 1,
        if shifted < 10 { shifted + 3 } else { shifted - 9 },
    );
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests;

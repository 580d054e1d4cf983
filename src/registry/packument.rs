//! The document that a registry has of a package, read tolerantly: a field of the wrong kind is as if it were not there.

use std::collections::BTreeMap;

use nodejs_semver::Version;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use thiserror::Error;

use super::release::milliseconds;

/// The document is not what a registry answers.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotAPackument {
    /// No JSON.
    #[error("the registry's answer is no JSON: {0}")]
    Json(String),
    /// JSON of something else.
    #[error("the registry's answer does not describe a package")]
    Other,
}

/// Every version of a package.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Packument {
    /// The package.
    pub name: String,
    /// Versions by tag.
    pub tags: BTreeMap<String, String>,
    /// The versions, the highest number last. What is no semantic version is left out.
    pub versions: Vec<Entry>,
    /// Who may publish now; nothing if the registry does not tell.
    pub maintainers: Option<Vec<Person>>,
}

/// One version.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// As written.
    pub version: String,
    /// As compared.
    pub number: Version,
    /// When it was published, in milliseconds since 1970; nothing if the registry does not tell.
    pub published: Option<i64>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// Who published it; nothing if the registry does not tell.
    pub publisher: Option<Person>,
    /// Who could publish when it was published; nothing if the registry does not tell.
    pub maintainers: Option<Vec<Person>>,
    /// What the registry says its `package.json` says.
    pub declared: Declared,
    /// Its tarball.
    pub dist: Dist,
}

/// An account at the registry.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Person {
    /// The account's name.
    #[serde(deserialize_with = "lax")]
    pub name: String,
    /// Its address.
    #[serde(deserialize_with = "lax")]
    pub email: String,
    /// The service that published by a trust that the owners set up, instead of a person.
    #[serde(deserialize_with = "lax")]
    pub trusted_publisher: Option<TrustedPublisher>,
}

/// A build service that may publish a package.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct TrustedPublisher {
    /// Which service.
    #[serde(deserialize_with = "lax")]
    pub id: String,
}

/// The parts of a `package.json` by which an installer decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Declared {
    /// `name`
    #[serde(deserialize_with = "lax")]
    pub name: String,
    /// `version`
    #[serde(deserialize_with = "lax")]
    pub version: String,
    /// `dependencies`
    #[serde(deserialize_with = "lax")]
    pub dependencies: BTreeMap<String, String>,
    /// `optionalDependencies`
    #[serde(deserialize_with = "lax")]
    pub optional_dependencies: BTreeMap<String, String>,
    /// `scripts`; nothing if the registry does not tell.
    #[serde(deserialize_with = "lax")]
    pub scripts: Option<BTreeMap<String, String>>,
    /// `bin`, always by name once a registry has it.
    #[serde(deserialize_with = "lax")]
    pub bin: BTreeMap<String, String>,
    /// Whether the registry saw an install script or a `binding.gyp`.
    #[serde(deserialize_with = "lax")]
    pub has_install_script: Option<bool>,
    /// `repository`
    #[serde(deserialize_with = "repository")]
    pub repository: Option<String>,
}

/// Where a version's tarball is, and what it must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Dist {
    /// Its address.
    #[serde(deserialize_with = "lax")]
    pub tarball: String,
    /// Subresource-integrity string.
    #[serde(deserialize_with = "lax")]
    pub integrity: Option<String>,
    /// SHA-1 in hex, of old versions the only one.
    #[serde(deserialize_with = "lax")]
    pub shasum: Option<String>,
    /// Bytes after unpacking.
    #[serde(deserialize_with = "lax")]
    pub unpacked_size: Option<u64>,
    /// The registry's signatures; nothing if it does not tell.
    #[serde(deserialize_with = "lax")]
    pub signatures: Option<Vec<Signature>>,
    /// Where statements about its making are.
    #[serde(deserialize_with = "lax")]
    pub attestations: Option<Attestations>,
}

/// A registry's signature over `name@version:integrity`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// Which key, `SHA256:…`.
    #[serde(deserialize_with = "lax")]
    pub keyid: String,
    /// DER in base64.
    #[serde(deserialize_with = "lax")]
    pub sig: String,
}

/// Where statements about a version's making are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attestations {
    /// The document's address.
    #[serde(deserialize_with = "lax")]
    pub url: String,
}

impl Packument {
    /// Reads a registry's answer.
    ///
    /// # Errors
    ///
    /// When it is no JSON object of a package.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAPackument> {
        let raw: Raw = serde_json::from_slice(bytes).map_err(|error| {
            if error.is_data() {
                NotAPackument::Other
            } else {
                NotAPackument::Json(error.to_string())
            }
        })?;
        let Some(name) = raw.name.or(raw.id) else {
            return Err(NotAPackument::Other);
        };
        let mut versions: Vec<Entry> = Vec::with_capacity(raw.versions.len());
        for (version, Entrails { rest, declared }) in raw.versions {
            let Ok(number) = Version::parse(&version) else { continue };
            versions.push(Entry {
                published: raw.time.get(&version).and_then(|time| milliseconds(time)),
                deprecated: rest.deprecated.0,
                publisher: rest.publisher,
                maintainers: rest.maintainers,
                dist: rest.dist,
                declared,
                version,
                number,
            });
        }
        versions.sort_by(|a, b| a.number.cmp(&b.number));
        Ok(Self {
            name,
            tags: raw.tags,
            versions,
            maintainers: raw.maintainers,
        })
    }

    /// The version of a tag.
    pub fn tagged(&self, tag: &str) -> Option<&Entry> {
        self.version(self.tags.get(tag)?)
    }

    /// A version as written.
    pub fn version(&self, version: &str) -> Option<&Entry> {
        self.versions.iter().find(|entry| entry.version == version)
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default, deserialize_with = "lax")]
    name: Option<String>,
    #[serde(default, rename = "_id", deserialize_with = "lax")]
    id: Option<String>,
    #[serde(default, rename = "dist-tags", deserialize_with = "lax")]
    tags: BTreeMap<String, String>,
    #[serde(default)]
    versions: BTreeMap<String, Entrails>,
    #[serde(default, deserialize_with = "lax")]
    time: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "lax")]
    maintainers: Option<Vec<Person>>,
}

#[derive(Deserialize)]
struct Entrails {
    #[serde(flatten)]
    rest: Rest,
    #[serde(flatten)]
    declared: Declared,
}

#[derive(Deserialize)]
struct Rest {
    #[serde(default, deserialize_with = "lax")]
    deprecated: Reason,
    #[serde(default, rename = "_npmUser", deserialize_with = "lax")]
    publisher: Option<Person>,
    #[serde(default, deserialize_with = "lax")]
    maintainers: Option<Vec<Person>>,
    #[serde(default, deserialize_with = "lax")]
    dist: Dist,
}

/// `deprecated` is a text, or `true`; an empty one takes it back.
#[derive(Default)]
struct Reason(Option<String>);

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(match serde_json::Value::deserialize(from)? {
            serde_json::Value::String(text) if !text.is_empty() => Some(text),
            serde_json::Value::Bool(true) => Some(String::new()),
            _ => None,
        }))
    }
}

fn lax<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(T::deserialize(value).unwrap_or_default())
}

fn repository<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    let text = value.as_str().or_else(|| value.get("url")?.as_str());
    Ok(text.map(str::to_owned))
}

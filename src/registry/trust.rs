//! What was found out about who signed a version: plain values that a host hands over and rules read.

use serde::{Deserialize, Serialize};

use super::packument::Packument;

/// Signatures and provenance of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trust {
    /// The registry's own signature.
    pub signature: Signed,
    /// The statement of how the version was made.
    pub provenance: Provenance,
}

/// Whether the registry signs any version of a package.
pub fn signs(packument: &Packument) -> bool {
    let mut lists = packument.versions.iter().map(|entry| &entry.dist.signatures);
    lists.any(|list| list.as_ref().is_some_and(|list| !list.is_empty()))
}

/// What it means that a version has no statement of its making; nothing if it has one, or is not in the document.
/// The version before is the next lower one that had a statement.
pub fn unattested(packument: &Packument, version: &str) -> Option<Provenance> {
    let own = packument.version(version)?;
    if own.dist.attestations.is_some() {
        return None;
    }
    let mut attested = packument
        .versions
        .iter()
        .filter(|entry| entry.dist.attestations.is_some())
        .peekable();
    if attested.peek().is_none() {
        return Some(Provenance::NotAvailable);
    }
    // Versions are sorted by number.
    let before = attested.take_while(|entry| entry.number < own.number).last();
    Some(before.map_or(Provenance::Missing, |entry| Provenance::Lost {
        before: entry.version.clone(),
    }))
}

/// Whether the registry vouches for a version's tarball.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Signed {
    /// Every signature holds.
    Valid {
        /// The keys, as the registry names them.
        keyids: Vec<String>,
    },
    /// The registry signs versions of this package, and not this one.
    Missing,
    /// The registry has no keys, or signs no version: a mirror may have left them out.
    NotAvailable,
    /// It was not looked up, or could not be.
    Unchecked {
        /// Why.
        why: String,
    },
    /// A signature does not hold.
    Invalid {
        /// The key it names.
        keyid: String,
        /// What is wrong.
        fault: SignatureFault,
    },
}

/// What is wrong with a registry's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
pub enum SignatureFault {
    /// The registry has no key of this name.
    #[error("it names a key that the registry does not have")]
    UnknownKey,
    /// The key had expired when the version was published.
    #[error("its key had expired before the version was published")]
    ExpiredKey,
    /// The key's kind or scheme is not ECDSA on P-256.
    #[error("its key is of a kind that is not used for this: only ecdsa-sha2-nistp256 is")]
    UnsupportedKey,
    /// The key cannot be read, or its last day cannot.
    #[error("its key cannot be read")]
    MalformedKey,
    /// The signature cannot be read.
    #[error("it cannot be read: DER in base64 is expected")]
    MalformedSignature,
    /// There is nothing that could have been signed.
    #[error("the registry tells no integrity that it could be about")]
    NoIntegrity,
    /// Name, version or integrity is not what was signed.
    #[error("it is not about this name, version and integrity")]
    NotMatching,
}

/// Whether it is proved how a version was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Provenance {
    /// Proved.
    Valid {
        /// Where it was built.
        build: Box<Build>,
    },
    /// This version has none, nor had an earlier one.
    Missing,
    /// This version has none, and an earlier one had.
    Lost {
        /// The last version that had.
        before: String,
    },
    /// The registry tells of none for any version: a mirror may have left them out.
    NotAvailable,
    /// It was not looked up, or could not be.
    Unchecked {
        /// Why.
        why: String,
    },
    /// A statement does not hold.
    Invalid {
        /// What kind of statement.
        predicate: String,
        /// What is wrong.
        fault: ProvenanceFault,
        /// More precisely.
        detail: String,
    },
}

/// Where a version was built; from the certificate, which its authority took from the build service's token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Build {
    /// The source repository's address.
    pub repository: String,
    /// The commit.
    pub commit: String,
    /// The branch or tag.
    pub reference: String,
    /// The workflow's file at its version.
    pub workflow: String,
    /// Who ran it, as the statement says.
    pub builder: String,
    /// The run's address.
    pub run: String,
    /// Who vouched for the build's identity.
    pub issuer: String,
    /// When the log took it in, in seconds since 1970.
    pub logged: Option<i64>,
}

/// What is wrong with a provenance statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
pub enum ProvenanceFault {
    /// The document or a bundle in it cannot be read, or contradicts itself.
    #[error("it cannot be read, or contradicts itself")]
    Malformed,
    /// The statement is of another kind than the registry says.
    #[error("it is another kind of statement than the registry says")]
    Predicate,
    /// It is about another package or version.
    #[error("it is about another package or version")]
    Subject,
    /// It is about another tarball.
    #[error("it is about another tarball")]
    Digest,
    /// The envelope's signature does not hold.
    #[error("its signature does not hold")]
    Signature,
    /// The certificate does not come from the trusted root.
    #[error("its certificate is not trusted")]
    Certificate,
    /// No trusted log holds it.
    #[error("it is not proved to be in the transparency log")]
    Log,
    /// There is no trusted time for it.
    #[error("its time is not trusted")]
    Timestamp,
    /// It was signed by a key that the registry does not have.
    #[error("it names a key that the registry does not have")]
    UnknownKey,
    /// It was signed by a key after that had expired.
    #[error("its key had expired before it was signed")]
    ExpiredKey,
    /// No build service signed it.
    #[error("it was not signed by a build service")]
    NoBuild,
    /// The trusted root lacks what would be needed to tell.
    #[error("the trusted root lacks what it needs")]
    Root,
    /// The certificate names another repository than the statement.
    #[error("its certificate names another repository than it does")]
    Repository,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packument(versions: &[(&str, bool)]) -> Packument {
        let versions: serde_json::Map<_, _> = versions
            .iter()
            .map(|(version, attested)| {
                let signed = serde_json::json!({"signatures": [{"keyid": "SHA256:k", "sig": "s"}]});
                let mut dist = signed;
                if *attested {
                    dist["attestations"] = serde_json::json!({"url": "https://example.invalid/a"});
                }
                ((*version).to_owned(), serde_json::json!({"dist": dist}))
            })
            .collect();
        let text = serde_json::json!({"name": "p", "versions": versions}).to_string();
        Packument::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn provenance_is_lost_only_after_it_was_there() {
        let lost = |before: &str| {
            Some(Provenance::Lost {
                before: before.to_owned(),
            })
        };
        let some = packument(&[("1.0.0", false), ("1.1.0", true), ("1.2.0", true), ("1.10.0", false)]);
        assert_eq!(unattested(&some, "1.10.0"), lost("1.2.0"));
        assert_eq!(unattested(&some, "1.2.0"), None);
        assert_eq!(unattested(&some, "1.0.0"), Some(Provenance::Missing));
        assert_eq!(unattested(&some, "9.0.0"), None);
        let none = packument(&[("1.0.0", false), ("1.1.0", false)]);
        assert_eq!(unattested(&none, "1.1.0"), Some(Provenance::NotAvailable));
    }

    #[test]
    fn a_registry_that_signs() {
        assert!(signs(&packument(&[("1.0.0", false)])));
        assert!(!signs(&packument(&[])));
    }
}

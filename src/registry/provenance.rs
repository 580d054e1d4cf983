//! Statements of how a version was made: sigstore bundles, checked against a trusted root, without a network.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;
use sigstore_verify::{
    Error, PublicKeyVerificationPolicy, VerificationPolicy, VerificationResult, Verifier,
    trust_root::{SIGSTORE_PRODUCTION_TRUSTED_ROOT, TrustedRoot},
    types::{Artifact, ArtifactDigest, Bundle, DerPublicKey, HashAlgorithm, SignatureContent},
};

use super::{
    signatures::Key,
    trust::{Build, Provenance, ProvenanceFault},
};

mod crypto;

/// Statements of how something was built begin so; the version follows.
const BUILT: &str = "https://slsa.dev/provenance/";
/// The registry's own statement that it took a version in.
const PUBLISHED: &str = "https://github.com/npm/attestation/tree/main/specs/publish/";
/// Who vouches for workflows of the service whose old certificates name a repository without an address.
const ACTIONS: &str = "https://token.actions.githubusercontent.com";

/// Checks statements against one trusted root.
pub struct Checker(Verifier);

/// A version and its tarball, of which a statement must be.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// The package.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Subresource-integrity string of the tarball.
    pub integrity: &'a str,
}

#[derive(Deserialize)]
struct Document {
    attestations: Vec<Attestation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attestation {
    predicate_type: String,
    bundle: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    subject: Vec<Subject>,
    predicate_type: String,
    #[serde(default)]
    predicate: Value,
}

#[derive(Deserialize)]
struct Subject {
    name: String,
    digest: Digests,
}

#[derive(Deserialize)]
struct Digests {
    sha512: String,
}

type Fault = (ProvenanceFault, String);

impl Checker {
    /// A checker with the root in a document, or with the public one as of October 2026 that the crate
    /// `sigstore-trust-root` carries.
    ///
    /// # Errors
    ///
    /// When the document is not a trusted root; says what is wrong with it.
    pub fn new(root: Option<&str>) -> Result<Self, String> {
        crypto::install();
        let root = TrustedRoot::from_json(root.unwrap_or(SIGSTORE_PRODUCTION_TRUSTED_ROOT));
        let root = root.map_err(|error| error.to_string())?;
        Verifier::new(&root).map(Self).map_err(|error| error.to_string())
    }

    /// Checks every statement in a registry's document of attestations. `keys` are the registry's, for its own one.
    pub fn check(&self, document: &[u8], version: Version<'_>, keys: &[Key]) -> Provenance {
        let document: Document = match serde_json::from_slice(document) {
            Ok(document) => document,
            Err(error) => return invalid("", (ProvenanceFault::Malformed, error.to_string())),
        };
        let mut build = None;
        for attestation in &document.attestations {
            let kind = attestation.predicate_type.as_str();
            let held = if kind.starts_with(BUILT) {
                self.built(attestation, version).map(|found| build = Some(found))
            } else if kind.starts_with(PUBLISHED) {
                self.published(attestation, version, keys)
            } else {
                // Other statements claim nothing that is shown.
                Ok(())
            };
            if let Err(fault) = held {
                return invalid(kind, fault);
            }
        }
        match build {
            Some(build) => Provenance::Valid { build: Box::new(build) },
            None => Provenance::Missing,
        }
    }

    fn built(&self, attestation: &Attestation, version: Version<'_>) -> Result<Build, Fault> {
        let (bundle, statement) = read(attestation)?;
        logged(&bundle)?;
        let policy = VerificationPolicy::any_identity();
        let checked = self
            .0
            .verify(digest(version)?, &bundle, &policy)
            .map_err(|error| fault(&error))?;
        about(&statement, version)?;
        let build = build(&checked, &statement)?;
        let said = repository(&statement.predicate);
        if said.is_some_and(|said| !same(said, &build.repository)) {
            let detail = format!("{} and {}", build.repository, said.unwrap_or_default());
            return Err((ProvenanceFault::Repository, detail));
        }
        Ok(build)
    }

    fn published(&self, attestation: &Attestation, version: Version<'_>, keys: &[Key]) -> Result<(), Fault> {
        let (bundle, statement) = read(attestation)?;
        logged(&bundle)?;
        let keyid = match &bundle.content {
            SignatureContent::DsseEnvelope(_) => keyid(&attestation.bundle),
            _ => "",
        };
        let Some(key) = keys.iter().find(|key| key.keyid == keyid) else {
            return Err((ProvenanceFault::UnknownKey, keyid.to_owned()));
        };
        let der = key
            .der()
            .map_err(|error| (ProvenanceFault::UnknownKey, error.to_string()))?;
        let policy = PublicKeyVerificationPolicy::new(DerPublicKey::new(der));
        let checked = self
            .0
            .verify(digest(version)?, &bundle, &policy)
            .map_err(|error| fault(&error))?;
        about(&statement, version)?;
        let Some(time) = checked.integrated_time() else {
            return Err((
                ProvenanceFault::Timestamp,
                "the log entry has no signed time".to_owned(),
            ));
        };
        match key.valid_at(Some(time.as_millisecond())) {
            Ok(true) => Ok(()),
            Ok(false) => Err((ProvenanceFault::ExpiredKey, keyid.to_owned())),
            Err(error) => Err((ProvenanceFault::UnknownKey, error.to_string())),
        }
    }
}

/// The package URL under which statements know a version.
pub fn purl(name: &str, version: &str) -> String {
    format!("pkg:npm/{}@{version}", name.replacen('@', "%40", 1))
}

fn invalid(predicate: &str, (fault, detail): Fault) -> Provenance {
    let predicate = predicate.to_owned();
    Provenance::Invalid {
        predicate,
        fault,
        detail,
    }
}

fn malformed(detail: &impl ToString) -> Fault {
    (ProvenanceFault::Malformed, detail.to_string())
}

fn read(attestation: &Attestation) -> Result<(Bundle, Statement), Fault> {
    let bundle = Bundle::from_json(&attestation.bundle.to_string()).map_err(|error| malformed(&error))?;
    let SignatureContent::DsseEnvelope(envelope) = &bundle.content else {
        return Err(malformed(&"the bundle holds no statement"));
    };
    let statement: Statement =
        serde_json::from_slice(envelope.payload.as_bytes()).map_err(|error| malformed(&error))?;
    if statement.predicate_type != attestation.predicate_type {
        return Err((ProvenanceFault::Predicate, statement.predicate_type));
    }
    Ok((bundle, statement))
}

/// A bundle without a log entry has nothing that could fail to verify.
fn logged(bundle: &Bundle) -> Result<(), Fault> {
    if bundle.verification_material.tlog_entries.is_empty() {
        return Err((ProvenanceFault::Log, "the bundle has no log entry".to_owned()));
    }
    Ok(())
}

fn keyid(bundle: &Value) -> &str {
    bundle
        .pointer("/dsseEnvelope/signatures/0/keyid")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn sha512(integrity: &str) -> Option<Vec<u8>> {
    let hash = integrity
        .split_whitespace()
        .find_map(|one| one.strip_prefix("sha512-"))?;
    STANDARD.decode(hash.split('?').next()?).ok()
}

fn digest(version: Version<'_>) -> Result<Artifact<'static>, Fault> {
    let missing = || (ProvenanceFault::Digest, "the tarball's SHA-512 is not known".to_owned());
    let bytes = sha512(version.integrity).ok_or_else(missing)?;
    let digest = ArtifactDigest::new(HashAlgorithm::Sha2512, bytes).map_err(|_| missing())?;
    Ok(Artifact::from_digest(digest))
}

/// The same subject has the name and the digest: the library looks for the digest alone.
fn about(statement: &Statement, version: Version<'_>) -> Result<(), Fault> {
    use std::fmt::Write;
    let (name, mut hex) = (purl(version.name, version.version), String::new());
    for byte in sha512(version.integrity).unwrap_or_default() {
        write!(hex, "{byte:02x}").map_err(|error| malformed(&error))?;
    }
    let mut named = statement
        .subject
        .iter()
        .filter(|subject| subject.name == name)
        .peekable();
    if named.peek().is_none() {
        let found = statement
            .subject
            .first()
            .map_or_else(String::new, |subject| subject.name.clone());
        return Err((ProvenanceFault::Subject, found));
    }
    if !named.any(|subject| subject.digest.sha512 == hex) {
        return Err((ProvenanceFault::Digest, name));
    }
    Ok(())
}

fn build(checked: &VerificationResult, statement: &Statement) -> Result<Build, Fault> {
    let issuer = checked.issuer().unwrap_or_default().to_owned();
    let none = || (ProvenanceFault::NoBuild, issuer.clone());
    let claims = &checked.certificate().ok_or_else(none)?.ci_claims;
    let old = &claims.deprecated_github;
    let is_actions = issuer == ACTIONS;
    let repository = claims.source_repository_uri.clone().or_else(|| {
        let name = old.workflow_repository.as_ref().filter(|_| is_actions)?;
        Some(format!("https://github.com/{name}"))
    });
    let commit = claims
        .source_repository_digest
        .clone()
        .or_else(|| old.workflow_sha.clone());
    let reference = claims
        .source_repository_ref
        .clone()
        .or_else(|| old.workflow_ref.clone());
    let identity = checked.identity().map(|identity| identity.as_str().to_owned());
    let predicate = &statement.predicate;
    let text = |pointers: [&str; 2]| pointers.iter().find_map(|pointer| predicate.pointer(pointer)?.as_str());
    let run = text(["/runDetails/metadata/invocationId", "/metadata/buildInvocationId"]);
    Ok(Build {
        repository: repository.ok_or_else(none)?,
        commit: commit.ok_or_else(none)?,
        reference: reference.unwrap_or_default(),
        workflow: claims.build_config_uri.clone().or(identity).unwrap_or_default(),
        builder: text(["/runDetails/builder/id", "/builder/id"])
            .unwrap_or_default()
            .to_owned(),
        run: claims
            .run_invocation_uri
            .clone()
            .unwrap_or_else(|| run.unwrap_or_default().to_owned()),
        issuer: issuer.clone(),
        logged: checked.integrated_time().map(|time| time.as_millisecond() / 1000),
    })
}

/// The repository that the statement names, if it is of a kind that does.
fn repository(predicate: &Value) -> Option<&str> {
    let new = predicate.pointer("/buildDefinition/externalParameters/workflow/repository");
    new.or_else(|| predicate.pointer("/invocation/configSource/uri"))?
        .as_str()
}

/// `git+https://host/owner/name@ref` and `https://host/owner/name` are one.
fn same(said: &str, certified: &str) -> bool {
    let said = said.strip_prefix("git+").unwrap_or(said);
    let rest = said.strip_prefix(certified);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
}

fn fault(error: &Error) -> Fault {
    let kind = match error {
        Error::SignatureInvalid(_) => ProvenanceFault::Signature,
        Error::ArtifactMismatch(_) | Error::UnsupportedArtifact(_) => ProvenanceFault::Digest,
        Error::Certificate(_) => ProvenanceFault::Certificate,
        Error::TransparencyLog(_) => ProvenanceFault::Log,
        Error::Timestamp(_) => ProvenanceFault::Timestamp,
        Error::InvalidTrustRoot(_) => ProvenanceFault::Root,
        _ => ProvenanceFault::Malformed,
    };
    (kind, error.to_string())
}

//! A registry's signatures over its tarballs: ECDSA on P-256 over `name@version:integrity`.

use base64::{Engine, engine::general_purpose::STANDARD};
use p256::{
    ecdsa::{Signature, VerifyingKey, signature::Verifier},
    pkcs8::DecodePublicKey,
};
use serde::Deserialize;

use super::{
    packument::Dist,
    release::milliseconds,
    trust::{SignatureFault, Signed},
};

/// The only kind of key, and the only scheme, that registries sign with.
const KIND: &str = "ecdsa-sha2-nistp256";

/// A public key of a registry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Key {
    /// When it expired; no time means that it has not.
    pub expires: Option<String>,
    /// What signatures call it.
    pub keyid: String,
    /// Its kind.
    pub keytype: String,
    /// How it signs.
    pub scheme: String,
    /// DER in base64.
    pub key: String,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Key>,
}

/// Reads a registry's document of keys.
///
/// # Errors
///
/// When it is no such document.
pub fn keys(bytes: &[u8]) -> Result<Vec<Key>, serde_json::Error> {
    serde_json::from_slice::<Document>(bytes).map(|document| document.keys)
}

impl Key {
    /// Whether it was valid at a time in milliseconds since 1970. As npm does it, a key is valid for what
    /// has no time at all: that is older than the first key.
    pub(crate) fn valid_at(&self, time: Option<i64>) -> Result<bool, SignatureFault> {
        let Some(expires) = &self.expires else { return Ok(true) };
        let expires = milliseconds(expires).ok_or(SignatureFault::MalformedKey)?;
        Ok(time.is_none_or(|time| time < expires))
    }

    /// Its DER, if it is of the kind that is used.
    pub(crate) fn der(&self) -> Result<Vec<u8>, SignatureFault> {
        if self.keytype != KIND || self.scheme != KIND {
            return Err(SignatureFault::UnsupportedKey);
        }
        STANDARD.decode(&self.key).map_err(|_| SignatureFault::MalformedKey)
    }
}

/// Checks a version's signatures; `published` is in milliseconds since 1970. Without `keys` the registry has none;
/// `signs` tells whether it signs any version of the package.
pub fn check(
    name: &str,
    version: &str,
    dist: &Dist,
    published: Option<i64>,
    keys: Option<&[Key]>,
    signs: bool,
) -> Signed {
    let signatures = dist.signatures.as_deref().unwrap_or_default();
    let Some(keys) = keys.filter(|keys| !keys.is_empty()) else {
        return Signed::NotAvailable;
    };
    if signatures.is_empty() {
        return if signs { Signed::Missing } else { Signed::NotAvailable };
    }
    let message = dist.integrity.as_deref().filter(|integrity| !integrity.is_empty());
    let message = message.map(|integrity| format!("{name}@{version}:{integrity}"));
    for signature in signatures {
        let held = match &message {
            Some(message) => verify(message, &signature.keyid, &signature.sig, published, keys),
            None => Err(SignatureFault::NoIntegrity),
        };
        if let Err(fault) = held {
            let keyid = signature.keyid.clone();
            return Signed::Invalid { keyid, fault };
        }
    }
    Signed::Valid {
        keyids: signatures.iter().map(|signature| signature.keyid.clone()).collect(),
    }
}

fn verify(message: &str, keyid: &str, sig: &str, published: Option<i64>, keys: &[Key]) -> Result<(), SignatureFault> {
    let key = keys.iter().find(|key| key.keyid == keyid);
    let key = key.ok_or(SignatureFault::UnknownKey)?;
    let der = key.der()?;
    if !key.valid_at(published)? {
        return Err(SignatureFault::ExpiredKey);
    }
    let public = VerifyingKey::from_public_key_der(&der).map_err(|_| SignatureFault::MalformedKey)?;
    let sig = STANDARD.decode(sig).map_err(|_| SignatureFault::MalformedSignature)?;
    let sig = Signature::from_der(&sig).map_err(|_| SignatureFault::MalformedSignature)?;
    let held = public.verify(message.as_bytes(), &sig);
    held.map_err(|_| SignatureFault::NotMatching)
}

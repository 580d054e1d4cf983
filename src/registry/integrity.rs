//! Whether a tarball is the one that was meant: subresource integrity, and SHA-1 where a registry has no better.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use thiserror::Error;

/// The bytes are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Mismatch {
    /// Other bytes.
    #[error("it is not what the registry promised: expected {expected}, got {got}")]
    Differs {
        /// As promised.
        expected: String,
        /// What came.
        got: String,
    },
    /// Nothing to compare with.
    #[error("the registry gives no hash that it could be checked against")]
    Nothing,
}

/// Compares a tarball with the strongest hashes of `integrity` (several of one strength are alternatives), else with
/// `shasum`, which is SHA-1 in hex.
///
/// # Errors
///
/// When none of them fits, or there is none.
pub fn check(bytes: &[u8], integrity: Option<&str>, shasum: Option<&str>) -> Result<(), Mismatch> {
    let hashes: Vec<(&str, &str)> = integrity
        .unwrap_or_default()
        .split_ascii_whitespace()
        .filter_map(|one| one.split('?').next()?.split_once('-'))
        .collect();
    for algorithm in ["sha512", "sha384", "sha256", "sha1"] {
        let mut expected = hashes
            .iter()
            .filter(|(name, _)| *name == algorithm)
            .map(|(_, hash)| *hash)
            .peekable();
        let Some(first) = expected.peek().copied() else {
            continue;
        };
        let got = STANDARD.encode(digest(algorithm, bytes));
        if expected.any(|hash| hash == got) {
            return Ok(());
        }
        let written = |hash: &str| format!("{algorithm}-{hash}");
        return Err(Mismatch::Differs {
            expected: written(first),
            got: written(&got),
        });
    }
    let Some(expected) = shasum.filter(|hash| !hash.is_empty()) else {
        return Err(Mismatch::Nothing);
    };
    let got = hex(&digest("sha1", bytes));
    if got.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let written = |hash: &str| format!("SHA-1 {hash}");
    Err(Mismatch::Differs {
        expected: written(expected),
        got: written(&got),
    })
}

/// Bytes in hexadecimal, as SHA-1 sums are written.
fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn digest(algorithm: &str, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        "sha512" => Sha512::digest(bytes).to_vec(),
        "sha384" => Sha384::digest(bytes).to_vec(),
        "sha256" => Sha256::digest(bytes).to_vec(),
        _ => Sha1::digest(bytes).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_hash_decides() {
        // Of the three letters `abc`: the examples of FIPS 180-4.
        let sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
        let sha256 = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        let check = |integrity, shasum| check(b"abc", integrity, shasum);
        assert_eq!(check(Some(sha256), None), Ok(()));
        assert_eq!(check(None, Some(sha1)), Ok(()));
        let alternatives = format!("sha256-AAAA {sha256}?x");
        assert_eq!(check(Some(&alternatives), None), Ok(()));
        let weaker = format!("sha512-AAAA {sha256}");
        assert!(
            matches!(check(Some(&weaker), Some(sha1)), Err(Mismatch::Differs { expected, .. }) if expected == "sha512-AAAA")
        );
        assert!(matches!(check(None, Some("00")), Err(Mismatch::Differs { .. })));
        assert_eq!(check(Some("md5-AAAA"), None), Err(Mismatch::Nothing));
        assert_eq!(check(Some(""), Some("")), Err(Mismatch::Nothing));
    }
}

//! Registry signatures: a published one holds, and each of its fields broken is refused with its reason.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use base64::{Engine, engine::general_purpose::STANDARD};
use importguard::registry::{
    packument::{Dist, Signature},
    signatures::{Key, check, keys},
    trust::{SignatureFault, Signed},
};
use p256::ecdsa::{SigningKey, signature::Signer};

const KEYS: &[u8] = include_bytes!("registry/keys.json");
const DEMO: &[u8] = include_bytes!("registry/kms-demo.json");
/// 2022-07-01 and 2025-02-01: before and after the key expired.
const BEFORE: Option<i64> = Some(1_656_633_600_000);
const AFTER: Option<i64> = Some(1_738_368_000_000);

#[derive(Clone)]
struct Case {
    name: String,
    version: String,
    dist: Dist,
    published: Option<i64>,
    keys: Vec<Key>,
}

impl Case {
    fn real() -> Self {
        Self {
            name: "kms-demo".to_owned(),
            version: "1.0.0".to_owned(),
            dist: serde_json::from_slice(DEMO).unwrap(),
            published: BEFORE,
            keys: keys(KEYS).unwrap(),
        }
    }

    fn own(kind: &str) -> Self {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        // What stands before the point in a SubjectPublicKeyInfo of P-256.
        let mut der = STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE").unwrap();
        der.truncate(26);
        der.extend_from_slice(key.verifying_key().to_encoded_point(false).as_bytes());
        let sig: p256::ecdsa::Signature = key.sign(b"@own/package@2.0.0:sha512-AAAA");
        Self {
            name: "@own/package".to_owned(),
            version: "2.0.0".to_owned(),
            dist: Dist {
                integrity: Some("sha512-AAAA".to_owned()),
                signatures: Some(vec![Signature {
                    keyid: "SHA256:own".to_owned(),
                    sig: STANDARD.encode(sig.to_der()),
                }]),
                ..Dist::default()
            },
            published: None,
            keys: vec![Key {
                expires: None,
                keyid: "SHA256:own".to_owned(),
                keytype: kind.to_owned(),
                scheme: kind.to_owned(),
                key: STANDARD.encode(der),
            }],
        }
    }

    fn checked(&self) -> Signed {
        check(
            &self.name,
            &self.version,
            &self.dist,
            self.published,
            Some(&self.keys),
            true,
        )
    }

    fn signature(&mut self) -> &mut Signature {
        &mut self.dist.signatures.as_mut().unwrap()[0]
    }
}

#[test]
fn signatures_that_hold() {
    let one = |keyid: &str| Signed::Valid {
        keyids: vec![keyid.to_owned()],
    };
    let real = Case::real();
    let key = "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA";
    assert_eq!(real.checked(), one(key));
    assert_eq!(
        Case {
            published: None,
            ..real
        }
        .checked(),
        one(key),
        "as npm does it"
    );
    assert_eq!(Case::own("ecdsa-sha2-nistp256").checked(), one("SHA256:own"));
}

#[test]
fn each_field_broken_is_refused_with_its_reason() {
    type Break = fn(&mut Case);
    let table: [(&str, Break, SignatureFault); 14] = [
        ("name", |case| case.name.push('x'), SignatureFault::NotMatching),
        (
            "version",
            |case| case.version = "1.0.1".to_owned(),
            SignatureFault::NotMatching,
        ),
        (
            "integrity",
            |case| case.dist.integrity = Some("sha512-AAAA".to_owned()),
            SignatureFault::NotMatching,
        ),
        (
            "no integrity",
            |case| case.dist.integrity = None,
            SignatureFault::NoIntegrity,
        ),
        ("published", |case| case.published = AFTER, SignatureFault::ExpiredKey),
        (
            "expires",
            |case| case.keys[0].expires = Some("soon".to_owned()),
            SignatureFault::MalformedKey,
        ),
        (
            "keyid of the signature",
            |case| case.signature().keyid.push('x'),
            SignatureFault::UnknownKey,
        ),
        (
            "keyid of the key",
            |case| case.keys[0].keyid.push('x'),
            SignatureFault::UnknownKey,
        ),
        (
            "keytype",
            |case| case.keys[0].keytype = "rsa".to_owned(),
            SignatureFault::UnsupportedKey,
        ),
        (
            "scheme",
            |case| case.keys[0].scheme = "none".to_owned(),
            SignatureFault::UnsupportedKey,
        ),
        (
            "key, no base64",
            |case| case.keys[0].key = "%".to_owned(),
            SignatureFault::MalformedKey,
        ),
        (
            "key, another",
            |case| case.keys[0].key = case.keys[1].key.clone(),
            SignatureFault::NotMatching,
        ),
        (
            "sig, no DER",
            |case| case.signature().sig = "AAAA".to_owned(),
            SignatureFault::MalformedSignature,
        ),
        (
            "sig, no base64",
            |case| case.signature().sig = "bogus!".to_owned(),
            SignatureFault::MalformedSignature,
        ),
    ];
    for (field, break_it, reason) in table {
        let mut case = Case::real();
        break_it(&mut case);
        let Signed::Invalid { fault, .. } = case.checked() else {
            panic!("{field}: {:?}", case.checked());
        };
        assert_eq!(fault, reason, "{field}");
    }
}

#[test]
fn every_byte_of_a_signature_matters() {
    let real = Case::real();
    let sig = STANDARD.decode(&real.clone().signature().sig).unwrap();
    for at in 0..sig.len() {
        let (mut case, mut broken) = (real.clone(), sig.clone());
        broken[at] ^= 1;
        case.signature().sig = STANDARD.encode(broken);
        assert!(matches!(case.checked(), Signed::Invalid { .. }), "byte {at}");
    }
}

#[test]
fn a_second_signature_that_does_not_hold_is_not_overlooked() {
    let mut case = Case::real();
    let mut second = case.signature().clone();
    second.keyid = case.keys[1].keyid.clone();
    case.dist.signatures.as_mut().unwrap().push(second);
    let fault = SignatureFault::NotMatching;
    let keyid = case.keys[1].keyid.clone();
    assert_eq!(case.checked(), Signed::Invalid { keyid, fault });
}

#[test]
fn what_a_mirror_leaves_out_is_not_called_missing() {
    let mut case = Case::real();
    let ask = |case: &Case, keys, signs| check(&case.name, &case.version, &case.dist, case.published, keys, signs);
    assert_eq!(ask(&case, None, true), Signed::NotAvailable);
    assert_eq!(ask(&case, Some(&[]), true), Signed::NotAvailable);
    case.dist.signatures = None;
    assert_eq!(ask(&case, Some(&case.keys), false), Signed::NotAvailable);
    assert_eq!(ask(&case, Some(&case.keys), true), Signed::Missing);
    case.dist.signatures = Some(Vec::new());
    assert_eq!(ask(&case, Some(&case.keys), true), Signed::Missing);
}

#[test]
fn no_document_of_keys() {
    for text in ["", "[]", "{}", r#"{"keys":[{"keyid":1}]}"#] {
        assert!(keys(text.as_bytes()).is_err(), "{text}");
    }
}

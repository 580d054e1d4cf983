//! Provenance: a published bundle holds, and each of its fields broken is refused with its reason.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use base64::{Engine, engine::general_purpose::STANDARD};
use importguard::registry::{
    provenance::{Checker, Version, purl},
    signatures::{Key, keys},
    trust::{Provenance, ProvenanceFault},
};
use serde_json::{Value, json};
use sigstore_verify::trust_root::SIGSTORE_PRODUCTION_TRUSTED_ROOT;

const BUNDLE: &str = include_str!("registry/sigstore-2.0.0-provenance.json");
const SLSA: &str = "https://slsa.dev/provenance/v1";
const PUBLISH: &str = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";
const INTEGRITY: &str =
    "sha512-RtTi90xIdzFmQAAKb9+Ki1nx4IR2Z5c+mFn3dN0xuPHgk3gTt3f7ZqKsZ9UFQP40ZAlm7un8LMyjhwgrTIXNPA==";
const VERSION: Version<'_> = Version {
    name: "sigstore",
    version: "2.0.0",
    integrity: INTEGRITY,
};

fn document(kind: &str, bundle: &Value) -> Vec<u8> {
    json!({"attestations": [{"predicateType": kind, "bundle": bundle}]})
        .to_string()
        .into_bytes()
}

fn bundle() -> Value {
    serde_json::from_str(BUNDLE).unwrap()
}

fn check(bundle: &Value, version: Version<'_>) -> Provenance {
    Checker::new(None).unwrap().check(&document(SLSA, bundle), version, &[])
}

fn fault(provenance: &Provenance) -> Option<ProvenanceFault> {
    match provenance {
        Provenance::Invalid { fault, .. } => Some(*fault),
        _ => None,
    }
}

/// Flips a bit in the middle of what is base64.
fn flip(value: &mut Value) {
    let mut bytes = STANDARD.decode(value.as_str().unwrap()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    *value = STANDARD.encode(bytes).into();
}

#[test]
fn a_published_bundle_holds_and_tells_the_build() {
    let Provenance::Valid { build } = check(&bundle(), VERSION) else {
        panic!("{:?}", check(&bundle(), VERSION));
    };
    assert_eq!(build.repository, "https://github.com/sigstore/sigstore-js");
    assert_eq!(build.commit, "f0b49a04e5a62250e0f60fb128004a73110fe311");
    assert_eq!(build.reference, "refs/heads/main");
    let workflow = "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main";
    assert_eq!(build.workflow, workflow);
    assert_eq!(build.builder, "https://github.com/actions/runner/github-hosted");
    assert_eq!(
        build.run,
        "https://github.com/sigstore/sigstore-js/actions/runs/5904696764/attempts/1"
    );
    assert_eq!(build.issuer, "https://token.actions.githubusercontent.com");
    assert_eq!(build.logged, Some(1_692_374_735));
}

#[test]
fn each_field_broken_is_refused_with_its_reason() {
    use ProvenanceFault as Fault;
    type Break = fn(&mut Value);
    const LOG: &str = "/verificationMaterial/tlogEntries/0";
    let table: [(&str, Break, ProvenanceFault); 15] = [
        ("/mediaType", |at| *at = "text/plain".into(), Fault::Malformed),
        (
            "/dsseEnvelope/payload",
            |at| *at = replaced(at, "46d4e2f7", "56d4e2f7"),
            Fault::Signature,
        ),
        (
            "/dsseEnvelope/payloadType",
            |at| *at = "text/plain".into(),
            Fault::Malformed,
        ),
        ("/dsseEnvelope/signatures/0/sig", flip, Fault::Signature),
        (
            "/verificationMaterial/x509CertificateChain/certificates/0/rawBytes",
            flip,
            Fault::Certificate,
        ),
        ("/verificationMaterial/tlogEntries", |at| *at = json!([]), Fault::Log),
        ("{LOG}/logIndex", |at| *at = "31821306".into(), Fault::Log),
        ("{LOG}/logId/keyId", flip, Fault::Log),
        ("{LOG}/integratedTime", |at| *at = "1692374736".into(), Fault::Log),
        ("{LOG}/inclusionPromise/signedEntryTimestamp", flip, Fault::Log),
        ("{LOG}/inclusionProof/rootHash", flip, Fault::Malformed),
        ("{LOG}/inclusionProof/hashes/0", flip, Fault::Log),
        ("{LOG}/inclusionProof/treeSize", |at| *at = "1".into(), Fault::Malformed),
        (
            "{LOG}/inclusionProof/checkpoint/envelope",
            |at| *at = "nothing".into(),
            Fault::Malformed,
        ),
        ("{LOG}/canonicalizedBody", flip, Fault::Log),
    ];
    let mut wrong = Vec::new();
    for (field, break_it, reason) in table {
        let mut broken = bundle();
        break_it(broken.pointer_mut(&field.replace("{LOG}", LOG)).unwrap());
        let found = check(&broken, VERSION);
        if fault(&found) != Some(reason) {
            wrong.push(format!("{field}: {reason:?} expected, {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn replaced(payload: &Value, from: &str, to: &str) -> Value {
    let text = String::from_utf8(STANDARD.decode(payload.as_str().unwrap()).unwrap()).unwrap();
    assert!(text.contains(from));
    STANDARD.encode(text.replace(from, to)).into()
}

#[test]
fn it_must_be_about_this_version_and_tarball() {
    let other = |version: Version<'_>| fault(&check(&bundle(), version));
    let subject = Some(ProvenanceFault::Subject);
    let digest = Some(ProvenanceFault::Digest);
    assert_eq!(
        other(Version {
            name: "sigstore2",
            ..VERSION
        }),
        subject
    );
    assert_eq!(
        other(Version {
            version: "2.0.1",
            ..VERSION
        }),
        subject
    );
    assert_eq!(
        other(Version {
            integrity: &INTEGRITY.replace("RtTi", "AtTi"),
            ..VERSION
        }),
        digest
    );
    assert_eq!(
        other(Version {
            integrity: "sha1-AAAA",
            ..VERSION
        }),
        digest
    );
}

#[test]
fn documents_that_say_something_else() {
    let checker = Checker::new(None).unwrap();
    let check = |text: &[u8]| checker.check(text, VERSION, &[]);
    assert_eq!(fault(&check(b"{}")), Some(ProvenanceFault::Malformed));
    assert_eq!(fault(&check(b"not JSON")), Some(ProvenanceFault::Malformed));
    assert_eq!(
        fault(&check(&document(SLSA, &json!({})))),
        Some(ProvenanceFault::Malformed)
    );
    let kind = "https://slsa.dev/provenance/v0.2";
    assert_eq!(
        fault(&check(&document(kind, &bundle()))),
        Some(ProvenanceFault::Predicate)
    );
    assert_eq!(
        fault(&check(&document(PUBLISH, &bundle()))),
        Some(ProvenanceFault::Predicate)
    );
    assert_eq!(check(br#"{"attestations":[]}"#), Provenance::Missing);
}

#[test]
fn the_trusted_root_decides() {
    for part in ["certificateAuthorities", "ctlogs", "tlogs"] {
        let mut root: Value = serde_json::from_str(SIGSTORE_PRODUCTION_TRUSTED_ROOT).unwrap();
        root[part] = json!([]);
        let checker = Checker::new(Some(&root.to_string())).unwrap();
        let found = checker.check(&document(SLSA, &bundle()), VERSION, &[]);
        let reason = match part {
            "tlogs" => ProvenanceFault::Log,
            "ctlogs" => ProvenanceFault::Root,
            _ => ProvenanceFault::Certificate,
        };
        assert_eq!(fault(&found), Some(reason), "{part}: {found:?}");
    }
    assert!(Checker::new(Some("{}")).is_err());
}

#[test]
fn package_urls() {
    assert_eq!(purl("sigstore", "2.0.0"), "pkg:npm/sigstore@2.0.0");
    assert_eq!(purl("@npm/types", "1.0.0"), "pkg:npm/%40npm/types@1.0.0");
}

#[test]
fn a_registrys_own_statement_needs_its_key() {
    let mut own = bundle();
    let payload = own.pointer_mut("/dsseEnvelope/payload").unwrap();
    *payload = replaced(payload, SLSA, PUBLISH);
    let checker = Checker::new(None).unwrap();
    let check = |keys: &[Key]| fault(&checker.check(&document(PUBLISH, &own), VERSION, keys));
    assert_eq!(check(&[]), Some(ProvenanceFault::UnknownKey));
    // A certificate's bundle does not become the registry's by naming its key.
    let mut key = keys(include_bytes!("registry/keys.json")).unwrap().remove(0);
    key.keyid = String::new();
    assert_eq!(check(&[key]), Some(ProvenanceFault::Malformed));
}

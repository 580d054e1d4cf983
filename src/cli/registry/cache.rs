//! What has been fetched, on disk: documents by address and account, tarballs by their hash. Broken files count as none.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use etcetera::{BaseStrategy, choose_base_strategy};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A folder of this user, if there is one that can be written.
pub(super) struct Cache {
    folder: Option<PathBuf>,
}

/// A document as it was fetched.
pub(super) struct Document {
    /// `etag`
    pub(super) tag: String,
    /// When it was fetched or found unchanged, in seconds since 1970.
    pub(super) at: u64,
    /// For how many seconds it need not be asked for again.
    pub(super) fresh_for: u64,
    pub(super) body: Vec<u8>,
}

/// The first line of a document's file.
#[derive(Serialize, Deserialize)]
struct Head {
    tag: String,
    at: u64,
    fresh_for: u64,
    sha256: String,
}

/// What one account sees at an address is no other's business.
pub(super) fn key(address: &str, authorization: Option<&str>) -> String {
    hex(&[address.as_bytes(), b"\n", authorization.unwrap_or_default().as_bytes()].concat())
}

impl Cache {
    /// `IMPORTGUARD_CACHE`, else the system's folder for caches.
    pub(super) fn open() -> Self {
        let named = env::var_os("IMPORTGUARD_CACHE")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
        let usual = || {
            choose_base_strategy()
                .ok()
                .map(|base| base.cache_dir().join("importguard"))
        };
        Self {
            folder: named.or_else(usual),
        }
    }

    pub(super) fn document(&self, key: &str) -> Option<Document> {
        let bytes = fs::read(self.folder.as_ref()?.join("documents").join(key)).ok()?;
        let end = memchr::memchr(b'\n', &bytes)?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        let body = bytes[end + 1..].to_vec();
        (hex(&body) == head.sha256).then_some(Document {
            tag: head.tag,
            at: head.at,
            fresh_for: head.fresh_for,
            body,
        })
    }

    pub(super) fn keep_document(&self, key: &str, document: &Document) {
        let head = Head {
            tag: document.tag.clone(),
            at: document.at,
            fresh_for: document.fresh_for,
            sha256: hex(&document.body),
        };
        if let (Some(folder), Ok(mut bytes)) = (&self.folder, serde_json::to_vec(&head)) {
            bytes.push(b'\n');
            bytes.extend_from_slice(&document.body);
            // A cache that cannot be written costs time, nothing else.
            let _ = write(&folder.join("documents"), key, &bytes);
        }
    }

    /// A tarball that is still what it was.
    pub(super) fn tarball(&self, hash: &str, is_right: impl FnOnce(&[u8]) -> bool) -> Option<PathBuf> {
        let path = self.folder.as_ref()?.join("tarballs").join(hex(hash.as_bytes()));
        fs::read(&path).is_ok_and(|bytes| is_right(&bytes)).then_some(path)
    }

    pub(super) fn keep_tarball(&self, hash: &str, bytes: &[u8]) -> Option<PathBuf> {
        write(&self.folder.as_ref()?.join("tarballs"), &hex(hash.as_bytes()), bytes)
    }
}

/// Whoever reads at the same time sees the old file or the new one, never half of it.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Option<PathBuf> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    fs::create_dir_all(folder).ok()?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let (path, draft) = (
        folder.join(name),
        folder.join(format!(".{name}.{}.{number}", process::id())),
    );
    let written = fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, &path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written.ok().map(|()| path)
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let hash = Sha256::digest(bytes);
    hash.iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

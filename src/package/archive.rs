//! Tarballs from anybody: npm's gzipped tar, or a plain tar, read within limits; what is refused is said.

mod entry;
mod gzip;
mod path;

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha512};
use thiserror::Error;

use super::{File, Package};
use crate::issue::{Issue, IssueKind};
use entry::{BLOCK, Entries, Entry, Kind, Next};
use gzip::Gunzip;

/// What a tarball may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after unpacking.
    pub unpacked: u64,
    /// Unpacked bytes by packed bytes, once more than a few megabytes came out.
    pub ratio: u64,
    /// Entries of any kind.
    pub entries: usize,
    /// Bytes of one path.
    pub path: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked: 512 << 20,
            ratio: 200,
            entries: 100_000,
            path: 1024,
        }
    }
}

/// Bytes that may come out whatever the ratio: small packages of repeated text compress well.
const RATIO_FREE: u64 = 16 << 20;

/// Recorded one by one up to here, then only counted.
const MAX_ISSUES: usize = 100;

/// The bytes are no archive that npm could unpack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("neither a gzip file nor a tar archive")]
pub struct NotAnArchive;

/// Unpacks a package's tarball as npm does: the first folder of each path is dropped, the later of two equal paths wins,
/// links are not followed. Whatever was refused or is damaged is among the package's issues.
///
/// # Errors
///
/// When the bytes are neither gzip nor tar.
pub fn unpack(bytes: &[u8], limits: &Limits) -> Result<Package, NotAnArchive> {
    let mut unpacking = Unpacking {
        limits: *limits,
        files: BTreeMap::new(),
        issues: Vec::new(),
        more: 0,
    };
    let mut plain = bytes;
    if bytes.starts_with(&[0x1F, 0x8B]) {
        let most = limits
            .unpacked
            .min(RATIO_FREE.max((bytes.len() as u64).saturating_mul(limits.ratio)));
        unpacking.run(&mut Gunzip::new(bytes), most);
    } else if entry::is_header(bytes.get(..BLOCK).unwrap_or_default()) {
        unpacking.run(&mut plain, limits.unpacked);
    } else {
        return Err(NotAnArchive);
    }
    Ok(unpacking.finish(bytes))
}

/// The subresource-integrity string of a tarball, `sha512-…`, as npm's lock files have it.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha512-{}", STANDARD.encode(Sha512::digest(bytes)))
}

struct Unpacking {
    limits: Limits,
    files: BTreeMap<String, Vec<u8>>,
    issues: Vec<Issue>,
    more: usize,
}

impl Unpacking {
    fn run(&mut self, reader: &mut dyn Read, most: u64) {
        let metered = Metered {
            inner: reader,
            left: most,
        };
        let mut entries = Entries::new(io::BufReader::with_capacity(1 << 16, metered));
        let mut count = 0;
        loop {
            match entries.next() {
                Ok(Next::Entry(entry)) => {
                    count += 1;
                    if count > self.limits.entries {
                        self.issue(
                            "",
                            format!("more than {} entries; the rest was not read", self.limits.entries),
                        );
                        return;
                    }
                    if let Err(error) = self.entry(&entry, &mut entries) {
                        self.issue(&entry.path, format!("only the first part could be read: {error}"));
                        return;
                    }
                }
                Ok(Next::Damaged(what)) => self.issue("", what),
                Ok(Next::End) => break,
                Err(error) => {
                    self.issue("", format!("damaged or cut off: {error}"));
                    return;
                }
            }
        }
        match entries.trailing() {
            Ok(0) => {}
            Ok(length) => self.issue(
                "",
                format!("{length} bytes after the archive's end, which npm does not unpack"),
            ),
            Err(error) => self.issue("", format!("damaged after its end: {error}")),
        }
    }

    fn entry(&mut self, entry: &Entry, entries: &mut Entries<'_>) -> io::Result<()> {
        let refusal = match &entry.kind {
            Kind::File => None,
            Kind::Folder => return entries.skip(entry.size),
            Kind::Link(target) => Some(format!(
                "a link to `{}`, which npm does not unpack",
                path::shown(target)
            )),
            Kind::Device => Some("a device or a pipe".to_owned()),
            Kind::Unknown(flag) => Some(format!("an entry of unknown type {:?}", char::from(*flag))),
        };
        if let Some(message) = refusal {
            self.issue(&entry.path, message);
            return entries.skip(entry.size);
        }
        let name = match path::inside(&entry.path, self.limits.path) {
            Ok(placed) => {
                if let Some(oddity) = placed.oddity {
                    self.issue(
                        &entry.path,
                        format!("{oddity}; npm unpacks it as `{}`", path::shown(&placed.path)),
                    );
                }
                placed.path
            }
            Err(refusal) => {
                self.issue(&entry.path, refusal.to_owned());
                return entries.skip(entry.size);
            }
        };
        let (content, whole) = entries.content(entry.size);
        if self.files.insert(name.clone(), content).is_some() {
            self.issue(
                &name,
                "twice in the archive; the later one is what gets installed".to_owned(),
            );
        }
        whole
    }

    fn issue(&mut self, file: &str, message: String) {
        if self.issues.len() < MAX_ISSUES {
            self.issues.push(Issue {
                kind: IssueKind::Archive,
                file: path::shown(file),
                message,
            });
        } else {
            self.more += 1;
        }
    }

    fn finish(mut self, bytes: &[u8]) -> Package {
        let mut folded: BTreeMap<String, &str> = BTreeMap::new();
        let mut collisions = Vec::new();
        for name in self.files.keys() {
            if let Some(other) = folded.insert(name.to_lowercase(), name) {
                collisions.push((
                    name.clone(),
                    format!("differs from `{other}` in case only: one of them, on some systems"),
                ));
            }
        }
        for (name, message) in collisions {
            self.issue(&name, message);
        }
        if self.files.is_empty() && self.issues.is_empty() {
            self.issue("", "no files in the archive".to_owned());
        }
        if self.more > 0 {
            let message = format!("{} more oddities of the archive", self.more);
            self.issues.push(Issue {
                kind: IssueKind::Archive,
                file: String::new(),
                message,
            });
        }
        Package {
            path: String::new(),
            integrity: Some(integrity(bytes)),
            files: self
                .files
                .into_iter()
                .map(|(path, bytes)| File { path, bytes })
                .collect(),
            issues: self.issues,
        }
    }
}

/// A reader that fails once more came out than may.
struct Metered<'a> {
    inner: &'a mut dyn Read,
    left: u64,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::other("it unpacks to far more than its size: a decompression bomb, or too large to analyse")
        })?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;

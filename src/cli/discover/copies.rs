//! The same package installed at several places is scanned once, if every byte is the same.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use super::{Source, Target};

/// Leaves out each folder that equals an earlier one; gives back how many.
pub(super) fn leave_out(targets: &mut Vec<Target>) -> usize {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, target) in targets.iter().enumerate() {
        // A copy with blind spots of its own stays: they belong to its place.
        if let (Source::Folder { root, .. }, true) = (&target.source, target.issues.is_empty() && !target.named) {
            groups.entry(installed_name(root)).or_default().push(index);
        }
    }
    let mut copy = vec![false; targets.len()];
    for mut group in groups.into_values().filter(|group| group.len() > 1) {
        group.sort_by_key(|index| (targets[*index].path.matches('/').count(), targets[*index].path.clone()));
        let mut originals: Vec<usize> = Vec::new();
        for index in group {
            if originals
                .iter()
                .any(|original| same(&targets[*original], &targets[index]))
            {
                copy[index] = true;
            } else {
                originals.push(index);
            }
        }
    }
    let before = targets.len();
    let mut index = 0;
    targets.retain(|_| {
        index += 1;
        !copy[index - 1]
    });
    before - targets.len()
}

/// The name a folder is installed under: two copies of one version share it.
fn installed_name(root: &Path) -> String {
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let scope = root
        .parent()
        .and_then(Path::file_name)
        .filter(|name| name.as_encoded_bytes().starts_with(b"@"));
    format!("{}/{name}", scope.map(OsStr::to_string_lossy).unwrap_or_default())
}

fn same(one: &Target, other: &Target) -> bool {
    let (Source::Folder { root: a, files }, Source::Folder { root: b, files: others }) = (&one.source, &other.source)
    else {
        return false;
    };
    if files != others {
        return false;
    }
    // The manifest first: another version differs there.
    let manifest = PathBuf::from("package.json");
    let first = files.contains(&manifest).then_some(&manifest);
    first
        .into_iter()
        .chain(files)
        .all(|file| same_bytes(&a.join(file), &b.join(file)).unwrap_or(false))
}

fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (a, b) = (File::open(a)?, File::open(b)?);
    let (a_is, b_is) = (a.metadata()?, b.metadata()?);
    if a_is.len() != b_is.len() || !a_is.is_file() || !b_is.is_file() {
        return Ok(false);
    }
    if same_inode(&a_is, &b_is) {
        return Ok(true);
    }
    let (mut a, mut b) = (
        BufReader::with_capacity(1 << 16, a),
        BufReader::with_capacity(1 << 16, b),
    );
    let (mut left, mut right) = ([0; 1 << 14], [0; 1 << 14]);
    loop {
        let count = a.read(&mut left)?;
        if count == 0 {
            return Ok(b.read(&mut right[..1])? == 0);
        }
        if b.read_exact(&mut right[..count]).is_err() || left[..count] != right[..count] {
            return Ok(false);
        }
    }
}

#[cfg(unix)]
fn same_inode(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same_inode(_: &std::fs::Metadata, _: &std::fs::Metadata) -> bool {
    false
}

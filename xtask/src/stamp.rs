//! Skips a step when nothing it reads has changed since it last succeeded.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::shell::{root, write_file};

/// What a step reads, as one hash, and where the hash of its last success is kept.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// The stamp of the step that keeps it in `file` and reads these files, folders (all files below them) and words.
    pub(crate) fn new(file: PathBuf, inputs: &[PathBuf], words: &[&str]) -> Result<Self> {
        let mut hasher = Sha256::new();
        for word in words {
            hasher.update(word);
            hasher.update([0]);
        }
        let mut files = Vec::new();
        for input in inputs {
            list(input, &mut files)?;
        }
        files.sort();
        for path in files {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.strip_prefix(root()).unwrap_or(&path);
            hasher.update(name.to_string_lossy().as_bytes());
            hasher.update(bytes.len().to_le_bytes());
            hasher.update(bytes);
        }
        let hash = format!("{:x}", hasher.finalize());
        Ok(Self { file, hash })
    }

    /// Whether the step succeeded with exactly these inputs and everything it made is still there.
    pub(crate) fn is_fresh(&self, outputs: &[PathBuf]) -> bool {
        outputs.iter().all(|path| path.exists()) && fs::read_to_string(&self.file).is_ok_and(|old| old == self.hash)
    }

    /// Remembers the success.
    pub(crate) fn set(&self) -> Result<()> {
        write_file(&self.file, &self.hash)
    }
}

/// All files at or below a path, in any order; installed packages and build results are nobody's input.
pub(crate) fn list(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        if path.exists() {
            files.push(path.to_owned());
        }
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        let path = entry?.path();
        if !path
            .file_name()
            .is_some_and(|name| name == "node_modules" || name == "dist" || name == "target")
        {
            list(&path, files)?;
        }
    }
    Ok(())
}

//! A package's files one by one, whether they lie on disk or in memory.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use importguard::{
    facts::{Content, FileFacts, Form, How, collect},
    package::{File, archive},
    report::{Issue, IssueKind},
};

use super::guard::guarded;
use crate::{
    discover::{Source, Target, is_code_name, reason},
    read,
};

/// Where the bytes of one package are.
enum Files<'a> {
    Disk { root: &'a Path, files: &'a [PathBuf] },
    Memory(Vec<File>),
    Text { name: &'a str, bytes: &'a [u8] },
}

/// An opened package; one that cannot be opened has no files and an issue.
pub(super) struct Opened<'a> {
    files: Files<'a>,
    pub(super) integrity: Option<String>,
    pub(super) issues: Vec<Issue>,
    /// How its files are read at first.
    pub(super) how: How,
    /// It is one file that the user named, not a package.
    pub(super) single: bool,
}

impl<'a> Opened<'a> {
    pub(super) fn new(target: &'a Target) -> Self {
        let files = match &target.source {
            Source::Folder { root, files } => Files::Disk { root, files },
            Source::Text { name, bytes } => Files::Text { name, bytes },
            Source::Archive(path) => match read::whole(path, read::ARCHIVE_LIMIT) {
                Ok(bytes) => return Self::unpacked(&bytes),
                Err(error) => return Self::failed(IssueKind::Unreadable, &reason(&error)),
            },
            Source::ArchiveBytes(bytes) => return Self::unpacked(bytes),
        };
        let mut opened = Self {
            issues: target.issues.clone(),
            ..Self::plain(files)
        };
        opened.single = target.named && opened.len() == 1;
        if opened.single && !is_data_name(&opened.name(0)) {
            opened.how = How::AsCode;
        }
        opened
    }

    fn plain(files: Files<'a>) -> Self {
        Self {
            files,
            integrity: None,
            issues: Vec::new(),
            how: How::ByName,
            single: false,
        }
    }

    fn unpacked(bytes: &[u8]) -> Self {
        match archive::unpack(bytes, &archive::Limits::default()) {
            Ok(package) => {
                let files = Files::Memory(package.files);
                Self {
                    integrity: package.integrity,
                    issues: package.issues,
                    ..Self::plain(files)
                }
            }
            Err(error) => Self::failed(IssueKind::Archive, &error.to_string()),
        }
    }

    fn failed(kind: IssueKind, why: &str) -> Self {
        let message = format!("cannot read it: {why}");
        let issues = vec![Issue {
            kind,
            file: String::new(),
            message,
        }];
        Self {
            issues,
            ..Self::plain(Files::Memory(Vec::new()))
        }
    }

    pub(super) fn len(&self) -> usize {
        match &self.files {
            Files::Disk { files, .. } => files.len(),
            Files::Memory(files) => files.len(),
            Files::Text { .. } => 1,
        }
    }

    /// The path of a file inside the package, `/` between names.
    pub(super) fn name(&self, index: usize) -> String {
        match &self.files {
            Files::Disk { files, .. } => {
                let name = files[index].to_string_lossy();
                if cfg!(windows) {
                    name.replace('\\', "/")
                } else {
                    name.into_owned()
                }
            }
            Files::Memory(files) => files[index].path.clone(),
            Files::Text { name, .. } => (*name).to_owned(),
        }
    }

    /// What the core says of one file; whatever goes wrong with it is an issue.
    pub(super) fn collect(&self, index: usize, how: How) -> Result<(String, FileFacts), Issue> {
        let name = self.name(index);
        let read = |bytes: &[u8], size: u64| {
            let mut facts = guarded(|| collect(&name, bytes, how)).unwrap_or_else(|message| FileFacts {
                bytes: size,
                content: Content::Inert,
                form: Form::Other,
                page: None,
                issues: vec![(IssueKind::Crashed, message)],
            });
            facts.bytes = size;
            let cut = size > bytes.len() as u64 && !matches!(facts.content, Content::Inert);
            if cut && !facts.issues.iter().any(|(kind, _)| *kind == IssueKind::TooLarge) {
                let message = format!("only its first {} MiB were read", read::FILE_LIMIT >> 20);
                facts.issues.push((IssueKind::TooLarge, message));
            }
            facts
        };
        let facts = match &self.files {
            Files::Disk { root, files } => match read::with_file(&root.join(&files[index]), read) {
                Ok(facts) => facts,
                Err(error) => {
                    let message = format!("cannot read it: {}", reason(&error));
                    return Err(Issue {
                        kind: IssueKind::Unreadable,
                        file: name,
                        message,
                    });
                }
            },
            Files::Memory(files) => read(&files[index].bytes, files[index].bytes.len() as u64),
            Files::Text { bytes, .. } => read(bytes, bytes.len() as u64),
        };
        Ok((name, facts))
    }

    /// The bytes of one file, to show a piece of them.
    pub(super) fn bytes(&self, index: usize) -> Option<Cow<'_, [u8]>> {
        match &self.files {
            Files::Disk { root, files } => {
                read::with_file(&root.join(&files[index]), |bytes, _| Cow::Owned(bytes.to_vec())).ok()
            }
            Files::Memory(files) => Some(Cow::Borrowed(&files[index].bytes)),
            Files::Text { bytes, .. } => Some(Cow::Borrowed(bytes)),
        }
    }
}

/// Whether the name alone tells the core how to read the file.
fn is_data_name(name: &str) -> bool {
    let extension = Path::new(name).extension().unwrap_or_default().to_ascii_lowercase();
    is_code_name(name.as_ref())
        || ["json", "gyp", "gypi", "sh", "node", "wasm", "map"]
            .iter()
            .any(|data| extension == *data)
}

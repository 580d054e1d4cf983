//! How this machine gets a compiler for wasm32-unknown-unknown.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::shell::{apt_install, on_path, program, read, run, step};

/// The compiler's name for WASM without a system interface.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
const DEBIAN_CLIPPY: &str = "/usr/bin/clippy-driver";

/// Which compiler builds for the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Route {
    /// The one in use, with the target's standard library, by rustup if need be.
    Rustup,
    /// Debian's, which builds the target's standard library from its sources.
    Debian,
}

/// What is done with the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Compile.
    Build,
    /// Lint.
    Clippy,
}

impl Route {
    /// The wanted route, or the first that works here; what it needs is installed on the way.
    pub(crate) fn choose(wanted: Option<Self>, task: Task) -> Result<Self> {
        if let Some(route) = wanted {
            return route.prepare(task).map(|()| route);
        }
        if target_installed() || rustup_add() {
            return Ok(Self::Rustup);
        }
        Self::Debian.prepare(task).with_context(|| {
            format!(
                "no compiler for {TARGET}: with rustup, type `rustup target add {TARGET}`; \
                 on Debian, the packages rustc-web and rust-web-src bring one"
            )
        })?;
        Ok(Self::Debian)
    }

    /// Installs what this route needs.
    fn prepare(self, task: Task) -> Result<()> {
        match self {
            Self::Rustup if target_installed() || rustup_add() => Ok(()),
            Self::Rustup => bail!("`rustup target add {TARGET}` failed"),
            Self::Debian => {
                let mut wanted = Vec::new();
                if !Path::new(DEBIAN_RUSTC).exists() || !Path::new(DEBIAN_SOURCES).exists() {
                    wanted.extend(["rustc-web", "rust-web-src"]);
                }
                if task == Task::Clippy && !(Path::new(DEBIAN_CLIPPY).exists() && Path::new(DEBIAN_CARGO).exists()) {
                    wanted.push("rust-web-clippy");
                }
                if wanted.is_empty() {
                    return Ok(());
                }
                apt_install(&wanted, &format!("a compiler for {TARGET} is needed"))
            }
        }
    }

    /// cargo, with the sub-command and everything that makes it compile for the target into a folder of its own.
    pub(crate) fn cargo(self, subcommand: &str, target_dir: &Path) -> Result<Command> {
        let mut command = match self {
            Self::Rustup => crate::shell::cargo(),
            Self::Debian => debian_cargo(subcommand)?,
        };
        command
            .arg(subcommand)
            .args(["--target", TARGET, "--target-dir"])
            .arg(target_dir);
        if self == Self::Debian {
            command.arg("-Zbuild-std=std,panic_abort");
        }
        Ok(command)
    }
}

fn debian_cargo(subcommand: &str) -> Result<Command> {
    // clippy-driver must be the one that belongs to the compiler, and cargo finds it by the PATH.
    let mut command = if subcommand == "clippy" {
        program(DEBIAN_CARGO)
    } else {
        crate::shell::cargo()
    };
    if subcommand == "clippy" {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let dirs = std::iter::once(PathBuf::from("/usr/bin")).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(dirs)?);
    }
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
        command.env_remove(name);
    }
    // The variable only unlocks building the standard library.
    command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?);
    Ok(command)
}

fn linker() -> Result<PathBuf> {
    let sysroot = PathBuf::from(read(program("rustc").args(["--print", "sysroot"]))?.trim());
    let host = read(program("rustc").args(["--print", "host-tuple"]))?;
    let bundled = sysroot.join("lib/rustlib").join(host.trim()).join("bin/rust-lld");
    let choices = [
        Some(bundled),
        on_path("rust-lld"),
        on_path("wasm-ld-19"),
        on_path("wasm-ld"),
    ];
    let found = choices.into_iter().flatten().find(|path| path.is_file());
    found.context("no linker for WASM: rust-lld of a rustup toolchain or wasm-ld of the Debian package lld is needed")
}

fn target_installed() -> bool {
    read(program("rustc").args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|dir| Path::new(dir.trim()).is_dir())
}

fn rustup_add() -> bool {
    if on_path("rustup").is_none() {
        return false;
    }
    let wanted = format!("rustup target add {TARGET}");
    step(&wanted);
    if run(program("rustup").args(["--quiet", "target", "add", TARGET])).is_ok() && target_installed() {
        return true;
    }
    step(&format!("`{wanted}` failed: trying another way"));
    false
}

//! What a folder or file is by its name, its neighbours or its first bytes; and how its path is shown.

use std::{
    ffi::OsStr,
    fs,
    path::{Component, Path},
};

/// The path as the report shows it: `/` between names, no `./` in front, no `/` at the end.
pub(super) fn shown(path: &Path) -> String {
    let mut text = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::RootDir => text.push('/'),
            other => {
                if !text.is_empty() && !text.ends_with('/') {
                    text.push('/');
                }
                text.push_str(&other.as_os_str().to_string_lossy());
            }
        }
    }
    text
}

/// `inner` under the shown path `base`.
pub(super) fn join(base: &str, inner: &Path) -> String {
    let inner = shown(inner);
    match base {
        "" => inner,
        base if base.ends_with('/') => format!("{base}{inner}"),
        base => format!("{base}/{inner}"),
    }
}

/// Whether the folder has a `package.json`.
pub(super) fn has_manifest(dir: &Path) -> bool {
    dir.join("package.json").is_file()
}

/// Whether a folder lies in a `node_modules`, as installed packages do.
pub(super) fn in_node_modules(dir: &Path) -> bool {
    dir.parent()
        .is_some_and(|parent| parent.components().any(|name| name.as_os_str() == "node_modules"))
}

/// Whether the folder is the root of a workspace of several packages.
pub(super) fn is_workspace(dir: &Path) -> bool {
    let listed = || {
        let manifest = fs::read(dir.join("package.json")).ok()?;
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).ok()?;
        Some(manifest.get("workspaces").is_some())
    };
    dir.join("pnpm-workspace.yaml").is_file() || listed().unwrap_or(false)
}

/// Whether a file's name says that it is a tarball.
pub(crate) fn is_archive_name(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    [".tgz", ".tar.gz", ".tar"].iter().any(|end| name.ends_with(end))
}

/// Whether a file's first bytes say that it is a tarball, compressed or not.
pub(super) fn is_archive_start(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b]) || bytes.get(257..262) == Some(b"ustar")
}

/// Whether a file's name says that it is JavaScript or TypeScript.
pub(crate) fn is_code_name(name: &OsStr) -> bool {
    let extension = Path::new(name)
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"].contains(&extension.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_plainly() {
        assert_eq!(shown(Path::new("./a//b/")), "a/b");
        assert_eq!(shown(Path::new("/x/y")), "/x/y");
        assert_eq!(shown(Path::new("../x")), "../x");
        assert_eq!(shown(Path::new(".")), "");
        assert_eq!(join("", Path::new("node_modules")), "node_modules");
        assert_eq!(join("/", Path::new("a")), "/a");
        assert_eq!(join("p", Path::new("a/b")), "p/a/b");
    }

    #[test]
    fn packages_are_known_by_their_place() {
        assert!(in_node_modules(Path::new("/p/node_modules/@s/a")));
        assert!(in_node_modules(Path::new("/p/node_modules/.store/a/package")));
        assert!(!in_node_modules(Path::new("/p/node_modules")));
        assert!(!in_node_modules(Path::new("/p/packages/a")));
    }

    #[test]
    fn tarballs_are_known_by_name_or_content() {
        assert!(is_archive_name(OsStr::new("A-1.0.0.TGZ")));
        assert!(!is_archive_name(OsStr::new("tar.js")));
        assert!(is_archive_start(&[0x1f, 0x8b, 8]));
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert!(is_archive_start(&tar));
        assert!(!is_archive_start(b"module.exports = 1"));
    }
}

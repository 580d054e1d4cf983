//! Addresses at a registry: where a package's document and tarball are, and whose credentials may go there.

/// A registry's address, as npm compares them: scheme and host in lower case, a slash at the end, nothing after it.
/// Nothing for what is no `http:` or `https:` address of a host.
pub fn normal(address: &str) -> Option<String> {
    let (scheme, rest) = address.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(&*scheme, "http" | "https") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    // A name and password in the address would end up in messages; npm has had its own keys for them since version 2.
    let host = host.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    if host.is_empty() || !host.bytes().all(valid) {
        return None;
    }
    let path = path.trim_matches('/');
    let slash = if path.is_empty() { "" } else { "/" };
    Some(format!("{scheme}://{host}{slash}{path}/"))
}

/// Scheme, host and port: `https://host:8080`.
pub fn origin(address: &str) -> &str {
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find('/').map_or(address.len(), |at| start + at);
    &address[..end]
}

/// Host and port: what a person calls a registry.
pub fn host(address: &str) -> &str {
    let origin = origin(address);
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// The document of a package: every version, who published it and when.
pub fn packument(registry: &str, name: &str) -> String {
    format!("{registry}{}", name.replacen('/', "%2f", 1))
}

/// The keys that a registry signs with.
pub fn keys(registry: &str) -> String {
    format!("{registry}-/npm/v1/keys")
}

/// Where to ask for a tarball.
///
/// A mirror often passes on documents in which the address of another registry stands. Those who configured a mirror mean
/// it, so a tarball's address of the usual form is taken from the configured registry; what is fetched is checked against
/// its integrity wherever it comes from.
pub fn tarball(registry: &str, name: &str, given: &str) -> String {
    if origin(given) == origin(registry) {
        return given.to_owned();
    }
    let usual = format!("/{name}/-/");
    match given.find(&usual) {
        Some(at) => format!("{registry}{}", &given[at + 1..]),
        None => given.to_owned(),
    }
}

/// The key under which npm keeps the credentials of an address: `//host/path/`.
pub(super) fn nerf_dart(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let folder = rest.rfind('/').map_or(rest, |at| &rest[..at]);
    format!("//{folder}/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_one_way() {
        let cases = [
            (
                " HTTPS://Registry.Example.invalid ",
                Some("https://registry.example.invalid/"),
            ),
            ("http://localhost:4873/npm//", Some("http://localhost:4873/npm/")),
            (
                "https://me:secret@host.example.invalid/a?b#c",
                Some("https://host.example.invalid/a/"),
            ),
            ("https://[::1]:80/", Some("https://[::1]:80/")),
            ("file:///etc", None),
            ("https:///x", None),
            ("https://a b/", None),
            ("registry.example.invalid", None),
        ];
        for (given, expected) in cases {
            assert_eq!(normal(given).as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn a_mirror_is_asked_for_tarballs_too() {
        let mirror = "http://localhost:4873/npm/";
        let ask = |given| tarball(mirror, "@a/b", given);
        assert_eq!(
            ask("https://registry.example.invalid/@a/b/-/b-1.0.0.tgz"),
            "http://localhost:4873/npm/@a/b/-/b-1.0.0.tgz"
        );
        assert_eq!(
            ask("http://localhost:4873/files/b.tgz"),
            "http://localhost:4873/files/b.tgz"
        );
        assert_eq!(
            ask("https://cdn.example.invalid/b.tgz"),
            "https://cdn.example.invalid/b.tgz"
        );
        assert_eq!(packument(mirror, "@a/b"), "http://localhost:4873/npm/@a%2fb");
        assert_eq!(nerf_dart("https://h.example.invalid/npm/x"), "//h.example.invalid/npm/");
    }
}

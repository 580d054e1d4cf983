//! Which hosts are good for hiding behind: places that anybody may write to or read from, without a name.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::read::lines;

/// What a host is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HostKind {
    /// A public address without a name.
    Address,
    /// A chat's bot.
    Bot,
    /// Shows what was sent to it, for tests and for thieves.
    Catcher,
    /// The API of a forge.
    Forge,
    /// A blockchain's node or explorer.
    Ledger,
    /// Tells its caller's address or country.
    Locator,
    /// A public note: calendar, gist, post.
    Note,
    /// A hidden service.
    Onion,
    /// Texts or files of anybody.
    Paste,
    /// A mining pool.
    Pool,
    /// Leads to a machine that has no address of its own.
    Tunnel,
    /// Takes messages for a chat.
    Webhook,
}

/// A host of a telling kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TellingHost {
    /// Its kind.
    pub kind: HostKind,
    /// What it is, in words.
    pub what: &'static str,
}

pub(super) const HOSTS: &str = include_str!("hosts.txt");

/// The list, by host name, by first label, and by path.
#[derive(Default)]
struct Known {
    names: FxHashMap<&'static str, (&'static str, TellingHost)>,
    labels: FxHashMap<&'static str, TellingHost>,
    paths: Vec<(&'static str, TellingHost)>,
}

/// What the host of an address, with or without a scheme and a path, is known for.
pub fn telling_host(address: &str) -> Option<TellingHost> {
    let rest = match address.find("://") {
        Some(at) if address[..at].starts_with("stratum") => {
            return Some(TellingHost {
                kind: HostKind::Pool,
                what: "a mining pool",
            });
        }
        Some(at) => &address[at + 3..],
        None => address,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    // The longest name there is.
    let mut lower = [0; 253];
    let lower = lower.get_mut(..host.len())?;
    lower.copy_from_slice(host.as_bytes());
    lower.make_ascii_lowercase();
    named(std::str::from_utf8(lower).ok()?, path)
}

fn named(host: &str, path: &str) -> Option<TellingHost> {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    let known = KNOWN.get_or_init(read);
    if !host.contains('.') || host.starts_with('.') {
        return None;
    }
    if is_public_address(host) {
        return Some(TellingHost {
            kind: HostKind::Address,
            what: "an address without a name",
        });
    }
    if host.split('.').any(|label| label == "onion") {
        return Some(TellingHost {
            kind: HostKind::Onion,
            what: "a hidden service",
        });
    }
    let mut rest = host;
    loop {
        if let Some((begins, found)) = known.names.get(rest)
            && path.starts_with(begins)
        {
            return Some(*found);
        }
        match rest.split_once('.') {
            Some((_, parent)) => rest = parent,
            None => break,
        }
    }
    let label = host.split('.').next().and_then(|label| known.labels.get(label));
    label.copied().or_else(|| {
        let begins = |(begins, _): &&(&str, TellingHost)| path.starts_with(begins);
        known.paths.iter().find(begins).map(|(_, found)| *found)
    })
}

/// Name servers that everybody may ask.
const RESOLVERS: [&str; 5] = ["1.0.0.1", "1.1.1.1", "8.8.4.4", "8.8.8.8", "9.9.9.9"];

/// Four numbers that are no address of a private network, of this machine or of none.
fn is_public_address(host: &str) -> bool {
    let mut parts = host.split('.').map(|part| part.parse::<u8>().ok());
    let (Some(Some(first)), Some(Some(second)), Some(Some(_)), Some(Some(_)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let private = match first {
        0 | 10 | 127 => true,
        169 => second == 254,
        172 => (16..32).contains(&second),
        192 => second == 168,
        first => first >= 224,
    };
    !private && !RESOLVERS.contains(&host)
}

fn read() -> Known {
    let mut known = Known::default();
    for line in lines(HOSTS) {
        let mut fields = line.splitn(3, ": ");
        let (Some(kind), Some(host), Some(what)) = (fields.next(), fields.next(), fields.next()) else {
            debug_assert!(false, "hosts.txt: `{line}` is not `kind: host: what`");
            continue;
        };
        let Some(kind) = kind_named(kind) else {
            debug_assert!(false, "hosts.txt: unknown kind in `{line}`");
            continue;
        };
        let found = TellingHost { kind, what };
        let (name, path) = host.split_at(host.find('/').unwrap_or(host.len()));
        if name == "*" {
            known.paths.push((path, found));
        } else if let Some(label) = name.strip_suffix(".*") {
            known.labels.insert(label, found);
        } else {
            known.names.insert(name, (path, found));
        }
    }
    known
}

fn kind_named(name: &str) -> Option<HostKind> {
    Some(match name {
        "bot" => HostKind::Bot,
        "catcher" => HostKind::Catcher,
        "forge" => HostKind::Forge,
        "ledger" => HostKind::Ledger,
        "locator" => HostKind::Locator,
        "note" => HostKind::Note,
        "paste" => HostKind::Paste,
        "pool" => HostKind::Pool,
        "tunnel" => HostKind::Tunnel,
        "webhook" => HostKind::Webhook,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(address: &str) -> Option<HostKind> {
        telling_host(address).map(|found| found.kind)
    }

    #[test]
    fn the_list_is_understood_and_named_once() {
        let known = read();
        let count = lines(HOSTS).count();
        assert_eq!(known.names.len() + known.labels.len() + known.paths.len(), count);
    }

    #[test]
    fn hosts_are_told_by_name_label_and_path() {
        assert_eq!(
            kind("https://user@api.telegram.org:443/bot1:x/sendMessage"),
            Some(HostKind::Bot)
        );
        assert_eq!(kind("eu1.oast.fun"), Some(HostKind::Catcher));
        assert_eq!(kind("https://discord.com/api/webhooks/1/x"), Some(HostKind::Webhook));
        assert_eq!(kind("https://discord.com/invite/x"), None);
        assert_eq!(kind("https://pastebin.example.invalid/raw/x"), Some(HostKind::Paste));
        assert_eq!(
            kind("https://chat.example.invalid/api/webhooks/1/x"),
            Some(HostKind::Webhook)
        );
        assert_eq!(kind("https://notpastebin.com/"), None);
        assert_eq!(kind("stratum+tcp://pool.example.invalid:3333"), Some(HostKind::Pool));
        assert_eq!(kind("http://EXAMPLEEXAMPLE.onion/"), Some(HostKind::Onion));
    }

    #[test]
    fn only_public_addresses_count() {
        assert_eq!(kind("http://192.0.2.7:8080/x"), Some(HostKind::Address));
        for private in [
            "127.0.0.1",
            "http://10.0.0.1/",
            "192.168.1.1:80",
            "172.16.0.1",
            "0.0.0.0",
            "255.255.255.255",
        ] {
            assert_eq!(kind(private), None, "{private}");
        }
        assert_eq!(kind("1.2.3"), None);
    }
}

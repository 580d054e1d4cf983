//! A page of markup in a package: what it asks a person for, and where that goes.

use serde::{Deserialize, Serialize};

use super::{capability::Capability, layers, read};
use crate::span::{LineIndex, Range, Span};

/// Longer pages are not looked at.
const MAX_PAGE: usize = 512 * 1024;
/// How many scripts of a page are read, and how many places are told.
const MAX_SCRIPTS: usize = 8;
const MAX_TOLD: usize = 16;

/// What a page asks for and sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Where a password is asked for.
    pub password: Option<Range>,
    /// Where forms send what is filled in, by the addresses in their tags.
    pub forms: Vec<(String, Range)>,
    /// Where the page itself leads on to, without a click.
    pub leads: Vec<(String, Range)>,
    /// The APIs of its scripts that reach the network or lead on, and the addresses that they are given.
    pub sends: Vec<(String, String)>,
}

/// What a page says; nothing if it asks for nothing and leads nowhere.
pub(super) fn page(bytes: &[u8]) -> Option<Box<Page>> {
    if bytes.len() > MAX_PAGE {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let lower = text.to_ascii_lowercase();
    let lines = LineIndex::new(text);
    let mut page = Page::default();
    for (at, _) in lower.match_indices('<') {
        let rest = &lower[at..];
        let wanted = ["<input", "<form", "<meta"].iter().any(|tag| rest.starts_with(tag));
        let Some(end) = rest.find('>').filter(|_| wanted) else {
            continue;
        };
        let range = lines.range(Span::new(at as u32, (at + end + 1) as u32));
        let (tag, source) = (&rest[..end], &text[at..at + end]);
        let told = page.forms.len() + page.leads.len();
        if tag.starts_with("<input") && attribute(tag, source, "type") == Some("password") {
            page.password.get_or_insert(range);
        } else if tag.starts_with("<form") && told < MAX_TOLD {
            let action = attribute(tag, source, "action").unwrap_or_default();
            page.forms.push((action.to_owned(), range));
        } else if tag.contains("refresh") && told < MAX_TOLD {
            let content = attribute(tag, source, "content").unwrap_or_default();
            if let Some((_, url)) = content.split_once('=') {
                page.leads.push((url.trim().to_owned(), range));
            }
        }
    }
    if page.password.is_some() || !page.forms.is_empty() || !page.leads.is_empty() {
        for script in layers::scripts(text).iter().take(MAX_SCRIPTS) {
            page.sends.extend(sends(script));
        }
    }
    (page != Page::default()).then(|| Box::new(page))
}

fn sends(script: &str) -> Vec<(String, String)> {
    let facts = read::module("page.js", script, 1, &mut Vec::new());
    let uses = facts.uses.into_iter();
    let uses = uses.filter(|used| used.capability == Capability::Network);
    uses.flat_map(|used| {
        let api = used.api;
        used.arguments.hosts.into_iter().map(move |host| (api.clone(), host))
    })
    .take(MAX_TOLD)
    .collect()
}

/// An attribute's value: found in the tag in lower case, taken from the tag as it is written.
fn attribute<'t>(tag: &str, source: &'t str, name: &str) -> Option<&'t str> {
    let found = tag.match_indices(name).find(|(at, _)| {
        let after = tag[at + name.len()..].trim_start();
        tag[..*at].ends_with(char::is_whitespace) && after.starts_with('=')
    });
    let rest = source.get(found?.0..)?;
    let value = rest.split_once('=')?.1.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split(char::is_whitespace).next(),
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_page_tells_what_it_asks_for_and_where_that_goes() {
        let found = page(
            b"<FORM method=post action='https://a.example.invalid/x'><input name=type TYPE=\"password\"></FORM>
            <meta http-equiv=refresh content='0; url=https://b.example.invalid/'>
            <script>fetch('https://c.example.invalid/')</script>",
        )
        .unwrap();
        assert_eq!(found.forms[0].0, "https://a.example.invalid/x");
        assert_eq!(found.leads[0].0, "https://b.example.invalid/");
        assert_eq!(
            found.sends,
            [("fetch".to_owned(), "https://c.example.invalid/".to_owned())]
        );
        assert_eq!(found.password.map(|at| at.start.character), Some(55));
        assert!(page(b"<h1>Guide</h1><script>fetch('/x')</script><input type=text>").is_none());
    }
}

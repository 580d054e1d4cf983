//! Scripts in markup, in attributes and in URLs that carry what they name.

/// The code that markup holds: script elements, handlers, `javascript:` URLs.
pub(in crate::facts) fn scripts(markup: &str) -> Vec<String> {
    let mut out = Vec::new();
    let lower = markup.to_ascii_lowercase();
    let mut at = 0;
    while let Some(open) = lower.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + open + 1;
        let Some(rest) = lower.get(start..) else { break };
        let end = start + tag_end(rest);
        let (tag, source) = (&lower[start..end], &markup[start..end]);
        attributes(tag, source, &mut out);
        at = end;
        if tag.starts_with("script") && !tag[6..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            let closing = lower[end..].find("</script").map_or(lower.len(), |found| end + found);
            let body = markup.get(end..closing).unwrap_or_default().trim_start_matches('>');
            if !tag.contains("json") && !body.trim().is_empty() {
                out.push(body.to_owned());
            }
            at = closing;
        }
        if out.len() >= super::MAX_INNER {
            break;
        }
    }
    out
}

/// Where a tag ends: at `>` outside quotes.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    rest.len()
}

/// The handlers and script URLs among a tag's attributes.
fn attributes(tag: &str, source: &str, out: &mut Vec<String>) {
    let mut at = 0;
    while let Some(equals) = tag.get(at..).and_then(|rest| rest.find('=')) {
        let equals = at + equals;
        let before = tag[at..equals].trim_end();
        let name = before
            .rsplit([' ', '\t', '\n', '\r', '/', '"', '\''])
            .next()
            .unwrap_or_default();
        let rest = &source[equals + 1..];
        let blank = rest.len() - rest.trim_start().len();
        let rest = &rest[blank..];
        let (value, length) = if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
            let value = rest[1..].split(quote).next().unwrap_or_default();
            (value, value.len() + 2)
        } else {
            let value = rest.split(char::is_whitespace).next().unwrap_or_default();
            (value, value.len())
        };
        if name.len() > 2 && name.starts_with("on") {
            out.push(entities(value));
        } else if matches!(name, "href" | "src" | "action" | "formaction" | "data") {
            out.extend(code_of_url(&entities(value)));
        } else if name == "srcdoc" {
            out.extend(scripts(&entities(value)));
        }
        at = (equals + 1 + blank + length).min(tag.len());
        while !tag.is_char_boundary(at) {
            at += 1;
        }
    }
}

/// The characters that markup has to write as entities inside an attribute.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// The code that a URL carries: `javascript:…`, `data:text/javascript,…`, the scripts of `data:text/html,…`.
pub(super) fn code_of_url(url: &str) -> Vec<String> {
    let url = url.trim_start();
    if let Some(code) = scheme(url, "javascript:") {
        return vec![percent(code)];
    }
    match data_url(url) {
        Some((mime, text)) if is_code(&mime) => vec![text],
        Some((mime, text)) if mime == "text/html" => scripts(&text),
        _ => Vec::new(),
    }
}

/// Whether the URL hides its code by an encoding.
pub(super) fn is_encoded(url: &str) -> bool {
    let head = url.split(',').next().unwrap_or_default();
    scheme(url.trim_start(), "data:").is_some() && head.len() < 128 && head.contains(";base64")
}

fn is_code(mime: &str) -> bool {
    mime.contains("javascript") || mime.contains("ecmascript") || mime.contains("typescript")
}

fn scheme<'t>(url: &'t str, scheme: &str) -> Option<&'t str> {
    let head = url.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| &url[scheme.len()..])
}

/// The type and content of a `data:` URL.
fn data_url(url: &str) -> Option<(String, String)> {
    let (head, body) = scheme(url, "data:")?.split_once(',')?;
    let mut head = head.split(';');
    let mime = head.next().unwrap_or_default().trim().to_ascii_lowercase();
    let text = if head.any(|part| part.trim().eq_ignore_ascii_case("base64")) {
        String::from_utf8_lossy(&crate::facts::fold::base64(&percent(body))?).into_owned()
    } else {
        percent(body)
    };
    Some((mime, text))
}

/// Undoes percent encoding.
fn percent(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, digit(at + 1), digit(at + 2)) {
            out.push((high * 16 + low) as u8);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

//! What commands print that only turn text into text: `echo`, `printf`, `base64 -d`, `rev`, `tr`, …

use base64::Engine as _;

/// A text that is wholly known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The text.
    pub text: String,
    /// The command that decoded it, if one did.
    pub decoder: Option<&'static str>,
}

/// Commands that hand on what they read, changed in a way that is of no matter or not followed.
const FILTERS: [&str; 32] = [
    "awk", "base32", "base64", "bzip2", "cat", "cut", "dd", "fold", "gawk", "grep", "gunzip", "gzip", "head",
    "hexdump", "iconv", "jq", "od", "openssl", "paste", "perl", "rev", "sed", "sort", "strings", "tac", "tail", "tee",
    "tr", "uniq", "xargs", "xxd", "zcat",
];

/// Whether a program hands on what it reads.
pub fn is_filter(program: &str) -> bool {
    FILTERS.contains(&program)
}

/// The command that makes readable text out of its input, by its name and options.
pub fn decoder(program: &str, arguments: &[String]) -> Option<&'static str> {
    let has = |options: &[&str]| arguments.iter().any(|word| options.contains(&word.as_str()));
    match program {
        "base64" if has(&["-d", "-D", "--decode", "-di", "-id"]) => Some("base64 -d"),
        "base32" if has(&["-d", "--decode"]) => Some("base32 -d"),
        "openssl" if has(&["-d"]) => Some("openssl -d"),
        "xxd" if arguments.iter().any(|word| word.starts_with('-') && word.contains('r')) => Some("xxd -r"),
        "gunzip" | "zcat" => Some("gunzip"),
        "gzip" if has(&["-d", "-dc", "-cd", "--decompress"]) => Some("gunzip"),
        "rev" => Some("rev"),
        "certutil" if arguments.iter().any(|word| word.eq_ignore_ascii_case("-decode")) => Some("certutil -decode"),
        _ => None,
    }
}

/// What a command prints, given its arguments and its input; `None` if that cannot be told.
pub(super) fn printed(program: &str, arguments: &[String], input: Option<&Known>) -> Option<Known> {
    let from = |text: String, decoder: Option<&'static str>| {
        let decoder = decoder.or_else(|| input.and_then(|known| known.decoder));
        Some(Known { text, decoder })
    };
    match program {
        "echo" => {
            let options = arguments
                .iter()
                .take_while(|word| {
                    word.len() > 1 && word.starts_with('-') && word[1..].chars().all(|c| "neE".contains(c))
                })
                .count();
            let text = arguments.get(options..)?.join(" ");
            let escapes = arguments.iter().take(options).any(|word| word.contains('e'));
            let whole = !text.contains(super::GAP);
            let decoder = (escapes && text.contains("\\x")).then_some("echo -e");
            let text = if escapes { unescape(&text) } else { text };
            whole.then_some(Known {
                text: text + "\n",
                decoder,
            })
        }
        "printf" => printf(arguments),
        "cat" | "tee" if arguments.iter().all(|word| word == "-") => from(input?.text.clone(), None),
        "base64" | "openssl" => {
            let decoder = decoder(program, arguments)?;
            if program == "openssl"
                && !arguments
                    .iter()
                    .any(|word| matches!(word.as_str(), "base64" | "-base64" | "-a"))
            {
                return None;
            }
            from(base64(&input?.text)?, Some(decoder))
        }
        "xxd" => {
            let decoder = decoder(program, arguments)?;
            arguments
                .iter()
                .any(|word| word.starts_with('-') && word.contains('p'))
                .then_some(())?;
            from(hex(&input?.text)?, Some(decoder))
        }
        "rev" => {
            let lines = input?
                .text
                .lines()
                .map(|line| line.chars().rev().collect::<String>() + "\n");
            from(lines.collect(), Some("rev"))
        }
        "tr" => from(translate(&input?.text, arguments)?, Some("tr")),
        _ => None,
    }
}

/// Decodes base64 of either alphabet to text.
fn base64(text: &str) -> Option<String> {
    bytes(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let cleaned: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '=')
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    let engine = base64::engine::general_purpose::STANDARD_NO_PAD;
    engine.decode(&cleaned).ok().filter(|bytes| !bytes.is_empty())
}

/// What PowerShell's `-EncodedCommand` stands for: base64 of UTF-16.
pub(super) fn wide(text: &str) -> Option<String> {
    let bytes = bytes(text)?;
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    Some(String::from_utf16_lossy(&units))
}

fn hex(text: &str) -> Option<String> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| (pair[0] * 16 + pair[1]) as u8)
        .collect();
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn printf(arguments: &[String]) -> Option<Known> {
    let (format, mut rest) = arguments.split_first()?;
    if arguments.iter().any(|word| word.contains(super::GAP)) {
        return None;
    }
    let decoder = arguments.iter().any(|word| word.contains("\\x")).then_some("printf");
    let mut text = String::new();
    loop {
        let before = rest.len();
        let mut pieces = format.split('%');
        text.push_str(&unescape(pieces.next().unwrap_or_default()));
        let mut literal = false;
        for piece in pieces {
            let mut take = || {
                let (first, others) = rest.split_first()?;
                rest = others;
                Some(first)
            };
            match piece.chars().next() {
                _ if literal => {
                    literal = false;
                    text.push_str(&unescape(piece));
                    continue;
                }
                None => {
                    literal = true;
                    text.push('%');
                    continue;
                }
                Some('s') => text.push_str(take().map_or("", String::as_str)),
                Some('b') => text.push_str(&unescape(take().map_or("", String::as_str))),
                Some(_) => return None,
            }
            text.push_str(&unescape(piece.get(1..).unwrap_or_default()));
        }
        // The format is used again as long as there are arguments.
        if rest.is_empty() || rest.len() == before || text.len() > super::MAX_TEXT {
            return Some(Known { text, decoder });
        }
    }
}

/// Replaces the escapes of C: `\n`, `\x41`, `\101`, `\u0041`.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            bytes.push(b'\\');
            break;
        };
        let (digits, base, skip) = match c {
            'x' => (2, 16, 1),
            'u' => (4, 16, 1),
            '0'..='7' => (if c == '0' { 4 } else { 3 }, 8, 0),
            _ => (0, 0, 0),
        };
        if digits > 0 {
            let tail = rest.get(skip..).unwrap_or_default();
            let length = tail
                .bytes()
                .take(digits)
                .take_while(|b| char::from(*b).is_digit(base))
                .count();
            let number = u32::from_str_radix(&tail[..length], base)
                .ok()
                .and_then(|number| match base {
                    8 => Some(char::from(number as u8)),
                    _ => char::from_u32(number),
                });
            if let Some(number) = number {
                match u8::try_from(u32::from(number)) {
                    Ok(byte) => bytes.push(byte),
                    Err(_) => bytes.extend_from_slice(number.to_string().as_bytes()),
                }
                rest = &tail[length..];
                continue;
            }
        }
        rest = &rest[c.len_utf8()..];
        match c {
            'n' => bytes.push(b'\n'),
            't' => bytes.push(b'\t'),
            'r' => bytes.push(b'\r'),
            'e' => bytes.push(0x1b),
            '\\' | '\'' | '"' => bytes.push(c as u8),
            other => {
                bytes.push(b'\\');
                bytes.extend_from_slice(other.to_string().as_bytes());
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `tr a-z n-za-m`, `tr -d ' '`.
fn translate(text: &str, arguments: &[String]) -> Option<String> {
    match arguments {
        [option, set] if option == "-d" => {
            let set = characters(set)?;
            Some(text.chars().filter(|c| !set.contains(c)).collect())
        }
        [from, to] if !from.starts_with('-') => {
            let (from, to) = (characters(from)?, characters(to)?);
            let last = *to.last()?;
            let change = |c: char| match from.iter().position(|known| *known == c) {
                Some(at) => to.get(at).copied().unwrap_or(last),
                None => c,
            };
            Some(text.chars().map(change).collect())
        }
        _ => None,
    }
}

/// The characters of a set with ranges.
fn characters(set: &str) -> Option<Vec<char>> {
    let set: Vec<char> = unescape(set).chars().collect();
    if set.len() > 128 || set.first() == Some(&'[') {
        return None;
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&first) = set.get(at) {
        if let (Some('-'), Some(&last)) = (set.get(at + 1), set.get(at + 2)) {
            if u32::from(last).saturating_sub(u32::from(first)) > 128 {
                return None;
            }
            out.extend(first..=last);
            at += 3;
        } else {
            out.push(first);
            at += 1;
        }
    }
    Some(out)
}

//! The Markdown of our own rule pages as text for a terminal.

use importguard::report::text::{Paint, wrap};

/// Text wider than this tires the eye.
const MEASURE: usize = 88;

/// Headings, paragraphs, lists, fenced code, and in them code, strong text and links.
pub(crate) fn render(page: &str, paint: Paint, width: usize) -> String {
    let mut out = String::new();
    let mut paragraph = Paragraph::default();
    let width = width.min(MEASURE);
    let mut fenced = false;
    for line in page.lines() {
        let trimmed = line.trim();
        if let Some(info) = trimmed.strip_prefix("```") {
            paragraph.flush(&mut out, paint, width);
            fenced = !fenced;
            let label = caption(info);
            if fenced && !label.is_empty() {
                out.push_str(&paint.dim(&format!("    {label}")));
                out.push('\n');
            } else if !fenced {
                out.push('\n');
            }
        } else if fenced {
            out.push_str(&paint.code(&format!("    {line}")));
            out.push('\n');
        } else if trimmed.is_empty() {
            paragraph.flush(&mut out, paint, width);
        } else if trimmed.starts_with('#') {
            paragraph.flush(&mut out, paint, width);
            out.push_str(&paint.heading(trimmed.trim_start_matches('#').trim()));
            out.push_str("\n\n");
        } else if let Some((mark, text)) = item(trimmed) {
            paragraph.flush_tight(&mut out, paint, width);
            paragraph.start(mark, text);
        } else {
            paragraph.add(trimmed);
        }
    }
    paragraph.flush(&mut out, paint, width);
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

/// What the tags of a fenced block mean to a reader.
fn caption(info: &str) -> String {
    let mut words = info.split_whitespace();
    let language = words.next().unwrap_or_default();
    let mut parts = Vec::new();
    for word in words {
        match word {
            "bad" => parts.push("reported:".to_owned()),
            "ok" => parts.push("not reported:".to_owned()),
            other => parts.push(other.strip_prefix("file=").unwrap_or(other).to_owned()),
        }
    }
    if parts.is_empty() {
        language.to_owned()
    } else {
        parts.join(" ")
    }
}

/// A list item's mark and text.
fn item(line: &str) -> Option<(&str, &str)> {
    if let Some(text) = line.strip_prefix("* ").or_else(|| line.strip_prefix("- ")) {
        return Some(("•", text));
    }
    let (number, text) = line.split_once(". ")?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (&line[..=number.len()], text))
}

/// Lines that belong together, until they are wrapped.
#[derive(Default)]
struct Paragraph {
    mark: String,
    text: String,
}

impl Paragraph {
    fn start(&mut self, mark: &str, text: &str) {
        mark.clone_into(&mut self.mark);
        text.clone_into(&mut self.text);
    }

    fn add(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(text);
    }

    /// Writes it and an empty line.
    fn flush(&mut self, out: &mut String, paint: Paint, width: usize) {
        if !self.text.is_empty() {
            self.flush_tight(out, paint, width);
            out.push('\n');
        }
    }

    /// Writes it; items of a list follow each other closely.
    fn flush_tight(&mut self, out: &mut String, paint: Paint, width: usize) {
        if self.text.is_empty() {
            return;
        }
        let indent = if self.mark.is_empty() {
            0
        } else {
            self.mark.chars().count() + 3
        };
        let text = links(&self.text);
        let mut code = false;
        for (index, line) in wrap(&text, width - indent).iter().enumerate() {
            let mark = if index == 0 && indent > 0 {
                format!("  {} ", self.mark)
            } else {
                " ".repeat(indent)
            };
            out.push_str(&mark);
            out.push_str(&styled(line, paint, &mut code));
            out.push('\n');
        }
        *self = Self::default();
    }
}

/// `[text](address)` as `text (address)`; an address that only repeats the text is dropped.
fn links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let link = rest[open..].split_once("](").and_then(|(label, after)| {
            let (address, after) = after.split_once(')')?;
            (!label[1..].contains(['[', ']'])).then_some((&label[1..], address, after))
        });
        let Some((label, address, after)) = link else {
            out.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
            continue;
        };
        out.push_str(&rest[..open]);
        out.push_str(label);
        if address != label && address.contains("://") {
            out.extend([" (", address, ")"]);
        }
        rest = after;
    }
    out + rest
}

/// Code between backticks, which may go on over a line's end; strong text within a line.
fn styled(line: &str, paint: Paint, code: &mut bool) -> String {
    let mut out = String::new();
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            *code = !*code;
        }
        if *code {
            out.push_str(&paint.code(part));
            continue;
        }
        for (index, piece) in part.split("**").enumerate() {
            out.push_str(&if index % 2 == 1 {
                paint.bold(piece)
            } else {
                piece.to_owned()
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# dynamic code\n\nCode made from a `string`\nat **run time**.\n\n## Why\n\n* one [page](https://example.invalid/p)\n* two\n\n1. first\n\n```js bad\neval(x)\n```\n\n```json ok file=package.json\n{}\n```\n";

    #[test]
    fn a_page_reads_well_without_colour() {
        let expected = "dynamic code\n\nCode made from a string at run time.\n\nWhy\n\n  • one page (https://example.invalid/p)\n  • two\n\n  1. first\n\n    reported:\n    eval(x)\n\n    not reported: package.json\n    {}\n";
        assert_eq!(render(PAGE, Paint::new(false), 80), expected);
    }

    #[test]
    fn colour_adds_nothing_but_styles() {
        let colored = render(PAGE, Paint::new(true), 80);
        assert_eq!(
            anstream::adapter::strip_str(&colored).to_string(),
            render(PAGE, Paint::new(false), 80)
        );
    }

    #[test]
    fn brackets_that_are_no_links_stay() {
        assert_eq!(links("a[0] and [x](y) [z"), "a[0] and x [z");
    }
}

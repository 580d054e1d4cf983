//! Colours, or none; and lines that fit.

use anstyle::{AnsiColor, Style};

use super::{Severity, clean::width};

/// Puts styles around text if colours are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    color: bool,
}

impl Paint {
    /// A painter; without `color` it leaves text as it is.
    pub fn new(color: bool) -> Self {
        Self { color }
    }

    /// Strong.
    pub fn bold(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    /// In the background.
    pub fn dim(self, text: &str) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    /// Lines and numbers around a source.
    pub fn frame(self, text: &str) -> String {
        self.styled(AnsiColor::Blue.on_default().bold(), text)
    }

    /// A heading.
    pub fn heading(self, text: &str) -> String {
        self.styled(AnsiColor::Cyan.on_default().bold(), text)
    }

    /// Code, a command, a name to type.
    pub fn code(self, text: &str) -> String {
        self.styled(AnsiColor::Cyan.on_default(), text)
    }

    /// Good news.
    pub fn good(self, text: &str) -> String {
        self.styled(AnsiColor::Green.on_default(), text)
    }

    /// In the colour of a severity.
    pub fn severity(self, severity: Severity, text: &str) -> String {
        let color = match severity {
            Severity::Critical | Severity::High => AnsiColor::BrightRed,
            Severity::Medium => AnsiColor::Yellow,
            Severity::Low => AnsiColor::Cyan,
            Severity::Info => AnsiColor::Green,
        };
        self.styled(color.on_default().bold(), text)
    }

    fn styled(self, style: Style, text: &str) -> String {
        if self.color && !text.trim().is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// Breaks harmless text at spaces into lines of at most `columns`; a longer word gets a line of its own.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = width(word);
        if used > 0 && used + 1 + wide > columns {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += wide;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-very-long-word b", 4), ["a-very-long-word", "b"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn without_colour_text_stays_as_it_is() {
        assert_eq!(Paint::new(false).severity(Severity::High, "x"), "x");
        assert!(Paint::new(true).bold("x").starts_with('\u{1b}'));
    }
}

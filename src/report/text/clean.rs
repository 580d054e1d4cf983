//! Text from packages, made harmless and visible for a terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// One line in which every control, invisible or reordering character is visible instead of effective.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        push(character, &mut out);
    }
    out
}

/// Appends a harmless form of the character; gives back the columns it takes.
pub(super) fn push(character: char, out: &mut String) -> usize {
    match character {
        '\t' => {
            out.push_str("    ");
            4
        }
        '\0'..='\u{1f}' => {
            out.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'));
            1
        }
        '\u{7f}' => {
            out.push('\u{2421}');
            1
        }
        _ if is_hidden(character) => {
            let before = out.len();
            // Writing to a string cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(character));
            out.len() - before
        }
        _ => {
            out.push(character);
            character.width().unwrap_or(0)
        }
    }
}

/// Columns of a text that is harmless already.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

/// Characters that a terminal obeys, drops or uses to reorder their neighbours.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_obeys_survives() {
        assert_eq!(one_line("a\u{1b}[31mb\r\nc\u{7}"), "a␛[31mb␍␊c␇");
        assert_eq!(one_line("x\u{9b}2Jy\u{202e}z\u{200b}"), "x<U+009B>2Jy<U+202E>z<U+200B>");
        assert_eq!(one_line("ok\u{e0041}"), "ok<U+E0041>");
        assert_eq!(one_line("plain ünï 漢字"), "plain ünï 漢字");
    }

    #[test]
    fn widths_are_columns() {
        let mut out = String::new();
        assert_eq!(push('漢', &mut out), 2);
        assert_eq!(push('\u{301}', &mut out), 0);
        assert_eq!(push('\u{202e}', &mut out), 8);
        assert_eq!(width("漢a"), 3);
    }
}

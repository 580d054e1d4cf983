//! The line of source around a place, cut to a width, with the columns of the place in it.

use super::{Severity, clean::push};
use crate::span::Range;

/// A piece of one line as it can be shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The harmless text.
    pub(super) text: String,
    /// Columns before the place.
    pub(super) before: usize,
    /// Columns of the place, at least 1.
    pub(super) marked: usize,
}

/// How a place is marked: the primary one by carets, the steps by dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Primary(Severity),
    Step,
}

/// The first line of `range` in `source`, at most `columns` wide; `None` if the source is not what was analysed.
pub(super) fn window(source: &str, range: &Range, columns: usize) -> Option<Window> {
    let [start, end] = range.bytes.map(|offset| usize::try_from(offset).unwrap_or(usize::MAX));
    if start > source.len() || start > end {
        return None;
    }
    let start = source.floor_char_boundary(start);
    let line_start = source[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let rest = &source[start..];
    let line_end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
    let end = source.ceil_char_boundary(end.min(line_end)).max(start);
    Some(cut(
        &source[line_start..start],
        &source[start..end],
        &source[end..line_end],
        columns.max(20),
    ))
}

/// Fits a line into `columns`: all of it, or the place with a third of the room or more before it.
fn cut(before: &str, place: &str, after: &str, columns: usize) -> Window {
    let bytes = before.len() + place.len() + after.len();
    if bytes <= columns * 16 && cells(before) + cells(place) + cells(after) <= columns {
        let text = [before, place, after]
            .iter()
            .map(|part| take(part, columns).0)
            .collect();
        return Window {
            text,
            before: cells(before),
            marked: cells(place).max(1),
        };
    }
    // An ellipsis at either end takes a column.
    let room = columns - 2;
    let (_, least, _) = take_back(before, room / 3);
    let (place, marked, place_whole) = take(place, room - least);
    let (after, right, after_whole) = if place_whole {
        take(after, room - least - marked)
    } else {
        (String::new(), 0, true)
    };
    let (left, used, left_whole) = take_back(before, room - marked - right);
    let open = if left_whole { "" } else { "…" };
    let close = if place_whole && after_whole { "" } else { "…" };
    Window {
        text: [open, &left, &place, &after, close].concat(),
        before: used + usize::from(!left_whole),
        marked: marked.max(1),
    }
}

/// As much of the beginning as fits: its harmless form, its columns, and whether that is all.
fn take(text: &str, columns: usize) -> (String, usize, bool) {
    let mut out = String::new();
    let mut used = 0;
    for (count, character) in text.chars().enumerate() {
        let before = out.len();
        let wide = push(character, &mut out);
        // Marks that take no column are counted too, or a line of nothing else would have no end.
        if used + wide > columns || count >= columns * 4 {
            out.truncate(before);
            return (out, used, false);
        }
        used += wide;
    }
    (out, used, true)
}

/// As much of the end as fits.
fn take_back(text: &str, columns: usize) -> (String, usize, bool) {
    let mut pieces = Vec::new();
    let mut used = 0;
    let mut whole = true;
    for (count, character) in text.chars().rev().enumerate() {
        let mut piece = String::new();
        let wide = push(character, &mut piece);
        if used + wide > columns || count >= columns * 4 {
            whole = false;
            break;
        }
        used += wide;
        pieces.push(piece);
    }
    pieces.reverse();
    (pieces.concat(), used, whole)
}

fn cells(text: &str) -> usize {
    let mut out = String::new();
    text.chars().map(|character| push(character, &mut out)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(source: &str, start: usize, end: usize, columns: usize) -> Window {
        let bytes = [start, end].map(|offset| u32::try_from(offset).unwrap());
        window(
            source,
            &Range {
                bytes,
                ..Range::default()
            },
            columns,
        )
        .unwrap()
    }

    /// The text under the mark.
    fn marked(window: &Window) -> String {
        let mut column = 0;
        let mut out = String::new();
        for character in window.text.chars() {
            if column >= window.before && column < window.before + window.marked {
                out.push(character);
            }
            column += cells(&character.to_string());
        }
        out
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let source = "one\n\tlet x = eval(y);\r\nthree";
        let shown = at(source, 13, 20, 80);
        assert_eq!(shown.text, "    let x = eval(y);");
        assert_eq!(marked(&shown), "eval(y)");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let source = format!("{}EVAL{}", "a".repeat(5000), "b".repeat(5000));
        for columns in [20, 41, 80, 200] {
            let shown = at(&source, 5000, 5004, columns);
            assert_eq!(marked(&shown), "EVAL");
            assert_eq!(cells(&shown.text), columns, "{}", shown.text);
            assert!(shown.text.starts_with('…') && shown.text.ends_with('…'));
        }
        let shown = at(&source, 0, 10, 40);
        assert_eq!((shown.before, shown.text.starts_with("aaa")), (0, true));
        let shown = at(&source, 10_003, 10_004, 40);
        assert_eq!((marked(&shown).as_str(), cells(&shown.text)), ("b", 39));
        let shown = at(&source, 100, 9000, 40);
        assert!(shown.before + shown.marked < 40);
    }

    #[test]
    fn wide_and_hidden_characters_keep_the_mark_in_place() {
        let source = "漢字\u{202e}\u{1b}[2J eval(x)";
        let start = source.find("eval").unwrap();
        let shown = at(source, start, start + 7, 80);
        assert_eq!(shown.text, "漢字<U+202E>␛[2J eval(x)");
        assert_eq!(marked(&shown), "eval(x)");
    }

    #[test]
    fn a_place_of_several_lines_is_marked_on_its_first() {
        let shown = at("f(function () {\n});", 2, 18, 80);
        assert_eq!(
            (shown.text.as_str(), marked(&shown).as_str()),
            ("f(function () {", "function () {")
        );
    }

    #[test]
    fn places_that_do_not_fit_the_source_do_no_harm() {
        let range = |start, end| Range {
            bytes: [start, end],
            ..Range::default()
        };
        assert_eq!(window("abc", &range(9, 12), 80), None);
        assert_eq!(window("abc", &range(2, 1), 80), None);
        assert_eq!(window("", &range(0, 0), 80).unwrap().marked, 1);
        assert_eq!(window("ab", &range(1, u32::MAX), 80).unwrap().marked, 1);
        assert_eq!(window("a漢b", &range(2, 3), 80).unwrap().text, "a漢b");
        let marks = "\u{301}".repeat(100_000);
        assert!(window(&marks, &range(50_000, 50_002), 80).unwrap().text.len() < 2000);
    }
}

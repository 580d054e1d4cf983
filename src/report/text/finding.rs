//! One finding: what, where in the source, the steps behind it, what to do.

use std::fmt::Write;

use super::{
    Look, Sources,
    clean::{one_line, width},
    excerpt::{Mark, window},
    paint::{Paint, wrap},
    severity_name,
};
use crate::report::{Confidence, Finding, Original, Range, Reach};

/// Steps that are shown unless all are asked for.
const STEPS: usize = 8;

/// One place to show.
struct Place<'a> {
    file: &'a str,
    range: &'a Range,
    note: String,
    mark: Mark,
    original: Option<&'a Original>,
}

/// The finding as a block of lines.
pub(super) fn finding(finding: &Finding, sources: &Sources<'_>, look: &Look) -> String {
    let paint = Paint::new(look.color);
    let title = format!("{}[{}]", severity_name(finding.severity), one_line(&finding.rule));
    let message = one_line(&finding.message);
    let mut out = String::new();
    let lines = wrap(&format!("{title}: {message}"), look.width);
    for (index, line) in lines.iter().enumerate() {
        let line = match line.strip_prefix(&title) {
            Some(rest) if index == 0 => paint.severity(finding.severity, &title) + &paint.bold(rest),
            _ => paint.bold(line),
        };
        out.push_str(&line);
        out.push('\n');
    }
    if let Some(suppressed) = &finding.suppressed {
        let reason = format!("  suppressed: {}", one_line(&suppressed.reason));
        return out + &paint.dim(&reason) + "\n";
    }
    let (places, more) = places(finding, look);
    let last = places.iter().map(|place| place.range.start.line + 1).max().unwrap_or(1);
    let mut frame = Frame {
        paint,
        sources,
        gutter: last.to_string().len().max(2),
        columns: look.width,
        out,
    };
    frame.places(&places);
    if more > 0 {
        frame.rule('┆', &format!("{more} more steps; --verbose shows them"));
    }
    frame.closing(
        '├',
        "",
        &format!("{}, {}", reach(finding.reach), confidence(finding.confidence)),
    );
    frame.closing('╰', "help: ", &one_line(&finding.help));
    frame.out
}

fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Install => "runs when the package is installed",
        Reach::Import => "runs when the package is imported",
        Reach::Call => "runs when something in the package is called",
        Reach::Unreached => "not reached from the package's entry points",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high confidence",
        Confidence::Medium => "medium confidence",
        Confidence::Low => "low confidence",
    }
}

/// The primary place and the steps in their order; how many steps are left out.
fn places<'a>(finding: &'a Finding, look: &Look) -> (Vec<Place<'a>>, usize) {
    let shown = if look.is_verbose() { usize::MAX } else { STEPS };
    let is_primary = |file: &str, range: &Range| file == finding.file && *range == finding.range;
    let mut places = Vec::new();
    if !finding
        .evidence
        .iter()
        .take(shown)
        .any(|step| is_primary(&step.file, &step.range))
    {
        let mark = Mark::Primary(finding.severity);
        places.push(Place {
            file: &finding.file,
            range: &finding.range,
            note: String::new(),
            mark,
            original: finding.original.as_ref(),
        });
    }
    let several = finding.evidence.len() > 1;
    for (index, step) in finding.evidence.iter().take(shown).enumerate() {
        let number = if several {
            format!("{}. ", index + 1)
        } else {
            String::new()
        };
        let layer = match step.layer {
            Some(0) | None => String::new(),
            Some(1) => " (in code made from a string)".to_owned(),
            Some(depth) => format!(" (in code made from a string, {depth} deep)"),
        };
        let note = format!("{number}{}{layer}", one_line(&step.note));
        let primary = is_primary(&step.file, &step.range);
        let mark = if primary {
            Mark::Primary(finding.severity)
        } else {
            Mark::Step
        };
        places.push(Place {
            file: &step.file,
            range: &step.range,
            note,
            mark,
            original: step.original.as_ref(),
        });
    }
    (places, finding.evidence.len().saturating_sub(shown))
}

/// The place in the source that a map or a bundle claims.
fn claimed(original: &Original) -> String {
    let file = one_line(&original.file);
    match (original.line, original.character) {
        (Some(line), Some(column)) => {
            let (line, column) = (u64::from(line) + 1, u64::from(column) + 1);
            format!(" ({file}:{line}:{column})")
        }
        _ => format!(" ({file})"),
    }
}

/// Draws places with a gutter of line numbers.
struct Frame<'a> {
    paint: Paint,
    sources: &'a Sources<'a>,
    gutter: usize,
    columns: usize,
    out: String,
}

impl Frame<'_> {
    fn places(&mut self, places: &[Place<'_>]) {
        let mut before: Option<(&str, u32, String)> = None;
        let mut same: Option<(&str, &Range)> = None;
        for place in places {
            let (file, line) = (place.file, place.range.start.line + 1);
            // Several steps at one place, as in code within code: the place is shown once.
            if same.replace((file, place.range)) == Some((file, place.range)) {
                self.label(&place.note, place.mark);
                continue;
            }
            let at = format!("{}:{line}:{}", one_line(file), place.range.start.character + 1);
            let at = at + &place.original.map(claimed).unwrap_or_default();
            let room = self.columns.saturating_sub(self.gutter + 3);
            let source = self.sources.get(file).map(|bytes| String::from_utf8_lossy(bytes));
            let piece = source.and_then(|source| window(&source, place.range, room));
            let cut = piece
                .as_ref()
                .is_none_or(|piece| piece.text.starts_with('…') || piece.text.ends_with('…'));
            match &before {
                None => self.corner('╭', &at),
                // A piece of a long line has no meaning without its column.
                Some((other, _, _)) if *other != file || cut => self.corner('├', &at),
                Some((_, previous, _)) if *previous != line => self.rule('┆', ""),
                Some(_) => {}
            }
            let Some(piece) = piece else {
                if !place.note.is_empty() {
                    self.label(&place.note, place.mark);
                }
                before = Some((file, 0, String::new()));
                continue;
            };
            if before
                .as_ref()
                .is_none_or(|(other, previous, text)| *other != file || *previous != line || *text != piece.text)
            {
                let number = format!("{line:>gutter$} │ ", gutter = self.gutter);
                self.line(&number, &piece.text.clone());
            }
            let mark = if matches!(place.mark, Mark::Primary(_)) {
                "^"
            } else {
                "-"
            }
            .repeat(piece.marked);
            let blank = " ".repeat(piece.before);
            let gutter = format!("{:>gutter$} │ ", "", gutter = self.gutter);
            let beside = piece.before + piece.marked + 1 + width(&place.note) <= room;
            let note = if beside && !place.note.is_empty() {
                format!(" {}", place.note)
            } else {
                String::new()
            };
            let marked = self.colored(place.mark, &format!("{mark}{note}"));
            self.line(&gutter, &format!("{blank}{marked}"));
            if !beside {
                self.label(&place.note, place.mark);
            }
            before = Some((file, line, piece.text));
        }
    }

    /// A note on lines of its own.
    fn label(&mut self, note: &str, mark: Mark) {
        let gutter = format!("{:>gutter$} │ ", "", gutter = self.gutter);
        for line in wrap(note, self.columns.saturating_sub(self.gutter + 5)) {
            let line = format!("  {}", self.colored(mark, &line));
            self.line(&gutter, &line);
        }
    }

    fn colored(&self, mark: Mark, text: &str) -> String {
        match mark {
            Mark::Primary(severity) => self.paint.severity(severity, text),
            Mark::Step => self.paint.frame(text),
        }
    }

    fn line(&mut self, gutter: &str, text: &str) {
        let gutter = self.paint.frame(gutter.trim_end());
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{gutter} {text}");
    }

    fn corner(&mut self, corner: char, at: &str) {
        let gutter = format!("{:>gutter$} {corner}▸", "", gutter = self.gutter);
        self.line(&gutter, at);
    }

    fn rule(&mut self, rule: char, text: &str) {
        let gutter = format!("{:>gutter$} {rule}", "", gutter = self.gutter);
        let gutter = self.paint.frame(&gutter);
        let _ = writeln!(self.out, "{}", format!("{gutter} {text}").trim_end());
    }

    fn closing(&mut self, corner: char, label: &str, text: &str) {
        let room = self.columns.saturating_sub(self.gutter + 3 + label.len()).max(20);
        for (index, line) in wrap(text, room).iter().enumerate() {
            let (corner, label) = match (index, corner) {
                (0, corner) => (corner, self.paint.bold(label)),
                (_, '╰') => (' ', " ".repeat(label.len())),
                _ => ('│', " ".repeat(label.len())),
            };
            self.rule(corner, &format!("{label}{line}"));
        }
    }
}

//! A small matcher for the patterns that decoders use. What it does not know makes no pattern at all.
#![expect(
    clippy::option_option,
    reason = "outside: the budget lasted; inside: something was found"
)]

/// The ranges of the whole match and of each group.
pub(super) type Groups = Vec<Option<(usize, usize)>>;

/// How deep groups may be nested, and repetitions within a match.
const MAX_DEPTH: u32 = 24;
const MAX_FRAMES: u32 = 160;

/// A compiled pattern.
#[expect(clippy::struct_excessive_bools, reason = "a pattern's flags")]
pub(super) struct Regex {
    nodes: Vec<Node>,
    pub(super) groups: usize,
    pub(super) global: bool,
    pub(super) sticky: bool,
    ignore_case: bool,
    multiline: bool,
    dot_all: bool,
}

enum Node {
    Set(Set),
    Start,
    End,
    /// A word's edge, or (when `false`) anything else.
    Edge(bool),
    Group(Option<usize>, Vec<Vec<Node>>),
    Repeat(Box<Node>, usize, usize, bool),
}

/// Units that match, or (when negated) that do not.
#[derive(Clone)]
struct Set {
    ranges: Vec<(u16, u16)>,
    negated: bool,
}

/// What is still to be matched after a sequence.
enum Then<'r> {
    Sequence(&'r [Node], Option<&'r Then<'r>>),
    Close(usize, usize, Option<&'r Then<'r>>),
    Again(&'r Node, usize, usize, bool, usize, Option<&'r Then<'r>>),
}

struct Matcher<'r> {
    regex: &'r Regex,
    units: &'r [u16],
    groups: Groups,
    budget: &'r mut usize,
    frames: u32,
}

impl Regex {
    pub(super) fn new(source: &str, flags: &str) -> Option<Self> {
        let mut regex = Self {
            nodes: Vec::new(),
            groups: 0,
            global: flags.contains('g'),
            sticky: flags.contains('y'),
            ignore_case: flags.contains('i'),
            multiline: flags.contains('m'),
            dot_all: flags.contains('s'),
        };
        if flags.chars().any(|c| !"gimsy".contains(c)) || (regex.ignore_case && !source.is_ascii()) {
            return None;
        }
        let units: Vec<u16> = source.encode_utf16().collect();
        let mut parser = Parser {
            units: &units,
            at: 0,
            groups: 0,
            dot_all: regex.dot_all,
        };
        let branches = parser.branches(0)?;
        if parser.at != units.len() {
            return None;
        }
        regex.groups = parser.groups;
        regex.nodes = vec![Node::Group(None, branches)];
        Some(regex)
    }

    /// The first match from an offset on; the outer `None` if the budget does not last.
    pub(super) fn find(&self, units: &[u16], from: usize, budget: &mut usize) -> Option<Option<Groups>> {
        let mut matcher = Matcher {
            regex: self,
            units,
            groups: vec![None; self.groups + 1],
            budget,
            frames: 0,
        };
        for start in from..=units.len() {
            if let Some(end) = matcher.sequence(&self.nodes, start, None)? {
                matcher.groups[0] = Some((start, end));
                return Some(Some(matcher.groups));
            }
        }
        Some(None)
    }
}

impl Matcher<'_> {
    fn sequence<'s>(&mut self, nodes: &'s [Node], at: usize, then: Option<&'s Then<'s>>) -> Option<Option<usize>> {
        self.frames += 1;
        if self.frames > MAX_FRAMES {
            return None;
        }
        let result = self.step(nodes, at, then);
        self.frames -= 1;
        result
    }

    fn step<'s>(&mut self, nodes: &'s [Node], at: usize, then: Option<&'s Then<'s>>) -> Option<Option<usize>> {
        let (mut nodes, mut at) = (nodes, at);
        loop {
            *self.budget = self.budget.checked_sub(1)?;
            let Some((node, rest)) = nodes.split_first() else {
                return self.next(at, then);
            };
            match node {
                Node::Set(set) => {
                    if !self.units.get(at).is_some_and(|unit| self.has(set, *unit)) {
                        return Some(None);
                    }
                    at += 1;
                }
                Node::Start | Node::End | Node::Edge(_) => {
                    if !self.holds(node, at) {
                        return Some(None);
                    }
                }
                Node::Group(number, branches) => {
                    let after = Then::Sequence(rest, then);
                    let close = number.map(|number| Then::Close(number, at, Some(&after)));
                    let after = close.as_ref().unwrap_or(&after);
                    for branch in branches {
                        let before = number.and_then(|number| self.groups[number]);
                        if let Some(end) = self.sequence(branch, at, Some(after))? {
                            return Some(Some(end));
                        }
                        if let Some(number) = number {
                            self.groups[*number] = before;
                        }
                    }
                    return Some(None);
                }
                Node::Repeat(inner, min, max, greedy) => {
                    if let Node::Set(set) = &**inner {
                        return self.run_of(set, (*min, *max, *greedy), rest, at, then);
                    }
                    let after = Then::Sequence(rest, then);
                    return self.again(inner, (*min, *max, *greedy), at, usize::MAX, Some(&after));
                }
            }
            nodes = rest;
        }
    }

    fn next(&mut self, at: usize, then: Option<&Then<'_>>) -> Option<Option<usize>> {
        match then {
            None => Some(Some(at)),
            Some(Then::Sequence(nodes, then)) => self.sequence(nodes, at, *then),
            Some(Then::Close(number, start, then)) => {
                let before = self.groups[*number].replace((*start, at));
                let result = self.next(at, *then)?;
                if result.is_none() {
                    self.groups[*number] = before;
                }
                Some(result)
            }
            Some(Then::Again(node, min, max, greedy, start, then)) => {
                self.again(node, (*min, *max, *greedy), at, *start, *then)
            }
        }
    }

    /// One more turn of a repetition, or what comes after it.
    fn again<'s>(
        &mut self,
        node: &'s Node,
        (min, max, greedy): (usize, usize, bool),
        at: usize,
        start: usize,
        then: Option<&'s Then<'s>>,
    ) -> Option<Option<usize>> {
        // A turn that takes nothing would go on for ever.
        let more = max > 0 && (at != start || min > 0);
        if min == 0 && !greedy {
            let end = self.next(at, then)?;
            if end.is_some() || !more {
                return Some(end);
            }
        }
        if more {
            let turn = Then::Again(node, min.saturating_sub(1), max.saturating_sub(1), greedy, at, then);
            let end = self.sequence(std::slice::from_ref(node), at, Some(&turn))?;
            if end.is_some() || min > 0 || !greedy {
                return Some(end);
            }
        }
        if min > 0 { Some(None) } else { self.next(at, then) }
    }

    /// A repetition of single units: counted in a loop, and given back one by one.
    fn run_of<'s>(
        &mut self,
        set: &Set,
        (min, max, greedy): (usize, usize, bool),
        rest: &'s [Node],
        at: usize,
        then: Option<&'s Then<'s>>,
    ) -> Option<Option<usize>> {
        let limit = if greedy { max } else { min };
        let mut count = 0;
        while count < limit && self.units.get(at + count).is_some_and(|unit| self.has(set, *unit)) {
            count += 1;
        }
        *self.budget = self.budget.checked_sub(count)?;
        if count < min {
            return Some(None);
        }
        loop {
            if let Some(end) = self.sequence(rest, at + count, then)? {
                return Some(Some(end));
            }
            if greedy {
                if count == min {
                    return Some(None);
                }
                count -= 1;
            } else {
                if count >= max || !self.units.get(at + count).is_some_and(|unit| self.has(set, *unit)) {
                    return Some(None);
                }
                count += 1;
            }
        }
    }

    fn holds(&self, node: &Node, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.units.get(at));
        let here = self.units.get(at);
        let line = |unit: Option<&u16>| {
            self.regex.multiline && unit.is_some_and(|unit| matches!(unit, 10 | 13 | 0x2028 | 0x2029))
        };
        match node {
            Node::Start => at == 0 || line(before),
            Node::End => here.is_none() || line(here),
            Node::Edge(edge) => {
                let word = |unit: Option<&u16>| unit.is_some_and(|unit| in_ranges(&WORD, *unit));
                (word(before) != word(here)) == *edge
            }
            _ => false,
        }
    }

    fn has(&self, set: &Set, unit: u16) -> bool {
        let mut found = in_ranges(&set.ranges, unit);
        if self.regex.ignore_case
            && let Ok(byte) = u8::try_from(unit)
        {
            found |= in_ranges(&set.ranges, byte.to_ascii_lowercase().into())
                || in_ranges(&set.ranges, byte.to_ascii_uppercase().into());
        }
        found != set.negated
    }
}

const WORD: [(u16, u16); 4] = [(48, 57), (65, 90), (95, 95), (97, 122)];
const DIGIT: [(u16, u16); 1] = [(48, 57)];
const SPACE: [(u16, u16); 10] = [
    (9, 13),
    (32, 32),
    (0xa0, 0xa0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x3000, 0x3000),
    (0xfeff, 0xfeff),
];
const LINE_ENDS: [(u16, u16); 3] = [(10, 10), (13, 13), (0x2028, 0x2029)];

fn in_ranges(ranges: &[(u16, u16)], unit: u16) -> bool {
    ranges.iter().any(|(from, to)| (*from..=*to).contains(&unit))
}

struct Parser<'p> {
    units: &'p [u16],
    at: usize,
    groups: usize,
    dot_all: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.units
            .get(self.at)
            .and_then(|unit| char::from_u32(u32::from(*unit)))
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn branches(&mut self, depth: u32) -> Option<Vec<Vec<Node>>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut branches = vec![self.branch(depth)?];
        while self.take('|') {
            branches.push(self.branch(depth)?);
        }
        Some(branches)
    }

    fn branch(&mut self, depth: u32) -> Option<Vec<Node>> {
        let mut nodes = Vec::new();
        while self.at < self.units.len() && !matches!(self.peek(), Some('|' | ')')) {
            let node = self.atom(depth)?;
            nodes.push(self.quantified(node)?);
        }
        Some(nodes)
    }

    fn atom(&mut self, depth: u32) -> Option<Node> {
        let unit = *self.units.get(self.at)?;
        self.at += 1;
        Some(match char::from_u32(u32::from(unit)) {
            Some('^') => Node::Start,
            Some('$') => Node::End,
            Some('.') => Node::Set(Set {
                ranges: if self.dot_all { Vec::new() } else { LINE_ENDS.to_vec() },
                negated: true,
            }),
            Some('(') => {
                let number = if self.take('?') {
                    if !self.take(':') {
                        return None;
                    }
                    None
                } else {
                    self.groups += 1;
                    Some(self.groups)
                };
                let branches = self.branches(depth + 1)?;
                if !self.take(')') {
                    return None;
                }
                Node::Group(number, branches)
            }
            Some('[') => Node::Set(self.class()?),
            Some('\\') => match self.peek()? {
                'b' => self.after(Node::Edge(true)),
                'B' => self.after(Node::Edge(false)),
                '1'..='9' | 'k' => return None,
                _ => Node::Set(self.escape()?),
            },
            Some('*' | '+' | '?') => return None,
            // A brace that begins no count stands for itself.
            _ => Node::Set(Set {
                ranges: vec![(unit, unit)],
                negated: false,
            }),
        })
    }

    fn after(&mut self, node: Node) -> Node {
        self.at += 1;
        node
    }

    fn quantified(&mut self, node: Node) -> Option<Node> {
        let (min, max) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => match self.count() {
                Some(range) => range,
                None => return Some(node),
            },
            _ => return Some(node),
        };
        self.at += 1;
        let greedy = !self.take('?');
        if matches!(node, Node::Start | Node::End | Node::Edge(_)) {
            return None;
        }
        Some(Node::Repeat(Box::new(node), min, max, greedy))
    }

    /// `{2}`, `{2,}`, `{2,5}`: goes to the closing brace.
    fn count(&mut self) -> Option<(usize, usize)> {
        let close = self.units[self.at..].iter().position(|unit| *unit == u16::from(b'}'))? + self.at;
        let inner = String::from_utf16(self.units.get(self.at + 1..close)?).ok()?;
        let number = |text: &str| {
            let valid = !text.is_empty() && text.len() < 6 && text.bytes().all(|b| b.is_ascii_digit());
            if valid { text.parse::<usize>().ok() } else { None }
        };
        let range = match inner.split_once(',') {
            None => number(&inner).map(|n| (n, n)),
            Some((from, "")) => number(from).map(|from| (from, usize::MAX)),
            Some((from, to)) => number(from).zip(number(to)),
        }?;
        self.at = close;
        Some(range)
    }

    fn class(&mut self) -> Option<Set> {
        let negated = self.take('^');
        let mut ranges = Vec::new();
        while !self.take(']') {
            let from = self.class_item(&mut ranges)?;
            let Some(from) = from else { continue };
            let is_range =
                self.peek() == Some('-') && self.units.get(self.at + 1).is_some_and(|unit| *unit != u16::from(b']'));
            if !is_range {
                ranges.push((from, from));
                continue;
            }
            self.at += 1;
            let to = self.class_item(&mut ranges)??;
            if from > to {
                return None;
            }
            ranges.push((from, to));
        }
        Some(Set { ranges, negated })
    }

    /// One unit of a class; none if it was a class of its own.
    fn class_item(&mut self, ranges: &mut Vec<(u16, u16)>) -> Option<Option<u16>> {
        let unit = *self.units.get(self.at)?;
        self.at += 1;
        if unit != u16::from(b'\\') {
            return Some(Some(unit));
        }
        if self.take('b') {
            return Some(Some(8));
        }
        let set = self.escape()?;
        match set.ranges[..] {
            [(from, to)] if from == to && !set.negated => Some(Some(from)),
            _ if set.negated => None,
            _ => {
                ranges.extend(set.ranges);
                Some(None)
            }
        }
    }

    fn escape(&mut self) -> Option<Set> {
        let unit = *self.units.get(self.at)?;
        self.at += 1;
        let set = |ranges: &[(u16, u16)], negated: bool| {
            Some(Set {
                ranges: ranges.to_vec(),
                negated,
            })
        };
        let one = |unit: u16| set(&[(unit, unit)], false);
        match char::from_u32(u32::from(unit))? {
            'w' => set(&WORD, false),
            'W' => set(&WORD, true),
            'd' => set(&DIGIT, false),
            'D' => set(&DIGIT, true),
            's' => set(&SPACE, false),
            'S' => set(&SPACE, true),
            'n' => one(10),
            'r' => one(13),
            't' => one(9),
            'v' => one(11),
            'f' => one(12),
            '0' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => one(0),
            c @ ('x' | 'u') => {
                let length = if c == 'x' { 2 } else { 4 };
                let digits = String::from_utf16(self.units.get(self.at..self.at + length)?).ok()?;
                if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return None;
                }
                self.at += length;
                one(u16::from_str_radix(&digits, 16).ok()?)
            }
            c if c.is_ascii_alphanumeric() => None,
            _ => one(unit),
        }
    }
}

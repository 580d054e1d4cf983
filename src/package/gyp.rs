//! `binding.gyp`: the commands that configuring or building a native addon runs.
//!
//! A gyp file is a Python literal. Only its strings matter here: those that are expanded by running a command
//! (`<!(…)`), and the lists that are the words of one (`'action': […]`).

use super::shell::{self, Script};

/// How many commands of one file are read.
const MAX_COMMANDS: usize = 64;
/// What begins an expansion by a command, early or late.
const EXPANSIONS: [&str; 4] = ["<!@(", "<!(", ">!@(", ">!("];

/// The commands in the text of a gyp file, each with its own text.
pub fn commands(text: &str) -> Vec<(String, Script)> {
    let mut out = Vec::new();
    let tokens = tokens(text);
    let mut at = 0;
    while at < tokens.len() && out.len() < MAX_COMMANDS {
        if let Token::Text(text) = &tokens[at] {
            if let Some(words) = action(&tokens[at..]) {
                out.push((words.join(" "), shell::read_words(words)));
            }
            for line in expanded(text) {
                let read = shell::read(line);
                out.push((line.to_owned(), read));
            }
        }
        at += 1;
    }
    out
}

/// What a Python literal is made of, as far as it matters.
#[derive(Debug, PartialEq)]
enum Token {
    Text(String),
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            '\'' | '"' => {
                let mut value = String::new();
                while let Some(inner) = chars.next() {
                    match inner {
                        '\\' => value.extend(chars.next()),
                        inner if inner == c => break,
                        inner => value.push(inner),
                    }
                }
                // Strings beside each other are one.
                match out.last_mut() {
                    Some(Token::Text(before)) => before.push_str(&value),
                    _ => out.push(Token::Text(value)),
                }
            }
            ':' | '[' | ']' | '{' | '}' | ',' => out.push(Token::Mark(c)),
            _ => {}
        }
    }
    out
}

/// The words of `'action': ['a', 'b']`.
fn action(tokens: &[Token]) -> Option<Vec<String>> {
    let [Token::Text(key), Token::Mark(':'), Token::Mark('['), rest @ ..] = tokens else {
        return None;
    };
    if key != "action" {
        return None;
    }
    let inside = rest.iter().take_while(|token| **token != Token::Mark(']'));
    let words = inside.filter_map(|token| match token {
        Token::Text(word) => Some(word.clone()),
        Token::Mark(_) => None,
    });
    Some(words.collect())
}

/// The commands by which a text is expanded.
fn expanded(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((at, begins)) = EXPANSIONS
        .iter()
        .filter_map(|begins| Some((rest.find(begins)?, begins)))
        .min()
    {
        let inner = &rest[at + begins.len()..];
        let mut open = 1_u32;
        let end = inner.char_indices().find_map(|(index, c)| {
            match c {
                '(' => open += 1,
                ')' => open -= 1,
                _ => {}
            }
            (open == 0).then_some(index)
        });
        let end = end.unwrap_or(inner.len());
        out.push(inner[..end].trim());
        rest = &inner[end..];
    }
    out
}

#[test]
fn expansions_and_actions_are_read() {
    let text = r#"{ # a comment with '<!(not this)'
      'include_dirs': ["<!@(node -p \"require('a').include\")", '<!(echo one)/<!(echo two)'],
      'actions': [{ 'action_name': 'x', 'action': ['python', 'gen.py', '<(INPUT)'], 'outputs': ['<!(late'], }],
    }"#;
    let lines: Vec<String> = commands(text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(
        lines,
        [
            "node -p \"require('a').include\"",
            "echo one",
            "echo two",
            "python gen.py <(INPUT)",
            "late"
        ]
    );
    assert!(commands("{ 'sources': ['a.cc'], 'action': 'none' }").is_empty());
}

//! `cargo xtask new-rule ID`: a rule's two files from a template, and its two lines in the list of rules.

use anyhow::{Context as _, Result, bail};

use crate::shell::{heading, read_file, root, step, write_file};

/// Options of `cargo xtask new-rule`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The rule's name in kebab case: the bad thing, such as `reverse-shell`
    id: String,
    /// What is wrong, in one line
    #[arg(long, default_value = "does something that deserves a look")]
    title: String,
}

const CODE: &str = include_str!("new_rule/template.rs.txt");
const PAGE: &str = include_str!("new_rule/template.md");

/// Writes the files; refuses a name that is taken or not in kebab case.
pub(crate) fn create(args: &Args) -> Result<()> {
    let Args { id, title } = args;
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word
                .chars()
                .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit())
    };
    if !id.split('-').all(is_word) {
        bail!("`{id}` is not in kebab case, such as `reverse-shell`");
    }
    let name = id.replace('-', "_");
    let folder = root().join("src/rules");
    let (code, page) = (folder.join(format!("{name}.rs")), folder.join(format!("{name}.md")));
    if code.exists() || page.exists() {
        bail!("there is a rule `{id}` already");
    }

    let list = root().join("src/rules.rs");
    let listed = register(&read_file(&list)?, &name)?;
    let fill = |template: &str| {
        template
            .replace("TITLE", title)
            .replace("NAME", &name)
            .replace("ID", id)
    };
    write_file(&code, &fill(CODE))?;
    write_file(&page, &fill(PAGE))?;
    write_file(&list, &listed)?;

    heading(&format!("Rule {id}"));
    step(&format!("src/rules/{name}.rs: what it looks for"));
    step(&format!(
        "src/rules/{name}.md: what, why, what to do; its examples are its tests"
    ));
    step("src/rules.rs: in the list");
    step("then: cargo xtask gen, cargo xtask test rust, cargo xtask corpus");
    Ok(())
}

/// Adds `mod NAME;` and `&NAME::RULE,`, each in its place by the alphabet.
fn register(list: &str, name: &str) -> Result<String> {
    let with_module = insert(list, "mod ", ";", name).context("src/rules.rs has no list of modules")?;
    insert(&with_module, "    &", "::RULE,", name).context("src/rules.rs has no list of rules")
}

/// Adds a line before the first one of its kind whose name comes after it, or after the last of its kind.
fn insert(text: &str, before: &str, after: &str, name: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let name_in = |line: &str| {
        line.strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .map(str::to_owned)
    };
    let ours: Vec<(usize, String)> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| Some((index, name_in(line)?)))
        .collect();
    let (last, _) = ours.last()?;
    let place = ours
        .iter()
        .find(|(_, other)| other.as_str() > name)
        .map_or(last + 1, |(index, _)| *index);
    let line = format!("{before}{name}{after}");
    lines.insert(place, &line);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::register;

    const LIST: &str =
        "mod alpha;\nmod gamma;\n\npub static RULES: &[&Rule] = &[\n    &alpha::RULE,\n    &gamma::RULE,\n];\n";

    #[test]
    fn a_rule_is_listed_by_the_alphabet() {
        let listed = register(LIST, "beta").unwrap();
        assert_eq!(
            listed,
            "mod alpha;\nmod beta;\nmod gamma;\n\npub static RULES: &[&Rule] = &[\n    &alpha::RULE,\n    &beta::RULE,\n    &gamma::RULE,\n];\n"
        );
    }

    #[test]
    fn the_last_rule_is_listed_last() {
        let listed = register(LIST, "omega").unwrap();
        assert!(listed.contains("mod gamma;\nmod omega;\n\n"), "{listed}");
        assert!(
            listed.ends_with("    &gamma::RULE,\n    &omega::RULE,\n];\n"),
            "{listed}"
        );
    }

    #[test]
    fn a_list_in_another_shape_is_refused() {
        assert!(register("pub static RULES: &[&Rule] = &[];\n", "beta").is_err());
    }
}

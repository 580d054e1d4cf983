//! Programs that run others, and interpreters that run code they are given.

use super::{Code, GAP, Known, Language, output};

/// A program's name without its folder and Windows extension, in lower case.
pub fn base(program: &str) -> String {
    let name = program
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(program)
        .to_ascii_lowercase();
    let end = [".exe", ".cmd", ".bat", ".com"]
        .iter()
        .find(|end| name.ends_with(*end) && name.len() > end.len());
    end.map_or(name.as_str(), |end| &name[..name.len() - end.len()])
        .to_owned()
}

/// The value of an option: `--data x`, `--data=x`.
pub fn option_value<'w>(words: &'w [String], names: &[&str]) -> Option<&'w str> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if names.contains(&word.as_str()) {
            return words.next().map(String::as_str);
        }
        if let Some((name, value)) = word.split_once('=')
            && names.contains(&name)
        {
            return Some(value);
        }
    }
    None
}

/// How many of the first words only start the program behind them, and the variables they set for it.
pub(super) fn starters(words: &[String], variables: &mut Vec<(String, String)>) -> usize {
    let mut at = 0;
    while let Some(program) = words.get(at) {
        let rest = &words[at + 1..];
        // Options of theirs that take a value of its own.
        let valued: &[&str] = match base(program).as_str() {
            "env" | "cross-env" | "cross-env-shell" => &["-u", "-C", "--unset", "--chdir"],
            "sudo" | "doas" => &["-u", "-g", "-C", "-p", "-U"],
            "xargs" => &["-I", "-n", "-P", "-L", "-d", "-s", "-a", "-E"],
            "timeout" | "gtimeout" => &["-s", "-k"],
            "nice" => &["-n"],
            "ionice" => &["-c", "-n", "-p"],
            "npx" | "bunx" => &["-p", "--package"],
            "exec" | "command" | "builtin" | "nohup" | "time" | "setsid" | "busybox" | "stdbuf" | "unbuffer"
            | "call" | "winpty" | "start" | "&" => &[],
            _ => break,
        };
        let mut skipped = 0;
        while let Some(word) = rest.get(skipped) {
            let flag =
                word.starts_with('-') || (base(program) == "start" && (word.starts_with('/') || word.is_empty()));
            if flag {
                skipped += 1 + usize::from(valued.contains(&word.as_str()));
            } else if let Some((name, value)) = word.split_once('=')
                && super::parse::is_name(name)
                && base(program).contains("env")
            {
                variables.push((name.to_owned(), value.to_owned()));
                skipped += 1;
            } else {
                break;
            }
        }
        if base(program).ends_with("timeout") {
            skipped += 1;
        }
        if rest.len() <= skipped {
            break;
        }
        at += 1 + skipped;
    }
    at
}

/// What an interpreter's words make it run besides files.
pub(super) enum Inner {
    /// Nothing.
    None,
    /// Commands of a shell.
    Commands(Known),
    /// Code of another language.
    Code(Code),
}

/// The commands or code among an interpreter's arguments, or in its input.
pub(super) fn inner(program: &str, arguments: &[String], input: Option<&Known>) -> Inner {
    let known = |text: &str| Known {
        text: text.to_owned(),
        decoder: None,
    };
    let code = |language, text: Option<&str>, decoder| match text {
        Some(text) => Inner::Code(Code {
            language,
            text: text.to_owned(),
            decoder,
        }),
        None => Inner::None,
    };
    // Without a file to run, an interpreter runs its input.
    let reads_input = || {
        let told = arguments.iter().any(|word| word == "-s");
        let fed = input.filter(|_| told || arguments.iter().all(|word| word.starts_with('-')));
        fed.filter(|_| {
            !arguments
                .iter()
                .any(|word| matches!(word.as_str(), "-v" | "--version" | "-h" | "--help"))
        })
    };
    match program {
        "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash" | "fish" | "su" | "script" => {
            let mut words = arguments.iter();
            while let Some(word) = words.next() {
                if word == "-o" || word == "+o" {
                    words.next();
                } else if let Some(letters) = word.strip_prefix('-')
                    && !letters.starts_with('-')
                    && letters.contains('c')
                {
                    return words.next().map_or(Inner::None, |text| Inner::Commands(known(text)));
                } else if word == "-s" {
                    break;
                } else if !word.starts_with('-') && program != "su" {
                    return Inner::None;
                }
            }
            reads_input().map_or(Inner::None, |input| Inner::Commands(input.clone()))
        }
        "cmd" => {
            let at = arguments
                .iter()
                .position(|word| matches!(word.to_ascii_lowercase().as_str(), "/c" | "/k" | "/r"));
            match at {
                Some(at) => Inner::Commands(known(&arguments[at + 1..].join(" "))),
                None => Inner::None,
            }
        }
        "eval" => Inner::Commands(known(&arguments.join(" "))),
        "trap" => arguments
            .first()
            .map_or(Inner::None, |text| Inner::Commands(known(text))),
        "powershell" | "pwsh" => powershell(arguments, input),
        "node" | "nodejs" | "bun" | "tsx" | "ts-node" | "deno" | "electron" => {
            let options = ["-e", "--eval", "-p", "--print", "-pe", "eval"];
            if let Some(text) = option_value(arguments, &options) {
                return code(Language::JavaScript, Some(text), None);
            }
            let module = ["--import", "--loader", "--experimental-loader", "-r", "--require"];
            let module = option_value(arguments, &module).filter(|module| module.starts_with("data:"));
            if module.is_some() {
                return code(Language::JavaScript, module, None);
            }
            let input = reads_input();
            let decoder = input.and_then(|input| input.decoder);
            code(Language::JavaScript, input.map(|input| input.text.as_str()), decoder)
        }
        _ => {
            let option = match program {
                "php" => "-r",
                "perl" | "ruby" | "osascript" | "lua" => "-e",
                _ if program.starts_with("python") => "-c",
                _ => return Inner::None,
            };
            if let Some(text) = option_value(arguments, &[option]) {
                return code(Language::Other, Some(text), None);
            }
            let input = reads_input();
            let decoder = input.and_then(|input| input.decoder);
            code(Language::Other, input.map(|input| input.text.as_str()), decoder)
        }
    }
}

/// PowerShell takes its options in any abbreviation.
fn powershell(arguments: &[String], input: Option<&Known>) -> Inner {
    let code = |text: String, decoder| {
        Inner::Code(Code {
            language: Language::PowerShell,
            text,
            decoder,
        })
    };
    let mut at = 0;
    while let Some(word) = arguments.get(at) {
        let Some(option) = word.strip_prefix(['-', '/']).map(str::to_ascii_lowercase) else {
            // Without an option, the words are the command, unless they name a file.
            let text = arguments[at..].join(" ");
            let file = word.to_ascii_lowercase().ends_with(".ps1");
            return if file { Inner::None } else { code(text, None) };
        };
        let begins = |name: &str, least: usize| option.len() >= least && name.starts_with(&option);
        if begins("command", 1) {
            return code(arguments[at + 1..].join(" "), None);
        }
        if begins("encodedcommand", 1) || option == "ec" {
            let text = arguments.get(at + 1).filter(|text| !text.contains(GAP));
            return match text.and_then(|text| output::wide(text)) {
                Some(text) => code(text, Some("-EncodedCommand")),
                None => Inner::None,
            };
        }
        if begins("file", 1) {
            return Inner::None;
        }
        let valued = begins("executionpolicy", 2) || option == "ep" || begins("windowstyle", 1) || begins("version", 1);
        at += 1 + usize::from(valued);
    }
    input.map_or(Inner::None, |input| code(input.text.clone(), input.decoder))
}

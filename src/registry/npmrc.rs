//! npm's own configuration: which registry has which package, and what may be said to it.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::url;

/// Where a setting comes from; those after it weigh more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `$PREFIX/etc/npmrc`
    Global,
    /// `~/.npmrc`
    User,
    /// `.npmrc` beside the project's `package.json`: perhaps written by a stranger.
    Project,
    /// `npm_config_…`
    Environment,
}

/// What the configuration says about registries and the way to them.
#[derive(Debug, Clone, Default)]
pub struct Config {
    settings: BTreeMap<String, Vec<String>>,
    /// What is wrong with it, one line each.
    pub problems: Vec<String>,
}

/// Keys whose value tells where something is sent.
fn leads_somewhere(key: &str) -> bool {
    key == "registry" || key.ends_with(":registry") || key.ends_with("proxy")
}

impl Config {
    /// Adds the text of an `.npmrc`, which overrules what was added before. `variable` looks up the environment.
    pub fn add_text(&mut self, level: Level, name: &str, text: &str, variable: &dyn Fn(&str) -> Option<String>) {
        let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with([';', '#', '[']) {
                continue;
            }
            let (key, value) = line.split_once('=').unwrap_or((line, "true"));
            let (key, value) = (key.trim(), unquoted(value.trim()));
            let at = || format!("{name}, line {}", number + 1);
            // What is on its way to a stranger's server must not carry what only this machine knows.
            if level == Level::Project && leads_somewhere(key) && value.contains("${") {
                let why = "an address in a project's .npmrc may not contain variables of the environment";
                self.problems.push(format!("{}: `{key}` is not used: {why}", at()));
                continue;
            }
            let key = match expanded(key, variable) {
                Ok(key) => key,
                Err(missing) => {
                    self.problems.push(format!("{}: `{missing}` is not set", at()));
                    continue;
                }
            };
            let value = match expanded(&value, variable) {
                Ok(value) => value,
                Err(missing) => {
                    self.problems
                        .push(format!("{}: `{missing}`, for `{key}`, is not set", at()));
                    continue;
                }
            };
            match key.strip_suffix("[]") {
                Some(list) => lists.entry(list.to_owned()).or_default().push(value),
                None => {
                    self.settings.insert(key, vec![value]);
                }
            }
        }
        self.settings.extend(lists);
    }

    /// Adds one setting, which overrules what was added before.
    pub fn add(&mut self, key: &str, value: &str) {
        self.settings.insert(key.to_owned(), vec![value.to_owned()]);
    }

    /// Adds a variable of the environment, if it is one of npm's: `npm_config_fetch_timeout`.
    pub fn add_variable(&mut self, name: &str, value: &str) {
        let lower = name.to_ascii_lowercase();
        if let Some(key) = lower.strip_prefix("npm_config_").filter(|_| !value.is_empty()) {
            let (dash, rest) = key.split_at(key.len() - key.trim_start_matches('_').len());
            // Addresses and scopes are written as they are: `npm_config_//host/:_authToken`.
            let key = if rest.starts_with(['/', '@']) {
                name["npm_config_".len()..].to_owned()
            } else {
                format!("{dash}{}", rest.replace('_', "-"))
            };
            self.add(&key, value);
        }
    }

    /// A setting, if it has a value.
    pub fn get(&self, key: &str) -> Option<&str> {
        let value = self.settings.get(key)?.last()?;
        (!matches!(&**value, "" | "null" | "undefined")).then_some(value)
    }

    /// Every value of a setting that may be a list.
    pub fn list(&self, key: &str) -> &[String] {
        self.settings.get(key).map_or(&[], Vec::as_slice)
    }

    /// A setting that is a number.
    pub fn number(&self, key: &str) -> Option<u64> {
        self.get(key)?.parse().ok()
    }

    /// A setting that is on or off.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The registry of a package: its scope's, else the default one. Nothing if none is configured.
    ///
    /// # Errors
    ///
    /// When what is configured is no address.
    pub fn registry(&self, name: &str) -> Option<Result<String, String>> {
        let scope = name.split_once('/').map(|(scope, _)| format!("{scope}:registry"));
        let scoped = scope.filter(|key| key.starts_with('@')).and_then(|key| {
            let value = self.get(&key)?.to_owned();
            Some((key, value))
        });
        let (key, value) = scoped.or_else(|| Some(("registry".to_owned(), self.get("registry")?.to_owned())))?;
        Some(url::normal(&value).ok_or_else(|| format!("npm's setting `{key}` is no http address: `{value}`")))
    }

    /// What to say who one is at an address: the value of the header `authorization`. The nearest folder of the address
    /// that has credentials decides, as with npm.
    pub fn authorization(&self, address: &str) -> Option<String> {
        let mut folder = url::nerf_dart(address);
        loop {
            let get = |key: &str| self.get(&format!("{folder}:{key}"));
            if let Some(token) = get("_authToken") {
                return Some(format!("Bearer {token}"));
            }
            if let Some(both) = get("_auth") {
                return Some(format!("Basic {both}"));
            }
            if let (Some(user), Some(password)) = (get("username"), get("_password")) {
                let password = STANDARD.decode(password).ok()?;
                let both = [user.as_bytes(), b":", &password].concat();
                return Some(format!("Basic {}", STANDARD.encode(both)));
            }
            let shorter = folder.trim_end_matches('/').rfind('/')?;
            if shorter < 2 {
                return None;
            }
            folder.truncate(shorter + 1);
        }
    }
}

/// A value without its quotes, and without a comment after it.
fn unquoted(value: &str) -> String {
    for quote in ['"', '\''] {
        let inner = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner.to_owned();
        }
    }
    let comment = value.find([';', '#']).filter(|at| !value[..*at].ends_with('\\'));
    value[..comment.unwrap_or(value.len())]
        .trim()
        .replace("\\;", ";")
        .replace("\\#", "#")
}

/// `${NAME}` is the variable, `${NAME?}` also where it is not set; else what is missing is the error.
fn expanded(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 2..start + length];
        out.push_str(&rest[..start]);
        let (plain, optional) = name.strip_suffix('?').map_or((name, false), |plain| (plain, true));
        match variable(plain) {
            Some(value) => out.push_str(&value),
            None if optional => {}
            None => return Err(format!("${{{name}}}")),
        }
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(layers: &[(Level, &str)]) -> Config {
        let variable = |name: &str| (name == "TOKEN").then(|| "t0k".to_owned());
        let mut config = Config::default();
        for (level, text) in layers {
            config.add_text(*level, ".npmrc", text, &variable);
        }
        config
    }

    #[test]
    fn the_nearest_setting_wins_and_scopes_have_their_own() {
        let config = read(&[
            (
                Level::Global,
                "registry = https://one.example.invalid\nstrict-ssl=false",
            ),
            (
                Level::User,
                "; mine\nregistry=https://two.example.invalid/npm # old\n@acme:registry='http://localhost:4873'",
            ),
        ]);
        let registry = |name| config.registry(name).unwrap().unwrap();
        assert_eq!(registry("left-pad"), "https://two.example.invalid/npm/");
        assert_eq!(registry("@acme/x"), "http://localhost:4873/");
        assert_eq!(registry("@other/x"), "https://two.example.invalid/npm/");
        assert_eq!(config.flag("strict-ssl"), Some(false));
        assert!(Config::default().registry("x").is_none());
        let wrong = read(&[(Level::User, "registry=ftp://x")]).registry("x").unwrap();
        assert_eq!(
            wrong.unwrap_err(),
            "npm's setting `registry` is no http address: `ftp://x`"
        );
    }

    #[test]
    fn credentials_go_only_where_they_belong() {
        let config = read(&[(
            Level::User,
            "//one.example.invalid/:_authToken=${TOKEN}\n//two.example.invalid/npm/:_auth=YTpi\n\
             //three.example.invalid/:username=me\n//three.example.invalid/:_password=cHc=",
        )]);
        let cases = [
            ("https://one.example.invalid/left-pad", Some("Bearer t0k")),
            ("https://one.example.invalid/a/-/a-1.tgz", Some("Bearer t0k")),
            ("https://one.example.invalid.evil.invalid/x", None),
            ("https://two.example.invalid/npm/x", Some("Basic YTpi")),
            ("https://two.example.invalid/other/x", None),
            ("https://three.example.invalid/x", Some("Basic bWU6cHc=")),
            ("https://one.example.invalid:8443/x", None),
        ];
        for (address, expected) in cases {
            assert_eq!(config.authorization(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn variables_are_expanded_but_not_into_a_strangers_address() {
        let project = read(&[(
            Level::Project,
            "registry=https://${TOKEN}.example.invalid/\nx=${TOKEN}\ny=${NO}\nz=${NO?}",
        )]);
        assert!(project.registry("x").is_none());
        assert_eq!(project.get("x"), Some("t0k"));
        assert_eq!(project.get("z"), None);
        assert_eq!(
            project.problems,
            [
                ".npmrc, line 1: `registry` is not used: an address in a project's .npmrc may not contain variables of the \
                 environment",
                ".npmrc, line 3: `${NO}`, for `y`, is not set",
            ]
        );
        let user = read(&[(Level::User, "registry=https://${TOKEN}.example.invalid/")]);
        assert_eq!(user.registry("x").unwrap().unwrap(), "https://t0k.example.invalid/");
    }

    #[test]
    fn the_environment_is_read_as_npm_reads_it() {
        let mut config = Config::default();
        config.add_variable("NPM_CONFIG_REGISTRY", "https://env.example.invalid");
        config.add_variable("npm_config_fetch_timeout", "500");
        config.add_variable("npm_config_//h.example.invalid/:_authToken", "T");
        config.add_variable("PATH", "/bin");
        assert_eq!(config.registry("x").unwrap().unwrap(), "https://env.example.invalid/");
        assert_eq!(config.number("fetch-timeout"), Some(500));
        assert_eq!(
            config.authorization("https://h.example.invalid/x").as_deref(),
            Some("Bearer T")
        );
    }
}

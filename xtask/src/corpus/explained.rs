//! Why well-known packages are called `review` or `block`: somebody looked at each, and wrote it down.

use serde_json::Value;

use super::text;

/// Verdicts that nobody explained, and explanations of verdicts that nobody gives any more.
pub(super) fn wrong(list: &str, explained: &Value, packages: &[Value]) -> Vec<String> {
    let reasons = explained[list].as_object();
    let known = |name: &str, verdict: &str| {
        let entry = reasons.and_then(|reasons| reasons.get(name));
        entry.is_some_and(|entry| text(&entry["verdict"]) == verdict && !text(&entry["why"]).is_empty())
    };
    let is_alarm = |package: &&Value| package["verdict"] != "pass";
    let new = packages
        .iter()
        .filter(is_alarm)
        .filter(|package| !known(text(&package["name"]), text(&package["verdict"])));
    let mut out: Vec<String> = new
        .map(|package| {
            let first = &package["findings"][0];
            format!(
                "`{}` is called `{}`, which tests/corpus/explained.json does not explain: {} ({})",
                text(&package["name"]),
                text(&package["verdict"]),
                text(&first["message"]),
                text(&first["file"]),
            )
        })
        .collect();
    let given = |name: &str| packages.iter().filter(is_alarm).any(|package| package["name"] == name);
    let stale = reasons.into_iter().flatten().filter(|(name, _)| !given(name));
    out.extend(
        stale.map(|(name, _)| format!("tests/corpus/explained.json explains `{name}`, which now passes: delete it")),
    );
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_alarm_has_its_explanation_and_no_other() {
        let packages = [
            json!({ "name": "a", "verdict": "pass" }),
            json!({ "name": "b", "verdict": "review", "findings": [{ "message": "reads a token", "file": "b.js" }] }),
        ];
        let explained = |value: Value| wrong("popular", &json!({ "popular": value }), &packages);
        assert_eq!(
            explained(json!({ "b": { "verdict": "review", "why": "it does" } })).len(),
            0
        );
        assert!(explained(json!({}))[0].starts_with("`b` is called `review`"));
        assert_eq!(
            explained(json!({ "b": { "verdict": "block", "why": "it does" } })).len(),
            1
        );
        let stale =
            explained(json!({ "a": { "verdict": "review", "why": "?" }, "b": { "verdict": "review", "why": "!" } }));
        assert_eq!(
            stale,
            ["tests/corpus/explained.json explains `a`, which now passes: delete it"]
        );
    }
}

//! From verdicts and labels to figures.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    cases::{Case, Label},
    judge::{Judged, Verdict},
};

/// How many findings are told of a case that went wrong.
const STRONGEST: usize = 3;

/// The figures, as they are written.
pub(super) fn figures(cases: &[Case], judged: &[Judged]) -> Value {
    let pairs: Vec<(&Case, &Judged)> = cases.iter().zip(judged).collect();
    let is = |label: Label| move |(case, _): &&(&Case, &Judged)| case.label == label;
    let wrong = |label: Label, is_wrong: fn(Verdict) -> bool| -> Vec<Value> {
        let mut list: Vec<_> = pairs
            .iter()
            .filter(is(label))
            .filter(|(_, judged)| is_wrong(judged.verdict))
            .collect();
        list.sort_by_key(|(case, judged)| (judged.verdict, &case.id));
        list.iter().map(|(case, judged)| told(case, judged)).collect()
    };
    json!({
        "cases": cases.len(),
        "malicious": pairs.iter().filter(is(Label::Malicious)).count(),
        "benign": pairs.iter().filter(is(Label::Benign)).count(),
        "unread": pairs.iter().filter_map(|(case, judged)| {
            judged.error.as_ref().map(|error| json!({ "id": case.id, "error": error }))
        }).collect::<Vec<_>>(),
        "block": confusion(&pairs, Verdict::Block),
        "review": confusion(&pairs, Verdict::Review),
        "techniques": techniques(&pairs),
        "expected": expected(&pairs),
        "missed": wrong(Label::Malicious, |verdict| verdict < Verdict::Block),
        "false": wrong(Label::Benign, |verdict| verdict > Verdict::Pass),
        "verdicts": pairs.iter().map(|(case, judged)| (case.id.clone(), json!(judged.verdict.name())))
            .collect::<serde_json::Map<_, _>>(),
    })
}

/// The confusion matrix where a verdict at or above `least` is an alarm.
fn confusion(pairs: &[(&Case, &Judged)], least: Verdict) -> Value {
    let count = |label: Label, alarm: bool| {
        let hit = |(case, judged): &&(&Case, &Judged)| case.label == label && (judged.verdict >= least) == alarm;
        pairs.iter().filter(hit).count()
    };
    let (hits, missed) = (count(Label::Malicious, true), count(Label::Malicious, false));
    let (alarms, quiet) = (count(Label::Benign, true), count(Label::Benign, false));
    json!({
        "truePositives": hits,
        "falseNegatives": missed,
        "falsePositives": alarms,
        "trueNegatives": quiet,
        "precision": ratio(hits, hits + alarms),
        "recall": ratio(hits, hits + missed),
        "f1": ratio(2 * hits, 2 * hits + alarms + missed),
        "falseAlarmRate": ratio(alarms, alarms + quiet),
    })
}

/// A quotient; nothing where there is nothing to divide by.
#[expect(
    clippy::cast_precision_loss,
    reason = "there are thousands of cases, not quadrillions"
)]
fn ratio(count: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| count as f64 / of as f64)
}

/// How many malicious cases of each technique are found at each verdict.
fn techniques(pairs: &[(&Case, &Judged)]) -> Value {
    let mut groups: BTreeMap<&str, Vec<Verdict>> = BTreeMap::new();
    for (case, judged) in pairs.iter().filter(|(case, _)| case.label == Label::Malicious) {
        let names: Vec<&str> = match &case.technique {
            Some(name) => vec![name],
            None if case.expected.is_empty() => vec!["(none told)"],
            None => case.expected.iter().map(String::as_str).collect(),
        };
        for name in names {
            groups.entry(name).or_default().push(judged.verdict);
        }
    }
    let told = |verdicts: Vec<Verdict>| {
        let at = |least| verdicts.iter().filter(|verdict| **verdict >= least).count();
        let (block, review) = (at(Verdict::Block), at(Verdict::Review));
        json!({
            "cases": verdicts.len(),
            "block": block,
            "review": review,
            "recallAtBlock": ratio(block, verdicts.len()),
            "recallAtReview": ratio(review, verdicts.len()),
        })
    };
    groups
        .into_iter()
        .map(|(name, verdicts)| (name.to_owned(), told(verdicts)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// How many of the expected rules and capabilities are there, and where one is not.
fn expected(pairs: &[(&Case, &Judged)]) -> Value {
    let (mut wanted, mut found, mut absent) = (0, 0, Vec::new());
    for (case, judged) in pairs {
        for name in &case.expected {
            wanted += 1;
            let is_there = judged.findings.iter().any(|finding| finding["rule"] == *name)
                || judged.capabilities.iter().any(|capability| capability == name);
            if is_there {
                found += 1;
            } else {
                absent.push(json!({ "id": case.id, "name": name }));
            }
        }
    }
    json!({ "wanted": wanted, "found": found, "absent": absent })
}

fn told(case: &Case, judged: &Judged) -> Value {
    let finding = |finding: &Value| {
        json!({
            "rule": finding["rule"],
            "severity": finding["severity"],
            "confidence": finding["confidence"],
            "reach": finding["reach"],
            "file": finding["file"],
            "line": finding["range"]["start"]["line"].as_u64().map(|line| line + 1),
            "message": finding["message"],
        })
    };
    json!({
        "id": case.id,
        "technique": case.technique,
        "verdict": judged.verdict.name(),
        "strongest": judged.findings.iter().take(STRONGEST).map(finding).collect::<Vec<_>>(),
        "capabilities": judged.capabilities,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(id: &str, label: Label, technique: Option<&str>, expected: &[&str]) -> Case {
        Case {
            id: id.to_owned(),
            label,
            path: id.into(),
            expected: expected.iter().map(|name| (*name).to_owned()).collect(),
            technique: technique.map(str::to_owned),
        }
    }

    fn judged(verdict: Verdict, rule: &str) -> Judged {
        Judged {
            verdict,
            findings: vec![json!({ "rule": rule })],
            ..Judged::default()
        }
    }

    #[test]
    fn figures_follow_their_definitions() {
        let cases = [
            case("a", Label::Malicious, Some("beacon"), &["install-exfiltration"]),
            case("b", Label::Malicious, Some("beacon"), &[]),
            case("c", Label::Malicious, None, &["remote-code"]),
            case("d", Label::Benign, None, &[]),
            case("e", Label::Benign, None, &[]),
        ];
        let judged = [
            judged(Verdict::Block, "install-exfiltration"),
            judged(Verdict::Review, "install-script"),
            judged(Verdict::Pass, "dynamic-code"),
            judged(Verdict::Pass, "x"),
            judged(Verdict::Block, "y"),
        ];
        let figures = figures(&cases, &judged);
        let at = &figures["block"];
        assert_eq!(
            [
                &at["truePositives"],
                &at["falseNegatives"],
                &at["falsePositives"],
                &at["trueNegatives"]
            ],
            [1, 2, 1, 1]
        );
        assert_eq!(at["precision"], 0.5);
        assert_eq!(at["f1"], 0.4);
        assert_eq!(figures["review"]["truePositives"], 2);
        assert_eq!(figures["techniques"]["beacon"]["recallAtBlock"], 0.5);
        assert_eq!(figures["techniques"]["remote-code"]["review"], 0);
        assert_eq!(figures["expected"]["found"], 1);
        assert_eq!(figures["expected"]["absent"][0]["id"], "c");
        // What passed stands before what is only reviewed.
        assert_eq!(figures["missed"][0]["id"], "c");
        assert_eq!(figures["missed"][1]["id"], "b");
        assert_eq!(figures["false"][0]["id"], "e");
    }
}

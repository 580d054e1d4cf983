//! The figures, for a person.

use serde_json::Value;

use crate::shell::{heading, step};

/// Prints the matrices, the recall per technique, and every case that went wrong.
pub(super) fn print(figures: &Value) {
    for least in ["block", "review"] {
        let at = &figures[least];
        step("");
        step(&match least {
            "block" => "an alarm is `block`".to_owned(),
            _ => "an alarm is `review` or `block`".to_owned(),
        });
        step("              alarm   quiet");
        step(&format!(
            "  malicious {:>7} {:>7}",
            number(&at["truePositives"]),
            number(&at["falseNegatives"])
        ));
        step(&format!(
            "  benign    {:>7} {:>7}",
            number(&at["falsePositives"]),
            number(&at["trueNegatives"])
        ));
        step(&format!(
            "  precision {}  recall {}  F1 {}  false alarms {}",
            percent(&at["precision"]),
            percent(&at["recall"]),
            percent(&at["f1"]),
            percent(&at["falseAlarmRate"])
        ));
    }

    if let Some(techniques) = figures["techniques"].as_object().filter(|groups| !groups.is_empty()) {
        heading("Recall per technique (cases, at block, at review)");
        for (name, group) in techniques {
            step(&format!(
                "{name:<36} {:>4} {:>8} {:>8}",
                number(&group["cases"]),
                percent(&group["recallAtBlock"]),
                percent(&group["recallAtReview"])
            ));
        }
    }

    let expected = &figures["expected"];
    if number(&expected["wanted"]) > 0 {
        heading("Expected rules and capabilities");
        step(&format!(
            "{} of {} are there",
            number(&expected["found"]),
            number(&expected["wanted"])
        ));
        for absent in list(&expected["absent"]) {
            step(&format!("not in {}: {}", text(&absent["id"]), text(&absent["name"])));
        }
    }

    wrong("Malicious, but not blocked", &figures["missed"]);
    wrong("Benign, but not passed", &figures["false"]);
    if !list(&figures["unread"]).is_empty() {
        heading("Could not be scanned");
        for case in list(&figures["unread"]) {
            step(&format!("{}: {}", text(&case["id"]), text(&case["error"])));
        }
    }
    heading("Written");
}

fn wrong(title: &str, cases: &Value) {
    if list(cases).is_empty() {
        return;
    }
    heading(title);
    for case in list(cases) {
        step(&format!("{:<6} {}", text(&case["verdict"]), text(&case["id"])));
        for finding in list(&case["strongest"]) {
            step(&format!(
                "         {} {}: {} ({}:{})",
                text(&finding["severity"]),
                text(&finding["rule"]),
                text(&finding["message"]),
                text(&finding["file"]),
                number(&finding["line"])
            ));
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn percent(value: &Value) -> String {
    value
        .as_f64()
        .map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

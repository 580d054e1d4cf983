//! Values with places, however they are written: what all formats but one are read from.

use super::{LockError, syntax};
use crate::package::json::{self, Member, Node, Value};

/// The members, if it is an object.
pub(super) fn members(node: &Node) -> Option<&[Member]> {
    match &node.value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// The items, if it is an array.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::Array(items) => items,
        _ => &[],
    }
}

/// A member of an object; the last one wins, as for the package managers.
pub(super) fn get<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let found = members(node)?.iter().rev().find(|member| member.key == key);
    found.map(|member| &member.node)
}

/// A text or a number, as written.
pub(super) fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) | Value::Number(text) => Some(text),
        _ => None,
    }
}

/// A member that is a text.
pub(super) fn text_at(node: &Node, key: &str) -> Option<String> {
    get(node, key).and_then(text).map(str::to_owned)
}

/// Whether a member is `true`.
pub(super) fn flag(node: &Node, key: &str) -> bool {
    get(node, key).is_some_and(|node| node.value == Value::Bool(true))
}

/// A member that is a list of texts, or one text.
pub(super) fn texts(node: &Node, key: &str) -> Vec<String> {
    let Some(node) = get(node, key) else {
        return Vec::new();
    };
    let list = items(node).iter().chain(text(node).map(|_| node));
    list.filter_map(text)
        .filter(|text| *text != "any")
        .map(str::to_owned)
        .collect()
}

/// Reads JSON; any mistake is an error, since what follows it could be read wrongly.
pub(super) fn json(source: &str) -> Result<Node, LockError> {
    checked(source, json::read(source))
}

/// Reads JSON with comments and commas after last items.
pub(super) fn json_with_commas(source: &str) -> Result<Node, LockError> {
    checked(source, json::read_with_commas(source))
}

fn checked(source: &str, (node, problems): (Option<Node>, Vec<json::Problem>)) -> Result<Node, LockError> {
    match (node, problems.first()) {
        (_, Some(problem)) => Err(syntax(source, problem.at as usize, problem.message)),
        (None, None) => Err(syntax(source, source.len(), "the file is empty")),
        (Some(node), None) => Ok(node),
    }
}

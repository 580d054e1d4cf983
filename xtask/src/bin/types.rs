//! Prints what is generated from the Rust types, as one JSON object from path to content.
#![expect(
    clippy::print_stdout,
    reason = "the caller reads the result from standard output"
)]

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::Result;
use importguard::{
    facts::ImportKind,
    report::{Options, Report},
};
use schemars::{Schema, generate::SchemaSettings, transform::RecursiveTransform};
use serde_json::Value;
use ts_rs::{Config, TS, TypeVisitor};

fn main() -> Result<()> {
    let files = BTreeMap::from([
        ("docs/report.schema.json", schema()?),
        ("src/wasm/report.ts", typescript()),
    ]);
    println!("{}", serde_json::to_string(&files)?);
    Ok(())
}

fn schema() -> Result<String> {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(never_null));
    let mut schema = settings.into_generator().into_root_schema_for::<Report>();
    schema.insert("title".to_owned(), "importguard report".into());
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}

/// A field of the report that has no value is left out; it is never `null`.
fn never_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                schema.insert(key, value);
            }
        }
    }
}

fn typescript() -> String {
    let mut types = Types {
        config: Config::new().with_large_int("number"),
        found: BTreeMap::new(),
    };
    types.visit::<Report>();
    types.visit::<Options>();
    types.visit::<ImportKind>();
    let mut text =
        "/** The types of the report. Generated from the Rust types by `cargo xtask gen`; do not edit. */\n".to_owned();
    for declaration in types.found.into_values() {
        text.push('\n');
        text.push_str(&declaration);
    }
    text
}

/// Each named type once, by name: the order in which they are met differs between compilations.
struct Types {
    config: Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Lists and numbers have no file of their own; the derived types do.
        if T::output_path().is_none() || self.found.contains_key(&T::ident(&self.config)) {
            return;
        }
        let text = T::docs().unwrap_or_default() + "export " + &T::decl(&self.config);
        self.found.insert(T::ident(&self.config), layout(&text));
        T::visit_dependencies(self);
    }
}

/// One line per field and per comment.
fn layout(declaration: &str) -> String {
    let mut text = String::new();
    let mut comment = Vec::new();
    let mut indent = "";
    for line in declaration.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("* ") {
            comment.push(words);
        } else if line == "*/" {
            let _ = writeln!(text, "{indent}/** {} */", comment.join(" "));
            comment.clear();
        } else if let Some(opening) = line.strip_suffix(" = {") {
            let _ = writeln!(text, "{opening} = {{");
            indent = "  ";
        } else if let Some(last) = line.strip_suffix(", };") {
            let _ = writeln!(text, "{indent}{last};\n}};");
        } else if let Some(field) = line.strip_suffix(',') {
            let _ = writeln!(text, "{indent}{field};");
        } else if !line.is_empty() && line != "/**" && line != "*" {
            let _ = writeln!(text, "{indent}{line}");
        }
    }
    text
}

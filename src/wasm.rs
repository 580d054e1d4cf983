//! The WASM surface: thin and typed; nothing else knows about WASM. `wasm/contract.md` says what each call means.
#![expect(unreachable_pub, reason = "wasm-bindgen exports only what is `pub`")]

use js_sys::Uint8Array;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::{
    facts::{self, FileFacts, How},
    graph::{Linker, Surface},
    issue::{Issue, IssueKind},
    order,
    package::archive,
    policy::Policy,
    registry::names::Names,
    report::{self, Collected, Options, Report, Stats, Verdict},
    rules::RULES,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { CollectedInput } from "./raw.js";
import type { EffectsReport, Options, PackageReport, Policy, Report } from "./report.js";
import type { ImportSite, Look, RuleInfo, Unpacked } from "./types.js";
"#;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Reads one file. The result is opaque, and depends on nothing but the arguments: cache it by content.
#[wasm_bindgen(js_name = collectFacts)]
pub fn collect_facts(path: &str, bytes: &[u8], as_code: bool) -> Result<Vec<u8>, JsError> {
    let how = if as_code { How::AsCode } else { How::ByName };
    postcard::to_allocvec(&facts::collect(path, bytes, how))
        .map_err(|e| JsError::new(&format!("{path}: facts could not be stored: {e}")))
}

/// Graph, effect, rules and verdict of one package; instead, unless this is final, the paths that an import or a script
/// names but that were not read as code.
#[wasm_bindgen(js_name = assemblePackage, unchecked_return_type = "PackageReport | string[]")]
pub fn assemble_package(
    #[wasm_bindgen(unchecked_param_type = "CollectedInput")] input: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Options | undefined")] options: JsValue,
    is_final: bool,
) -> Result<JsValue, JsError> {
    let options: Options = if options.is_undefined() || options.is_null() {
        Options::default()
    } else {
        read("options", options)?
    };
    let collected = collected(input)?;
    if is_final {
        return write(&report::assemble(&collected, &options));
    }
    match report::try_assemble(&collected, &options) {
        Ok(report) => write(&report),
        Err(wanted) => write(&wanted),
    }
}

/// What a package may reach, condensed: opaque bytes, for [`link_effects`].
#[wasm_bindgen(js_name = condensePackage)]
pub fn condense_package(
    #[wasm_bindgen(unchecked_param_type = "CollectedInput")] input: JsValue,
) -> Result<Vec<u8>, JsError> {
    let surface = report::surface(&collected(input)?);
    postcard::to_allocvec(&surface).map_err(|e| JsError::new(&format!("its surface could not be stored: {e}")))
}

/// The names of the packages that a condensed package imports.
#[wasm_bindgen(js_name = dependenciesOf)]
pub fn dependencies_of(surface: &[u8]) -> Result<Vec<String>, JsError> {
    Ok(stored(surface)?.dependencies().into_iter().map(str::to_owned).collect())
}

/// What the exports of the first of these condensed packages reach through the others; nothing if it has no such subpath.
/// `installed` tells for each package where those that it imports are in the list.
#[wasm_bindgen(js_name = linkEffects, unchecked_return_type = "EffectsReport | undefined")]
#[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
pub fn link_effects(
    surfaces: Vec<Uint8Array>,
    #[wasm_bindgen(unchecked_param_type = "Record<string, number>[]")] installed: JsValue,
    path: &str,
    subpath: Option<String>,
) -> Result<JsValue, JsError> {
    let surfaces = surfaces
        .iter()
        .map(|bytes| stored(&bytes.to_vec()))
        .collect::<Result<Vec<_>, _>>()?;
    let surfaces: Vec<&Surface> = surfaces.iter().collect();
    let mut installed: Vec<FxHashMap<String, usize>> = read("installed", installed)?;
    for places in &mut installed {
        places.retain(|_, place| *place < surfaces.len());
    }
    installed.resize_with(surfaces.len(), FxHashMap::default);
    match Linker::new(&surfaces, &installed).report(0, path, subpath.as_deref()) {
        Some(report) => write(&report),
        None => Ok(JsValue::UNDEFINED),
    }
}

fn stored(surface: &[u8]) -> Result<Surface, JsError> {
    postcard::from_bytes(surface).map_err(|error| {
        JsError::new(&format!(
            "a stored surface cannot be read ({error}); condense the package again"
        ))
    })
}

/// One report of several packages.
#[wasm_bindgen(js_name = mergeReports, unchecked_return_type = "Report")]
pub fn merge_reports(
    #[wasm_bindgen(unchecked_param_type = "PackageReport[]")] packages: Vec<JsValue>,
) -> Result<JsValue, JsError> {
    let mut heads = Vec::with_capacity(packages.len());
    for package in packages {
        heads.push((read::<Head>("packages", package.clone())?, package));
    }
    order::sort_by(&mut heads, |(a, _), (b, _)| {
        (&a.path, &a.name, &a.version).cmp(&(&b.path, &b.name, &b.version))
    });
    let mut report = Report::new(Vec::new());
    let sorted = js_sys::Array::new();
    for (head, package) in heads {
        report.summary.count(head.verdict, &head.stats);
        sorted.push(&package);
    }
    let out: js_sys::Object = write(&report)?.unchecked_into();
    set(&out, "packages", &sorted);
    Ok(out.into())
}

/// What ordering and counting packages takes; the rest of a package's report is handed through as it is.
#[derive(Deserialize)]
struct Head {
    path: String,
    name: String,
    version: String,
    verdict: Verdict,
    stats: Stats,
}

/// Reads the text of an `importguard.json`; what is wrong with it is the error.
#[wasm_bindgen(js_name = readPolicy, unchecked_return_type = "Policy")]
pub fn read_policy(text: &str) -> Result<JsValue, JsError> {
    match Policy::parse(text) {
        Ok(policy) => write(&policy),
        Err(wrong) => Err(JsError::new(&wrong)),
    }
}

/// The files of a tarball.
#[wasm_bindgen(js_name = unpackTarball, unchecked_return_type = "Unpacked")]
pub fn unpack_tarball(bytes: &[u8]) -> Result<JsValue, JsError> {
    let package = archive::unpack(bytes, &archive::Limits::default()).map_err(|e| JsError::new(&e.to_string()))?;
    let files = js_sys::Array::new();
    for file in package.files {
        let entry = js_sys::Object::new();
        set(&entry, "path", &file.path.into());
        set(&entry, "bytes", &Uint8Array::from(&*file.bytes));
        files.push(&entry);
    }
    let unpacked = js_sys::Object::new();
    set(&unpacked, "integrity", &package.integrity.unwrap_or_default().into());
    set(&unpacked, "files", &files);
    set(&unpacked, "issues", &write(&package.issues)?);
    Ok(unpacked.into())
}

/// The import sites of a source, or the dependency entries of a `package.json`.
#[wasm_bindgen(js_name = listImports, unchecked_return_type = "ImportSite[]")]
pub fn list_imports(path: &str, source: &str) -> Result<JsValue, JsError> {
    write(&facts::import_sites(path, source))
}

/// Whether names look like popular ones; `list` is the content of `names.fst`.
#[wasm_bindgen(js_name = checkNames, unchecked_return_type = "Look[]")]
#[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
pub fn check_names(list: Vec<u8>, names: Vec<String>) -> Result<JsValue, JsError> {
    let list = self::names(list)?;
    write(&names.iter().map(|name| list.look(name)).collect::<Vec<_>>())
}

/// The rules, with their pages.
#[wasm_bindgen(js_name = ruleCatalog, unchecked_return_type = "RuleInfo[]")]
pub fn rule_catalog() -> Result<JsValue, JsError> {
    write(&RULES.iter().map(|rule| rule.info()).collect::<Vec<_>>())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CollectedInput {
    path: String,
    #[serde(default)]
    integrity: Option<String>,
    files: Vec<InputFile>,
    #[serde(default)]
    issues: Vec<Issue>,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    names: JsValue,
}

#[derive(Deserialize)]
struct InputFile {
    path: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    facts: Uint8Array,
}

/// Facts that another version stored are a blind spot, not a crash.
fn collected(input: JsValue) -> Result<Collected, JsError> {
    let input: CollectedInput = read("input", input)?;
    let mut out = Collected {
        path: input.path,
        integrity: input.integrity,
        release: None,
        files: Vec::with_capacity(input.files.len()),
        issues: input.issues,
        twins: Vec::new(),
    };
    for file in input.files {
        match postcard::from_bytes::<FileFacts>(&file.facts.to_vec()) {
            Ok(facts) => out.files.push((file.path, facts)),
            Err(error) => out.issues.push(Issue {
                kind: IssueKind::Crashed,
                message: format!("its stored facts cannot be read ({error}); collect them again"),
                file: file.path,
            }),
        }
    }
    if let Ok(list) = input.names.dyn_into::<Uint8Array>() {
        out.look_up(&names(list.to_vec())?);
    }
    Ok(out)
}

fn names(list: Vec<u8>) -> Result<Names<Vec<u8>>, JsError> {
    Names::new(list).map_err(|error| JsError::new(&error.to_string()))
}

fn read<T: for<'de> Deserialize<'de>>(what: &str, value: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| JsError::new(&format!("{what}: {error}")))
}

fn write<T: Serialize>(value: &T) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .map_err(|error| JsError::new(&format!("the result could not be handed over: {error}")))
}

fn set(object: &js_sys::Object, key: &str, value: &JsValue) {
    // A fresh plain object takes any property.
    let _ = js_sys::Reflect::set(object, &key.into(), value);
}

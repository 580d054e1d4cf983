//! The names of the language that are known: globals, and the functions that each kind of value has.

use super::heap::{Home, Native};

pub(super) const GLOBALS: [&str; 38] = [
    "Array",
    "ArrayBuffer",
    "BigInt",
    "Boolean",
    "Buffer",
    "DataView",
    "Date",
    "Error",
    "Function",
    "JSON",
    "Map",
    "Math",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "RangeError",
    "Reflect",
    "RegExp",
    "Set",
    "String",
    "Symbol",
    "SyntaxError",
    "TextDecoder",
    "TextEncoder",
    "TypeError",
    "Uint8Array",
    "atob",
    "btoa",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "escape",
    "eval",
    "isNaN",
    "unescape",
    "isFinite",
];
pub(super) const NUMBERS: [&str; 2] = ["parseInt", "parseFloat"];
const ARRAY: [&str; 38] = [
    "at",
    "concat",
    "copyWithin",
    "entries",
    "every",
    "fill",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "flat",
    "flatMap",
    "forEach",
    "includes",
    "indexOf",
    "join",
    "keys",
    "lastIndexOf",
    "map",
    "pop",
    "push",
    "reduce",
    "reduceRight",
    "reverse",
    "shift",
    "slice",
    "some",
    "sort",
    "splice",
    "toLocaleString",
    "toReversed",
    "toSorted",
    "toSpliced",
    "toString",
    "unshift",
    "values",
    "with",
];
const STRING: [&str; 51] = [
    "anchor",
    "at",
    "big",
    "blink",
    "bold",
    "charAt",
    "charCodeAt",
    "codePointAt",
    "concat",
    "endsWith",
    "fixed",
    "fontcolor",
    "fontsize",
    "includes",
    "indexOf",
    "isWellFormed",
    "italics",
    "lastIndexOf",
    "link",
    "localeCompare",
    "match",
    "matchAll",
    "normalize",
    "padEnd",
    "padStart",
    "repeat",
    "replace",
    "replaceAll",
    "search",
    "slice",
    "small",
    "split",
    "startsWith",
    "strike",
    "sub",
    "substr",
    "substring",
    "sup",
    "toLocaleLowerCase",
    "toLocaleUpperCase",
    "toLowerCase",
    "toString",
    "toUpperCase",
    "toWellFormed",
    "trim",
    "trimEnd",
    "trimLeft",
    "trimRight",
    "trimStart",
    "valueOf",
    "length",
];
const NUMBER: [&str; 6] = [
    "toExponential",
    "toFixed",
    "toLocaleString",
    "toPrecision",
    "toString",
    "valueOf",
];
const FUNCTION: [&str; 4] = ["apply", "bind", "call", "toString"];
const OBJECT: [&str; 6] = [
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];
const REGEXP: [&str; 4] = ["compile", "exec", "test", "toString"];
const BYTES: [&str; 22] = [
    "at",
    "every",
    "fill",
    "forEach",
    "includes",
    "indexOf",
    "join",
    "map",
    "readUInt8",
    "reduce",
    "reverse",
    "set",
    "slice",
    "some",
    "subarray",
    "swap16",
    "toJSON",
    "toString",
    "writeUInt8",
    "filter",
    "equals",
    "find",
];
const MAP: [&str; 6] = ["add", "clear", "delete", "get", "has", "set"];
const MATH: [&str; 11] = [
    "abs", "ceil", "floor", "imul", "max", "min", "pow", "round", "sign", "sqrt", "trunc",
];
const STATICS: [(&str, Home, &[&str]); 7] = [
    ("Array", Home::ArrayStatic, &["from", "isArray", "of"]),
    ("String", Home::StringStatic, &["fromCharCode", "fromCodePoint"]),
    (
        "Number",
        Home::NumberStatic,
        &["isFinite", "isInteger", "isNaN", "isSafeInteger"],
    ),
    (
        "Object",
        Home::ObjectStatic,
        &[
            "assign",
            "create",
            "entries",
            "freeze",
            "fromEntries",
            "keys",
            "seal",
            "values",
        ],
    ),
    (
        "Buffer",
        Home::BufferStatic,
        &["alloc", "byteLength", "concat", "from", "isBuffer"],
    ),
    ("JSON", Home::JsonStatic, &["parse", "stringify"]),
    ("Uint8Array", Home::BytesStatic, &["from", "of"]),
];
const TO_STRING: [&str; 1] = ["toString"];
const DECODE: [&str; 1] = ["decode"];
const ENCODE: [&str; 1] = ["encode"];

/// The function of that name that a kind of value has.
pub(super) fn method(home: Home, key: &str) -> Option<Native> {
    let list: &[&'static str] = match home {
        Home::Array => &ARRAY,
        Home::String => &STRING,
        Home::Number => &NUMBER,
        Home::Boolean => &TO_STRING,
        Home::Function => &FUNCTION,
        Home::Object => &OBJECT,
        Home::RegExp => &REGEXP,
        Home::Bytes => &BYTES,
        Home::Map => &MAP,
        Home::MathStatic => &MATH,
        Home::Decoder => &DECODE,
        Home::Encoder => &ENCODE,
        Home::Global => &GLOBALS,
        _ => &[],
    };
    let name = list.iter().find(|name| **name == key)?;
    Some(Native { home, name })
}

pub(super) fn static_member(global: &str, key: &str) -> Option<Native> {
    if global == "Math" {
        return method(Home::MathStatic, key);
    }
    if global == "Number"
        && let Some(name) = NUMBERS.iter().find(|name| **name == key)
    {
        return Some(Native {
            home: Home::Global,
            name,
        });
    }
    let (_, home, names) = STATICS.iter().find(|(name, ..)| *name == global)?;
    let name = names.iter().find(|name| **name == key)?;
    Some(Native { home: *home, name })
}

/// A number that a global has as a member.
pub(super) fn constant(global: &str, key: &str) -> Option<f64> {
    Some(match (global, key) {
        ("Math", "PI") => std::f64::consts::PI,
        ("Number", "MAX_SAFE_INTEGER") => 9_007_199_254_740_991.0,
        ("Number", "MIN_SAFE_INTEGER") => -9_007_199_254_740_991.0,
        ("Number", "NaN") => f64::NAN,
        _ => return None,
    })
}

pub(super) fn is_function_name(key: &str) -> bool {
    FUNCTION.contains(&key)
        || matches!(
            key,
            "caller" | "arguments" | "constructor" | "name" | "length" | "__proto__"
        )
}

pub(super) fn has_prototype(name: &str) -> bool {
    matches!(
        name,
        "Array" | "String" | "Number" | "Boolean" | "Function" | "Object" | "RegExp" | "Map" | "Set"
    )
}

/// What a constructor's prototype has.
pub(super) fn home_of(name: &str) -> Home {
    match name {
        "Array" => Home::Array,
        "String" => Home::String,
        "Number" => Home::Number,
        "Boolean" => Home::Boolean,
        "Function" => Home::Function,
        "RegExp" => Home::RegExp,
        "Map" | "Set" => Home::Map,
        _ => Home::Object,
    }
}

impl Native {
    pub(super) fn is_object(self) -> bool {
        matches!(self.home, Home::Prototype) || matches!(self.name, "Math" | "JSON" | "globalThis" | "Reflect")
    }
}

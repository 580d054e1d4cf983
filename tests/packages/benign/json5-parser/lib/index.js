"use strict";

const unicode = require("./unicode.js");

const ESCAPES = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", 0: "\0" };

module.exports = function parse(source) {
  let at = 0;
  const fail = () => {
    throw new SyntaxError(`unexpected ${at < source.length ? JSON.stringify(source[at]) : "end"} at ${at}`);
  };
  const space = () => {
    while (at < source.length && (/\s/.test(source[at]) || unicode.Space_Separator.test(source[at]))) at++;
  };
  const expect = (text) => {
    space();
    if (!source.startsWith(text, at)) fail();
    at += text.length;
  };
  const escape = () => {
    const one = source[at++];
    const length = { u: 4, x: 2 }[one];
    if (!length) return ESCAPES[one] ?? one;
    at += length;
    return String.fromCharCode(parseInt(source.slice(at - length, at), 16));
  };
  const string = (quote) => {
    let out = "";
    for (at++; source[at] !== quote; ) {
      if (at >= source.length) fail();
      const one = source[at++];
      out += one === "\\" ? escape() : one;
    }
    at++;
    return out;
  };
  const name = () => {
    space();
    if (source[at] === '"' || source[at] === "'") return string(source[at]);
    const start = at;
    while (/[\w$]/.test(source[at] ?? "") || unicode.ID_Start.test(source[at] ?? "")) at++;
    if (start === at) fail();
    return source.slice(start, at);
  };
  const value = () => {
    space();
    const one = source[at];
    if (one === "{") {
      const out = {};
      for (expect("{"), space(); source[at] !== "}"; space()) {
        const key = name();
        expect(":");
        out[key] = value();
        space();
        if (source[at] === ",") at++;
        else if (source[at] !== "}") fail();
      }
      at++;
      return out;
    }
    if (one === '"' || one === "'") return string(one);
    const [word] = /^(?:true|false|null|[-+.\d][\w+.-]*)/.exec(source.slice(at)) ?? fail();
    at += word.length;
    return word === "true" ? true : word === "false" ? false : word === "null" ? null : Number(word);
  };
  const result = value();
  space();
  if (at < source.length) fail();
  return result;
};

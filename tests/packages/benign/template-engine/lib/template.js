"use strict";

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
const escapeHtml = (value) => String(value ?? "").replace(/[&<>"']/g, (one) => escapes[one]);
const cache = new Map();

/** Compiles a template with <% code %>, <%= escaped %> and <%- raw %>. */
function compile(template, { variable = "it", strict = false } = {}) {
  let body = strict ? '"use strict";' : "";
  body += "let out = '';";
  let at = 0;
  for (const match of template.matchAll(/<%([=-]?)([\s\S]*?)%>/g)) {
    body += `out += ${JSON.stringify(template.slice(at, match.index))};`;
    if (match[1] === "=") body += `out += escapeHtml(${match[2]});`;
    else if (match[1] === "-") body += `out += (${match[2]});`;
    else body += `${match[2]}\n`;
    at = match.index + match[0].length;
  }
  body += `out += ${JSON.stringify(template.slice(at))}; return out;`;
  const render = new Function(variable, "escapeHtml", body);
  return (data) => render(data, escapeHtml);
}

function render(template, data, options) {
  let compiled = cache.get(template);
  if (!compiled) cache.set(template, (compiled = compile(template, options)));
  return compiled(data);
}

module.exports = { compile, render, escapeHtml };

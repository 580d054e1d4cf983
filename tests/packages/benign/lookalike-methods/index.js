"use strict";

const HEADER = /^(\d+):\s*(.*)$/;

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }
  read(count) {
    return this.text.slice(this.at, (this.at += count));
  }
  eval(rule) {
    return rule.test(this.text);
  }
  fetch(key) {
    return this[key];
  }
}

// A test command of a browser runner, not of the system.
function shortcuts(cy) {
  cy.spawn(() => cy.exec("visible"));
  return cy.request("/items");
}

function match(text) {
  const [, code, rest] = HEADER.exec(text) ?? [];
  const reader = new Reader(rest ?? "");
  return { code, first: reader.read(1), ok: reader.eval(/x/), text: reader.fetch("text") };
}

function work(fetch, process, require) {
  const { env } = process;
  return fetch(require("settings"), env.mode, process.exec("step"));
}

const model = { open: (path) => path, system: (name) => name, writeFile: (name) => ({ name }), connect: () => true };
exports.run = (name) => [model.open(name), model.system(name), model.writeFile(name), model.connect()];

module.exports.match = match;
module.exports.work = work;
module.exports.shortcuts = shortcuts;

"use strict";

if (!Array.prototype.findLast) {
  Object.defineProperty(Array.prototype, "findLast", {
    configurable: true,
    writable: true,
    value: function findLast(test, self) {
      for (let i = this.length - 1; i >= 0; i--) if (test.call(self, this[i], i, this)) return this[i];
      return undefined;
    },
  });
}

if (typeof globalThis.structuredClone !== "function") {
  globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
}

String.prototype.at ??= function at(index) {
  return this.charAt(index < 0 ? this.length + index : index);
};

if (typeof globalThis.fetch === "undefined") globalThis.fetch = require("./fetch.js");

import assert from "node:assert/strict";
import { test } from "node:test";

import { importguard } from "unplugin-importguard";

import { readOptions } from "../dist/options.js";

test("fills in the defaults", () => {
  assert.deepEqual(readOptions(undefined), {
    warn: "medium",
    fail: "off",
    report: undefined,
    externals: false,
    cache: false,
    policy: undefined,
    rules: [],
    noRules: [],
  });
});

test("reads every form of a report", () => {
  assert.deepEqual(readOptions({ report: true }).report, { form: "text" });
  assert.deepEqual(readOptions({ report: "json" }).report, { form: "json" });
  assert.deepEqual(readOptions({ report: "./a.json" }).report, { form: "json", file: "./a.json" });
  assert.deepEqual(readOptions({ report: "out/a.txt" }).report, { form: "text", file: "out/a.txt" });
});

for (const [what, options, message] of [
  ["a list", [], /options must be an object, not \[\]/],
  ["an unknown name", { wran: "low" }, /unknown option `wran`; the options are warn, fail/],
  ["an unknown severity", { warn: "hihg" }, /option `warn` must be one of "info", .*"off", not "hihg"/],
  ["a severity of another type", { fail: true }, /option `fail` must be one of .*, not true/],
  ["a misspelt report", { report: "jsno" }, /option `report` must be true, false, "text", "json" or a file path/],
  ["a flag that is none", { externals: "yes" }, /option `externals` must be true or false, not "yes"/],
  ["a policy that is no file", { policy: true }, /option `policy` must be a file path or false, not true/],
  ["rules that are no list", { rules: "dynamic-code" }, /option `rules` must be a list of rule ids/],
]) {
  test(`refuses ${what} as soon as the plugin is made`, () => {
    assert.throws(() => importguard.rollup(options), (error) => error instanceof TypeError && message.test(error.message));
  });
}

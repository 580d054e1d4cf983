// Every accepted report under tests/packages satisfies the JSON Schema and the TypeScript types:
// what Rust writes is what the hosts read.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const accepted = path.join(root, "tests/packages");
const work = path.join(root, "target/types");

const schema = JSON.parse(readFileSync(path.join(root, "docs/report.schema.json"), "utf8"));
const ajv = new Ajv2020({ allErrors: true, validateFormats: false });
const validate = {
  Report: ajv.compile(forbidUnknownFields(schema)),
  PackageReport: ajv.compile({ $ref: "#/$defs/PackageReport", $defs: schema.$defs }),
};

/** A field that the types do not know is a mistake here, although readers of newer reports must tolerate it. */
function forbidUnknownFields(node) {
  if (node && typeof node === "object") {
    if (node.properties) node.additionalProperties = false;
    Object.values(node).forEach(forbidUnknownFields);
  }
  return node;
}

function reports() {
  const found = [];
  for (const entry of readdirSync(accepted, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const value = parse(readFileSync(file, "utf8"));
    const type = value?.schemaVersion ? "Report" : value?.verdict && value?.capabilities ? "PackageReport" : undefined;
    if (type) found.push({ file: path.relative(root, file), type, value });
  }
  return found;
}

/** Fixtures hold broken JSON on purpose; a report never is. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const found = reports();
if (found.length === 0) throw new Error("no report was found under tests/packages");
const problems = [];

for (const { file, type, value } of found) {
  if (validate[type](value)) continue;
  // A word outside a list of words fails once for every word of the list and once for the list.
  for (const { instancePath, message, params } of validate[type].errors.filter(({ keyword }) => keyword !== "const")) {
    problems.push(`${file}: ${instancePath || "/"} ${message} ${JSON.stringify(params)}`);
  }
}

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
found.forEach(({ file, type, value }, index) => {
  const types = path.relative(work, path.join(root, "src/wasm/report.js")).replaceAll("\\", "/");
  const text = `// ${file}\nimport type { ${type} } from "${types}";\n\nexport const report: ${type} = ${JSON.stringify(value, null, 2)};\n`;
  writeFileSync(path.join(work, `report-${index}.ts`), text);
});
const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2022", "--skipLibCheck"];
const files = readdirSync(work).map((name) => path.join(work, name));
const tsc = spawnSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), ...options, ...files], { encoding: "utf8" });
if (tsc.status !== 0) problems.push(`${tsc.stdout}${tsc.stderr}`.trim());

for (const problem of problems) console.error(problem);
console.log(`${found.length} reports checked against the JSON Schema and the TypeScript types, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

// docs/errors.md has every code that the source can give, and no other.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { web } from "./fixture.mjs";

const root = join(web, "..");
const read = (name) => readFileSync(join(root, name), "utf8");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.go", "web/src/*.ts"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((name) => name && !/_test\.go$|^cmd\/|^internal\/|^web\/src\/neo4j|^web\/src\/.*ambient/.test(name));
const all = (text, pattern) => [...text.matchAll(pattern)].flatMap((found) => found.slice(1)).filter(Boolean);

/** The codes of the query engine, and what those become that have a meaning beyond queries. */
function inGo() {
  const codes = new Set();
  const go = files.filter((name) => name.endsWith(".go")).map(read);
  const became = new Set(all(read("errors.go").split("var queryCodes")[1].split("\n}")[0], /"(\w+)":/g));
  for (const text of go) {
    for (const code of all(text, /\b[cC]ode\w*(?:\s+Code)?\s*(?:=|:)\s*"([A-Z]+(?:_[A-Z]+)*)"/g)) codes.add(code);
  }
  // Elsewhere such words are names of JavaScript's errors.
  for (const text of files.filter((name) => /^cypher\/.*\.go$/.test(name)).map(read)) {
    for (const code of all(text, /"([A-Z][a-z]+(?:[A-Z][a-z]+)*Error|EntityNotFound|ParameterMissing|Constraint(?:Validation|Verification)Failed)"/g)) if (!became.has(code)) codes.add(code);
  }
  return codes;
}

function inTypeScript() {
  const made = /(?:PocketGraphError|asError|unanswered|\berror)\((?:[^"()]*(?:"no" )?\? |\w+, )?"([A-Z]+(?:_[A-Z]+)*)"(?: : "([A-Z]+(?:_[A-Z]+)*)")?/g;
  return new Set(files.filter((name) => name.endsWith(".ts")).flatMap((name) => all(read(name), made)));
}

test("the table of errors has every code, with phase, cause and remedy", () => {
  const rows = [...read("docs/errors.md").matchAll(/^\| `(\w+)` \|([^|]+)\|([^|]+)\|([^|]*)\|$/gm)];
  const listed = rows.map(([, code]) => code);
  const found = new Set([...inGo(), ...inTypeScript()]);
  assert.ok(found.has("WASM_BLOCKED") && found.has("CORRUPT") && found.has("ArithmeticError"), "the source was searched");
  assert.deepEqual([...found].filter((code) => !listed.includes(code)), [], "in the source, and not in docs/errors.md");
  assert.deepEqual(listed.filter((code) => !found.has(code)), [], "in docs/errors.md, and not in the source");
  assert.equal(new Set(listed).size, listed.length, "no code twice");
  for (const [line, , phase, cause] of rows) assert.ok(cause.trim().length > 10 && phase.trim().split(", ").every((word) => ["start", "open", "use", "compile", "runtime", "any"].includes(word)), line);
});

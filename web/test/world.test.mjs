// The demo graph as text: facts that anybody can look up, and its form.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const script = readFileSync(join(here, "../explorer/demo/world.cypher"), "utf8");
const between = (from, to) => script.slice(script.indexOf(from), script.indexOf(to));
const lists = (text) => [...text.matchAll(/\['([^']+)', \[([^\]]*)\]\]/g)].map(([, key, list]) => [key, [...list.matchAll(/'([^']+)'/g)].map(([, item]) => item)]);

const countries = [...between("// code, name, capital", "// Countries without").matchAll(/\['([A-Z]{2})', '([^']+)', '([^']+)'\]/g)].map(([, code, name, capital]) => ({ code, name, capital }));
const codes = new Set(countries.map(({ code }) => code));
const pairs = lists(between("// Land borders", "// Official languages")).flatMap(([a, others]) => others.map((b) => [a, b]));
const degree = (code) => pairs.filter((pair) => pair.includes(code)).length;

test("197 countries, each code and name once", () => {
  assert.equal(countries.length, 197);
  assert.equal(codes.size, 197);
  assert.equal(new Set(countries.map(({ name }) => name)).size, 197);
});

test("borders join known countries, each pair once and in order", () => {
  const seen = new Set();
  for (const [a, b] of pairs) {
    assert.ok(codes.has(a) && codes.has(b), `${a}-${b}`);
    assert.ok(a < b, `${a}-${b} is written in the other order, or a country borders itself`);
    assert.ok(!seen.has(a + b), `${a}-${b} is there twice`);
    seen.add(a + b);
  }
});

const known = { DE: 9, BR: 10, CN: 14, RU: 14, FR: 10, CD: 9, PT: 1, US: 2, CA: 2, AT: 8, TR: 8, TZ: 8, IN: 6, KR: 1, IE: 1, GB: 1, LS: 1, JP: 0, AU: 0, IS: 0, SG: 0 };
for (const [code, neighbours] of Object.entries(known)) {
  test(`${code} has ${neighbours} neighbours`, () => assert.equal(degree(code), neighbours));
}

test("landlocked countries are known, have neighbours, and are 45", () => {
  const landlocked = [...between("// Countries without", "// Land borders").matchAll(/'([A-Z]{2})'/g)].map(([, code]) => code);
  assert.equal(new Set(landlocked).size, 45);
  for (const code of landlocked) assert.ok(codes.has(code) && degree(code) > 0, code);
});

test("every country speaks a known language", () => {
  const languages = lists(script.slice(script.indexOf("// Official languages")));
  const speaking = new Set();
  for (const [language, where] of languages) {
    assert.equal(new Set(where).size, where.length, `${language} names a country twice`);
    for (const code of where) assert.ok(codes.has(code), `${language}: ${code}`), speaking.add(code);
  }
  assert.deepEqual([...codes].filter((code) => !speaking.has(code)), []);
  assert.equal(new Set(languages.map(([language]) => language)).size, languages.length);
});

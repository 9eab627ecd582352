// db.load: columns become what the same rows become as parameters of statements;
// from the tab that owns the files and from one that does not; all or nothing.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, openApp, serveApp, session } from "./fixture.mjs";

const timeout = 120_000;

/** On the page: the same tables by columns and by rows, and what is there then. */
async function twice(storage) {
  const n = storage === "memory" ? 2500 : 1500; // several chunks of the store
  const make = (value) => Array.from({ length: n }, (_, i) => value(i));
  const people = {
    id: Int32Array.from(make((i) => i * 3)),
    name: make((i) => (i % 7 ? `person ${i}` : i % 2 ? null : `Grüße ${i} 🦜`)),
    big: BigInt64Array.from(make((i) => BigInt(i) << 45n)),
    score: Float64Array.from(make((i) => i / 4)),
    small: Int8Array.from(make((i) => i % 100)),
    wide: Uint32Array.from(make((i) => i * 800_000)),
    single: Float32Array.from(make((i) => i / 8)),
    safe: make((i) => (i % 3 ? i * 2 ** 31 : i)),
    negative: make((i) => -i * 2 ** 31),
    fraction: make((i) => i + 0.5),
    number: make((i) => (i % 2 ? i : i + 0.25)),
    flag: make((i) => (i % 5 ? i % 2 === 0 : undefined)),
    mixed: make((i) => [i, `${i}`, [1, i], { $date: "2024-02-29" }, -0, 12345678901234567890n % BigInt(i + 1), null][i % 7]),
  };
  const things = { __proto__: null, code: make((i) => `t${i}`), constructor: make((i) => i) };
  const from = Uint32Array.from(make((i) => (i * 7) % n));
  const to = make((i) => `t${(i * 11) % n}`);
  const since = Int16Array.from(make((i) => 1900 + (i % 120)));
  const open = (name) => globalThis.pg.open(name, { storage });
  const one = await open(`columns ${storage}`);
  const other = await open(`rows ${storage}`);
  for (const db of [one, other]) await db.query("CREATE INDEX FOR (n:Person) ON (n.id)");

  const progress = [];
  const report = await one.load(
    {
      nodes: [{ labels: ["Person", "Being"], properties: people }, { labels: ["Thing"], properties: things }, { count: 3 }],
      relationships: [
        { type: "HAS", from: { table: 0, rows: from }, to: { label: "Thing", property: "code", values: to }, properties: { since } },
        { type: "KNOWS", from: { label: "Person", property: "id", values: Float64Array.from(from, (i) => i * 3) }, to: { table: 0, rows: [...from].reverse() } },
      ],
    },
    { onProgress: (p) => progress.push(p), metadata: { who: "load" } },
  );

  const rowsOf = (columns) => make((i) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column instanceof Float64Array || column instanceof Float32Array ? { $float: column[i] } : column[i]])));
  await other.query("UNWIND $rows AS row CREATE (n:Person:Being) SET n = row", { rows: rowsOf(people) });
  await other.query("UNWIND $rows AS row CREATE (n:Thing) SET n = row", { rows: rowsOf(things) });
  await other.query("UNWIND range(1, 3) AS i CREATE ()");
  await other.query("UNWIND $rows AS row MATCH (a:Person {id: row[0]}) MATCH (b:Thing {code: row[1]}) CREATE (a)-[:HAS {since: row[2]}]->(b)", { rows: make((i) => [from[i] * 3, to[i], since[i]]) });
  await other.query("UNWIND $rows AS row MATCH (a:Person {id: row[0]}) MATCH (b:Person {id: row[1]}) CREATE (a)-[:KNOWS]->(b)", { rows: make((i) => [from[i] * 3, from[n - 1 - i] * 3]) });

  const seen = [];
  for (const db of [one, other]) {
    const text = (rows) => JSON.stringify(rows, (_, x) => (typeof x === "bigint" ? `${x}n` : Object.is(x, -0) ? "-0" : x));
    const ask = async (query) => text((await db.query(query, {}, { rows: "array" })).rows);
    seen.push([
      await ask("MATCH (n) RETURN labels(n), properties(n) ORDER BY n.id, n.code"),
      await ask("MATCH (a)-[r]->(b) RETURN a.id, type(r), properties(r), b.id, b.code ORDER BY a.id, type(r), r.since, b.id, b.code"),
      await ask("MATCH (n:Person {id: 2997}) RETURN n.name, valueType(n.score), valueType(n.wide), valueType(n.number)"),
      text(await db.check()),
    ]);
  }
  const who = [];
  for await (const change of one.changes({ follow: false })) who.push(change.metadata.who);
  for (const db of [one, other]) await db.close();
  return { same: seen[0].map((answer, i) => answer === seen[1][i]), answer: seen[0][2], checks: seen[0][3], report, progress, who };
}

/** On the page: what is refused, how it is told, and what is left. */
async function refused() {
  const db = await globalThis.pg.open("refused", { storage: "memory" });
  await db.query("CREATE CONSTRAINT FOR (n:U) REQUIRE n.k IS UNIQUE");
  await db.query("CREATE (:U {k: 2}), (:D {k: 1}), (:D {k: 1})");
  const many = Int32Array.from({ length: 40_000 }, (_, i) => (i === 30_001 ? 2 : i + 10));
  const end = (label, ...values) => ({ label, property: "k", values });
  const rels = (from, to, more) => ({ relationships: [{ type: "T", from, to, ...more }] });
  const out = [];
  for (const tables of [
    { nodes: [{ labels: ["U"], properties: { k: many } }] },
    { nodes: [{ properties: { a: [1], b: [1, 2] } }] },
    { nodes: [{}, { properties: { a: "text" } }] },
    { nodes: [{ properties: { a: [1, () => 1] } }] },
    { nodes: [{ properties: { a: ["a", "b\ud800"] } }] },
    { nodes: [{ properties: { a: [{ b: 1 }] } }] },
    { nodes: [{ count: 2 }], ...rels({ table: 0, rows: [0, 2] }, { table: 0, rows: [0, 1] }) },
    rels({ table: 0, rows: [0] }, { table: 0, rows: [0] }),
    rels(end("U", 2), end("U")),
    rels(end("U", 2, 3), end("U", 2, 2)),
    rels(end("U", 2), end("D", 1)),
    rels(end("U", 2), {}),
    { nodes: [{ labels: ["x".repeat(1 << 17)], count: 1 }] },
    { nodes: [{ count: -1 }] },
    { nodes: [{ labels: "U", count: 1 }] },
    { relationships: [{ from: end("U", 2), to: end("U", 2) }] },
    rels(end("U", 2), { label: "U", values: [2] }),
  ]) {
    const error = await db.load(tables).then(() => null, (error) => error);
    out.push(error instanceof globalThis.pg.PocketGraphError ? `${error.code}: ${error.message}` : String(error));
  }
  const nothing = await db.load({});
  const { rows } = await db.query("MATCH (n) RETURN count(n) AS n");
  await db.close();
  return { out, nothing, nodes: rows[0].n };
}

/** On the page: a load that is aborted on its way. */
async function aborted() {
  const db = await globalThis.pg.open("aborted", { storage: "memory" });
  const tables = { nodes: [{ labels: ["A"], properties: { k: new Int32Array(100_000) } }] };
  const tell = async (load) => {
    const error = await load.then(() => null, (error) => error);
    return `${error?.code} ${error?.cause}`;
  };
  const stop = new AbortController();
  const out = [await tell(db.load(tables, { signal: AbortSignal.abort("at once") })), await tell(db.load(tables, { signal: stop.signal, onProgress: () => stop.abort("enough") }))];
  const { rows } = await db.query("MATCH (n) RETURN count(n) AS n");
  await db.load(tables, { signal: new AbortController().signal });
  out.push(rows[0].n, (await db.query("MATCH (n) RETURN count(n) AS n")).rows[0].n);
  await db.close();
  return out;
}

/** On the page: rows that are too long for one body. */
async function long() {
  const db = await globalThis.pg.open("long", { storage: "memory" });
  const n = 70;
  const k = Int32Array.from({ length: n }, (_, i) => i);
  const text = ["x", "y"].map((x) => x.repeat(1 << 20)); // interned by the engine
  const progress = [];
  const table = { labels: ["L"], properties: { t: Array.from(k, (i) => text[i % 2]), k } };
  await db.load({ nodes: [table], relationships: [{ type: "T", from: { table: 0, rows: k }, to: { label: "L", property: "k", values: k }, properties: { k } }] }, { onProgress: ({ done }) => progress.push(done) });
  const { rows } = await db.query("MATCH (n:L)-[r:T]->(n) WHERE n.k = r.k AND n.t STARTS WITH CASE n.k % 2 WHEN 0 THEN 'x' ELSE 'y' END RETURN count(n) AS n, sum(n.k) AS k, sum(size(n.t)) AS bytes");
  await db.close();
  return { ...rows[0], progress };
}

const expected = [
  /^CONSTRAINT: nodes\[0\], row 30001: node 1 has the same values/,
  /^INVALID_ARGUMENT: nodes\[0\]\.properties\.b has 2 rows, properties\.a has 1$/,
  /^INVALID_ARGUMENT: nodes\[1\]\.properties\.a is no column$/,
  /^INVALID_ARGUMENT: nodes\[0\]\.properties\.a\[1\] is a function/,
  /^INVALID_ARGUMENT: nodes\[0\]\.properties\.a\[1\] has half a surrogate pair/,
  /^INVALID_ARGUMENT: nodes\[0\], row 0: not a property value$/,
  /^INVALID_ARGUMENT: relationships\[0\]\.from\.rows\[1\] is 2: nodes\[0\] has 2 rows$/,
  /^INVALID_ARGUMENT: relationships\[0\]\.from: there is no nodes\[0\]$/,
  /^INVALID_ARGUMENT: relationships\[0\]\.to has 0 rows, from has 1$/,
  /^NOT_FOUND: relationships\[0\], row 1: there is no such node$/,
  /^INVALID_ARGUMENT: relationships\[0\], row 0: there is more than one such node$/,
  /^INVALID_ARGUMENT: relationships\[0\]\.to has neither rows of a table nor values of a label and a property$/,
  /^LIMIT: /,
  /^INVALID_ARGUMENT: nodes\[0\]\.count is no column$/,
  /^INVALID_ARGUMENT: nodes\[0\]\.labels are no strings$/,
  /^INVALID_ARGUMENT: relationships\[0\]\.type is no string$/,
  /^INVALID_ARGUMENT: relationships\[0\]\.to has neither rows of a table nor values of a label and a property$/,
];

let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

for (const browser of browsers) {
  describe(browser, () => {
    let server, here;
    before(async () => {
      server = await serveApp(app);
      here = await session(browser, app, { server });
    }, { timeout });
    after(async () => {
      await here?.close();
      await server?.close();
    });

    for (const storage of ["memory", "opfs"]) {
      test(`columns and rows make the same, ${storage}`, { timeout }, async () => {
        const { same, answer, checks, report, progress, who } = await here.page.evaluate(twice, storage);
        assert.deepEqual(same, [true, true, true, true]);
        assert.equal(answer, '[["person 999","FLOAT NOT NULL","INTEGER NOT NULL","INTEGER NOT NULL"]]');
        assert.equal(checks, "[]");
        const n = storage === "memory" ? 2500 : 1500;
        assert.deepEqual([report.nodes, report.relationships], [2 * n + 3, 2 * n]);
        assert.ok(report.sequence > 0);
        assert.deepEqual(progress.at(-1), { done: 4 * n + 3, total: 4 * n + 3 });
        if (storage === "opfs") assert.deepEqual(who.at(-1), "load");
      });
    }

    test("what is wrong is told with its place, and nothing of it stays", { timeout }, async () => {
      const { out, nothing, nodes } = await here.page.evaluate(refused);
      assert.equal(out.length, expected.length);
      expected.forEach((pattern, i) => assert.match(out[i], pattern));
      assert.deepEqual(nothing, { nodes: 0, relationships: 0 });
      assert.equal(nodes, 3);
    });

    test("of long values a body takes fewer rows", { timeout }, async () => {
      const { n, k, bytes, progress } = await here.page.evaluate(long);
      assert.deepEqual([n, k, bytes], [70, (70 * 69) / 2, 70 << 20]);
      assert.ok(progress.length > 9, String(progress));
      assert.equal(progress.at(-1), 140);
    });

    test("aborted", { timeout }, async () => {
      assert.deepEqual(await here.page.evaluate(aborted), ["CANCELLED at once", "CANCELLED enough", 0, 100_000]);
    });

    test("from a tab that does not own the files, also when the owner goes", { timeout }, async () => {
      const open = async (page) => page.evaluate(async () => (globalThis.db = await globalThis.pg.open("load from tabs", { storage: "opfs" })).info.role);
      const load = (page, stop) =>
        page.evaluate(async (stop) => {
          const k = Int32Array.from({ length: 50_000 }, (_, i) => i);
          const onProgress = async () => stop && (stop = await globalThis.stopOwner?.());
          const end = { label: "N", property: "k", values: k };
          return globalThis.db.load({ nodes: [{ labels: ["N"], properties: { k } }], relationships: [{ type: "T", from: end, to: end }] }, { onProgress }).then(({ nodes }) => nodes, (error) => `${error.code} ${error.applied}`);
        }, stop);
      const count = (page) => page.evaluate(async () => (await globalThis.db.query("MATCH (n:N) RETURN count(n) AS n")).rows[0].n);
      const owner = await openApp(here.browser, `${server.url}/index.html`);
      assert.equal(await open(owner), "owner");
      const follower = await openApp(here.browser, `${server.url}/index.html`);
      assert.equal(await open(follower), "follower");
      let gone;
      await follower.exposeFunction("stopOwner", () => (gone ??= owner.close()).then(() => false));
      const first = await load(follower, true);
      await gone;
      const there = await count(follower); // by the next owner
      if (first === 50_000) assert.equal(there, 50_000); // it was faster
      else {
        assert.equal(first, "OWNER_CHANGED no");
        assert.equal(there, 0);
        assert.equal(await load(follower), 50_000);
        assert.equal(await count(follower), 50_000);
      }
      const other = await openApp(here.browser, `${server.url}/index.html`);
      assert.equal(await open(other), "follower");
      assert.equal(await count(other), 50_000);
      await other.evaluate(() => globalThis.db.query("MATCH (n:N) DETACH DELETE n"));
      assert.equal(await load(other), 50_000);
      assert.equal(await count(follower), 50_000);
      assert.deepEqual(await other.evaluate(() => globalThis.db.check()), []);
      for (const page of [other, follower]) {
        await page.evaluate(() => globalThis.db.close());
        await page.close();
      }
    });
  });
}

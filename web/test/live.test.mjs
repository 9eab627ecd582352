// Live queries, the change feed, metadata and events, in real browsers, on OPFS
// and in memory. What a live query shows is compared with asking again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, session, web } from "./fixture.mjs";

const timeout = 120_000;
let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

// Each runs on the page, with the storage as its argument, and returns what is compared here.
const cases = {
  "a live query shows what changed, and what did": {
    async run(storage) {
      const db = await globalThis.pg.open("live", { storage });
      await db.query("CREATE (:P {name: 'Ada', n: 1}), (:P {name: 'Bo', n: 2}), (:Q {name: 'Cy'})");
      const seen = [];
      const names = (rows) => rows.map((r) => r.p?.properties.name ?? r.name).sort();
      const steps = [
        "CREATE (:Q {n: 9})", // nothing to it
        "MATCH (p:P {name: 'Ada'}) SET p.n = 5",
        "CREATE (:P {name: 'Di'})",
        "MATCH (p:P {name: 'Bo'}) DETACH DELETE p",
        "MATCH (q:Q {name: 'Cy'}) SET q:P",
      ];
      for await (const { rows, added, removed, changed, sequence } of db.live("MATCH (p:P) RETURN p")) {
        seen.push({ rows: names(rows), added: names(added), removed: names(removed), changed: changed.map(({ before, after }) => [before.p.properties.n, after.p.properties.n]), sequence: sequence > 0 });
        if (!steps.length) break;
        if (seen.length === 1) await db.query(steps.shift());
        await db.query(steps.shift());
      }
      const { rows } = await db.query("MATCH (p:P) RETURN p");
      await db.close();
      return { seen, last: names(rows) };
    },
    want: {
      seen: [
        { rows: ["Ada", "Bo"], added: ["Ada", "Bo"], removed: [], changed: [], sequence: true },
        { rows: ["Ada", "Bo"], added: [], removed: [], changed: [[1, 5]], sequence: true },
        { rows: ["Ada", "Bo", "Di"], added: ["Di"], removed: [], changed: [], sequence: true },
        { rows: ["Ada", "Di"], added: [], removed: ["Bo"], changed: [], sequence: true },
        { rows: ["Ada", "Cy", "Di"], added: ["Cy"], removed: [], changed: [], sequence: true },
      ],
      last: ["Ada", "Cy", "Di"],
    },
  },
  "a burst of commits makes few updates, and the last is the last": {
    async run(storage) {
      const db = await globalThis.pg.open("burst", { storage });
      let updates = 0;
      let last;
      let told;
      const done = new Promise((resolve) => (told = resolve));
      const live = db.live("MATCH (n:N) RETURN count(n) AS c, sum(n.i) AS s", {}, { onUpdate: ({ rows }) => (updates++, (last = rows[0]), last.c === 500 && told()) });
      await Promise.all(Array.from({ length: 500 }, (_, i) => db.query("CREATE (:N {i: $i})", { i })));
      await done;
      await live.return();
      await db.query("CREATE (:N {i: 1})");
      await new Promise((later) => setTimeout(later, 60));
      await db.close();
      return { few: updates < 100, last };
    },
    want: { few: true, last: { c: 500, s: 124750 } },
  },
  "live queries end where asking again does, after random commits": {
    async run(storage) {
      const db = await globalThis.pg.open("random", { storage });
      let seed = 7;
      const random = (n) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % n;
      const texts = [
        "MATCH (a:A) RETURN a.x AS x, count(*) AS n ORDER BY x",
        "MATCH (a:A)-[r:R]->(b) RETURN a, r.w AS w, labels(b) AS l ORDER BY id(a), id(r)",
        "MATCH (n) RETURN count(n) AS n",
        "MATCH (b:B) WHERE NOT (b)-[:R]->() RETURN b.x AS x ORDER BY x, id(b)",
        "OPTIONAL MATCH (c:C) RETURN collect(c.y) AS ys",
      ];
      const shown = texts.map(() => null);
      const folded = texts.map(() => []); // what added, removed and changed lead to
      const text = (v) => JSON.stringify(v);
      const lives = texts.map((t, i) =>
        db.live(t, {}, {
          onUpdate({ rows, added, removed, changed }) {
            shown[i] = rows;
            for (const row of [...removed, ...changed.map((c) => c.before)]) folded[i].splice(folded[i].findIndex((r) => text(r) === text(row)), 1);
            folded[i].push(...added, ...changed.map((c) => c.after));
          },
        }),
      );
      const writes = [
        "CREATE (:A {x: $n})",
        "CREATE (:B {x: $n})-[:R {w: $n}]->(:A {x: $n})",
        "MATCH (a:A) WITH a SKIP $n LIMIT 2 SET a.x = a.x + 1",
        "MATCH (n) WITH n SKIP $n LIMIT 1 SET n:C, n.y = $n",
        "MATCH (n:C) WITH n LIMIT 1 REMOVE n:C",
        "MATCH (a:A), (b:B) WITH a, b SKIP $n LIMIT 1 CREATE (a)-[:R {w: $n}]->(b)",
        "MATCH ()-[r:R]->() WITH r SKIP $n LIMIT 1 DELETE r",
        "MATCH (n:B) WITH n SKIP $n LIMIT 1 DETACH DELETE n",
      ];
      for (let i = 0; i < 120; i++) {
        await db.query(writes[random(writes.length)], { n: random(6) });
        if (i % 17 === 0) await new Promise((later) => setTimeout(later, 15));
      }
      const same = async (i) => {
        const { rows } = await db.query(texts[i]);
        return text(rows) === text(shown[i]) && text(rows.map(text).sort()) === text(folded[i].map(text).sort());
      };
      const wrong = [];
      for (let i = 0; i < texts.length; i++) {
        for (let tries = 0; !(await same(i)); tries++) {
          if (tries === 50) { wrong.push(texts[i]); break; }
          await new Promise((later) => setTimeout(later, 20));
        }
      }
      for (const live of lives) await live.return();
      await db.close();
      return wrong;
    },
    want: [],
  },
  "rows without elements are compared as a multiset": {
    async run(storage) {
      const db = await globalThis.pg.open("multiset", { storage });
      await db.query("UNWIND [1, 1, 2, 3] AS x CREATE (:X {x: x})");
      const out = [];
      for await (const { added, removed, changed } of db.live("MATCH (n:X) RETURN n.x AS x ORDER BY x DESC", {}, { rows: "array" })) {
        out.push({ added: added.flat(), removed: removed.flat(), changed: changed.length });
        if (out.length === 2) break;
        await db.query("MATCH (n:X {x: 1}) WITH n LIMIT 1 SET n.x = 3");
      }
      await db.close();
      return out;
    },
    want: [
      { added: [3, 2, 1, 1], removed: [], changed: 0 },
      { added: [3], removed: [1], changed: 0 },
    ],
  },
  "what ends a live query": {
    async run(storage) {
      const db = await globalThis.pg.open("ends", { storage });
      const code = (promise) => promise.then(() => "none", (error) => error.code);
      const codes = [await code(db.live("CREATE (n)").next()), await code(db.live("MATCH (n").next())];
      const control = new AbortController();
      const live = db.live("MATCH (n) RETURN n", {}, { signal: control.signal });
      await live.next();
      const waiting = code(live.next());
      control.abort();
      codes.push(await waiting);
      const other = db.live("MATCH (n:A) RETURN 1 / n.zero AS x");
      await other.next();
      await db.query("CREATE (:A {zero: 0})");
      codes.push(await code(other.next()));
      const open = db.live("MATCH (n) RETURN n");
      const feed = db.changes({ since: "now" });
      await open.next();
      const ends = [code(open.next()), code(feed.next())];
      await new Promise((later) => setTimeout(later, 20));
      await db.close();
      codes.push(...(await Promise.all(ends)), await code(db.live("RETURN 1").next()));
      return codes;
    },
    want: ["INVALID_ARGUMENT", "SyntaxError", "CANCELLED", "ArithmeticError", "CLOSED", "CLOSED", "CLOSED"],
  },
  "the change feed": {
    async run(storage) {
      const db = await globalThis.pg.open("feed", { storage, historyBytes: 1 << 20 });
      const start = performance.timeOrigin - 1000;
      await db.query("CREATE (:P {name: 'Ada'})-[:KNOWS {since: 1843}]->(:P {name: 'Bo'})", {}, { metadata: { who: "test" } });
      await db.transaction(
        async (tx) => {
          await tx.query("MATCH (p:P {name: 'Ada'}) SET p.name = 'Ada L.', p:Q", {}, { metadata: { more: "yes" } });
          await tx.query("MATCH (p:P {name: 'Bo'}) DETACH DELETE p");
        },
        { metadata: { who: "both" } },
      );
      await db.query("CREATE INDEX byName FOR (p:P) ON (p.name)");
      await db.snapshot();
      const out = [];
      const plain = (v) => JSON.parse(JSON.stringify(v).replaceAll(db.info.storeId, "S"));
      let cursor;
      let time = true;
      for await (const tx of db.changes({ follow: false })) {
        out.push({ sequence: tx.sequence, metadata: tx.metadata, changes: tx.changes.map(plain) });
        time &&= tx.time.getTime() > start && tx.time.getTime() < Date.now() + 1000;
        if (tx.sequence === 1) cursor = tx.cursor;
      }
      const after = [];
      const follow = (async () => {
        for await (const { sequence } of db.changes({ since: cursor })) if (after.push(sequence) === 4) break;
      })();
      await new Promise((later) => setTimeout(later, 20));
      await db.query("CREATE (:Later)");
      await db.query("CREATE (:Later)");
      await follow;
      const odd = [];
      for (const since of ["x:y:z", cursor.replace(/^./, (c) => (c === "0" ? "1" : "0")), 1000]) odd.push(await db.changes({ since }).next().then(() => "none", (e) => e.code));
      const bad = await db.query("CREATE ()", {}, { metadata: { n: 1 } }).then(() => "none", (e) => e.code);
      await db.close();
      return { out, after, odd, bad, time };
    },
    want: {
      time: true,
      out: [
        {
          sequence: 1,
          metadata: { who: "test" },
          changes: [
            { kind: "createNode", id: "S:n:1", before: null, after: { labels: ["P"], properties: { name: "Ada" } } },
            { kind: "createNode", id: "S:n:2", before: null, after: { labels: ["P"], properties: { name: "Bo" } } },
            { kind: "createRelationship", id: "S:r:1", before: null, after: { type: "KNOWS", start: "S:n:1", end: "S:n:2", properties: { since: 1843 } } },
          ],
        },
        {
          sequence: 2,
          metadata: { who: "both", more: "yes" },
          changes: [
            { kind: "setNodeProperty", id: "S:n:1", key: "name", before: "Ada", after: "Ada L." },
            { kind: "addLabel", id: "S:n:1", label: "Q" },
            { kind: "deleteRelationship", id: "S:r:1", before: { type: "KNOWS", start: "S:n:1", end: "S:n:2", properties: { since: 1843 } }, after: null },
            { kind: "deleteNode", id: "S:n:2", before: { labels: ["P"], properties: { name: "Bo" } }, after: null },
          ],
        },
        { sequence: 3, metadata: {}, changes: [{ kind: "createIndex", name: "byName", before: null, after: { label: "P", properties: ["name"] } }] },
      ],
      after: [2, 3, 4, 5],
      odd: ["INVALID_ARGUMENT", "HISTORY_CHANGED", "HISTORY_CHANGED"],
      bad: "INVALID_ARGUMENT",
    },
  },
  "events and diagnostics": {
    async run(storage) {
      const events = [];
      const db = await globalThis.pg.open("events", { storage, onEvent: (e) => events.push(e), slowerThan: 1 });
      await db.query("UNWIND range(1, 200000) AS i RETURN sum(i) AS slow");
      await db.query("CREATE (n)");
      await db.snapshot();
      await db.query("RETURN 1"); // what was told has come by now
      await new Promise((later) => setTimeout(later, 50));
      const slow = events.find((e) => e.kind === "slow-statement");
      const snapshot = events.find((e) => e.kind === "snapshot");
      const d = await db.diagnostics();
      await db.close();
      return {
        slow: slow?.text,
        spent: slow?.milliseconds > 1 && slow.time instanceof Date,
        snapshot: snapshot?.sequence === 1,
        counters: d.counters.commits >= 1 && d.counters.stalls >= 0 && d.runtime.wasmMemory > 0 && d.runtime.paused >= 0,
        files: storage === "memory" ? d.files.length === 0 : d.files.length === 6 && d.files.filter((line) => /^meta slot .* counts; newest state/.test(line)).length === 1,
      };
    },
    want: { slow: "UNWIND range(1, 200000) AS i RETURN sum(i) AS slow", spent: true, snapshot: true, counters: true, files: true },
  },
};

for (const browser of browsers) {
  describe(browser, () => {
    let here;
    before(async () => (here = await session(browser, app)), { timeout });
    after(() => here?.close());
    for (const storage of ["memory", "opfs"]) {
      for (const [name, { run, want }] of Object.entries(cases)) {
        test(`${storage}: ${name}`, { timeout }, async () => assert.deepEqual(await here.page.evaluate(run, storage), want));
      }
    }
    test("undo, as docs/changes.md has it", { timeout }, async () => {
      const doc = readFileSync(join(web, "../docs/changes.md"), "utf8");
      const [undo] = /async function undo[\s\S]*?\n}\n/.exec(doc);
      const pictures = await here.page.evaluate(`(async () => {
        ${undo}
        const db = await pg.open("undone", { storage: "memory", historyBytes: 1 << 20 });
        const picture = async () => {
          const nodes = await db.query("MATCH (n) RETURN n.k AS k, n.v AS v, labels(n) AS l ORDER BY k");
          const rels = await db.query("MATCH (a)-[r]->(b) RETURN a.k AS a, type(r) AS t, properties(r) AS p, b.k AS b ORDER BY a, b");
          return JSON.stringify([nodes.rows, rels.rows]);
        };
        await db.query("CREATE (:A {k: 1, v: 'one'})-[:R {v: 1}]->(:B {k: 2})");
        const before = await picture();
        await db.query("MATCH (a:A) SET a.v = null, a:C REMOVE a:A CREATE (a)-[:S]->(:D {k: 3}) WITH a MATCH (b:B)<-[r]-() SET r.v = 2 DETACH DELETE b");
        const between = await picture();
        for await (const tx of db.changes({ since: 1, follow: false })) await undo(db, tx);
        const after = await picture();
        const { value } = await db.changes({ since: 2, follow: false }).next();
        await db.close();
        return { same: before === after, different: between !== before, undoes: typeof value.metadata.undoes };
      })()`);
      assert.deepEqual(pictures, { same: true, different: true, undoes: "string" });
    });
    test("opfs: the feed goes on after a reload, and says what is kept", { timeout }, async () => {
      const first = await here.page.evaluate(async () => {
        const db = await globalThis.pg.open("again", { storage: "opfs", historyBytes: 1 << 16 });
        for (let i = 0; i < 3; i++) await db.query("CREATE (:N {i: $i})", { i });
        const { value } = await db.changes().next();
        await db.close();
        return value.cursor;
      });
      await here.page.reload();
      await here.page.waitForFunction("globalThis.ready === true");
      const [sequences, oldest] = await here.page.evaluate(async (cursor) => {
        const db = await globalThis.pg.open("again", { storage: "opfs" });
        const sequences = [];
        for await (const { sequence } of db.changes({ since: cursor, follow: false })) sequences.push(sequence);
        for (let i = 0; i < 4; i++) {
          await db.query("CREATE (:N)");
          await db.snapshot();
        }
        const oldest = await db.changes({ since: 0 }).next().then(() => "none", (e) => [e.code, e.oldest > 1]);
        await db.close();
        return [sequences, oldest];
      }, first);
      assert.deepEqual(sequences, [2, 3]);
      assert.deepEqual(oldest, ["HISTORY_DROPPED", true]);
    });
  });
}

// open({ migrations }): each step once and whole, whatever tab, release or crash.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, openApp, session } from "./fixture.mjs";

const timeout = 120_000;
let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

/** On the page: the releases of an app, and what is in the database. */
const prepare = () => {
  const { pg } = globalThis;
  const all = [
    "CREATE INDEX name FOR (p:Person) ON (p.name); CREATE (:Person {name: 'a;b', note: \"it's; // no comment\"}); // a comment; with one\n;\n/* ; */ CREATE (:`odd;label` {n: 1})",
    (tx) => tx.query("MATCH (p:Person) SET p.runs = coalesce(p.runs, 0) + 1"),
    "MATCH (p:Person) SET p.third = coalesce(p.third, 0) + 1",
  ];
  globalThis.release = (name, steps, options = {}) => pg.open(name, { storage: "opfs", migrations: typeof steps === "number" ? all.slice(0, steps) : steps, ...options });
  globalThis.people = async (db) => (await db.query("MATCH (p:Person) RETURN p.name AS name, p.note AS note, p.runs AS runs, p.third AS third")).rows;
  globalThis.outcome = (promise) => promise.then(() => ({ code: "none" }), ({ code, message, hint, cause }) => ({ code, message, hint, cause: cause?.code ?? cause?.message }));
};
const person = { name: "a;b", note: "it's; // no comment" };

for (const browser of browsers) {
  describe(browser, () => {
    let here;
    before(async () => {
      here = await session(browser, app);
      await here.page.evaluate(prepare);
    }, { timeout });
    after(() => here?.close());

    test("run once, also from release to release; an older one is told", { timeout }, async () => {
      const seen = await here.page.evaluate(async () => {
        const { release, people, outcome } = globalThis;
        const seen = [];
        for (const steps of [1, 1, 2, 3, 3]) {
          const db = await release("app", steps);
          seen.push((await people(db))[0]);
          await db.close();
        }
        const older = await outcome(release("app", 2));
        const free = await release("app", undefined); // who has none is not asked
        const odd = (await free.query("MATCH (o:`odd;label`) RETURN count(o) AS n")).rows[0].n;
        await free.close();
        return { seen, older, odd };
      });
      const none = { runs: null, third: null };
      assert.deepEqual(seen.seen, [{ ...person, ...none }, { ...person, ...none }, { ...person, ...none, runs: 1 }, { ...person, runs: 1, third: 1 }, { ...person, runs: 1, third: 1 }]);
      assert.equal(seen.older.code, "NEWER_SCHEMA");
      assert.match(seen.older.hint, /load the page again/);
      assert.equal(seen.odd, 1);
    });

    test("a step that throws is rolled back, and those before it stay", { timeout }, async () => {
      const seen = await here.page.evaluate(async () => {
        const { release, outcome } = globalThis;
        const first = "CREATE (:Person {name: 'x'})";
        const thrown = await outcome(release("failing", [first, async (tx) => { await tx.query("CREATE (:Person)"); throw new Error("on purpose"); }]));
        const wrong = await outcome(release("failing", [first, "CREATE (:Person); RETRUN 1"]));
        const db = await release("failing", [first, "CREATE (:Person {name: 'y'})"]);
        const { rows } = await db.query("MATCH (p:Person) RETURN p.name AS name ORDER BY name", {}, { rows: "array" });
        await db.close();
        return { thrown, wrong, rows };
      });
      assert.deepEqual([seen.thrown.code, seen.thrown.cause], ["MIGRATION_FAILED", "on purpose"]);
      assert.match(seen.thrown.message, /migration 2 of 2: on purpose/);
      assert.deepEqual([seen.wrong.code, seen.wrong.cause], ["MIGRATION_FAILED", "SyntaxError"]);
      assert.deepEqual(seen.rows, [["x"], ["y"]]);
    });

    test("tabs of one release run them once; a tab of an older one lets go", { timeout }, async () => {
      const two = await openApp(here.browser, `${here.url}/index.html`);
      await two.evaluate(prepare);
      const begin = (page, steps) => page.evaluate(async (steps) => globalThis.people((globalThis.db = await globalThis.release("shared", steps))), steps);
      const once = [{ ...person, runs: 1, third: null }];
      assert.deepEqual(await Promise.all([begin(here.page, 2), begin(two, 2)]), [once, once]);
      await two.evaluate(() => globalThis.db.close());
      assert.deepEqual(await begin(two, 3), [{ ...person, runs: 1, third: 1 }]);
      await here.page.waitForFunction(() => globalThis.db.closed);
      assert.equal((await here.page.evaluate(() => globalThis.outcome(globalThis.db.query("CREATE (:Old)")))).code, "NEWER_SCHEMA");
      assert.deepEqual(await two.evaluate(() => globalThis.people(globalThis.db)), [{ ...person, runs: 1, third: 1 }], "and goes on alone");
      await two.close();
    });

    test("a page that comes out of the back/forward cache finds out", { timeout }, async () => {
      const two = await openApp(here.browser, `${here.url}/index.html`);
      await two.evaluate(prepare);
      for (const stays of [true, false]) {
        const name = `returning-${stays}`;
        await here.page.evaluate(async (name) => {
          globalThis.old = await globalThis.release(name, 1);
          globalThis.unversioned = await globalThis.pg.open(name);
          dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
        }, name);
        await two.evaluate(async (name, stays) => {
          const db = await globalThis.release(name, 3);
          if (!stays) await db.close();
        }, name, stays);
        const seen = await here.page.evaluate(async () => {
          const asked = globalThis.outcome(globalThis.old.query("CREATE (:FromThePast)"));
          dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
          const { code } = await asked;
          const { rows } = await globalThis.unversioned.query("MATCH (n:FromThePast) RETURN count(n) AS n");
          await globalThis.unversioned.close();
          return [code, globalThis.old.closed, rows[0].n];
        });
        assert.deepEqual(seen, ["NEWER_SCHEMA", true, 0], "nothing it asked for was done; who names no migrations is not concerned");
      }
      await two.close();
    });

    test("a signal ends a step, which is rolled back", { timeout }, async () => {
      const seen = await here.page.evaluate(async () => {
        const codes = [];
        const endless = "CREATE (:Half) WITH 1 AS one UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*)";
        let control;
        const soon = () => setTimeout(() => control.abort(), 100);
        const whole = async (tx) => (await tx.query("CREATE (:Whole)"), soon());
        const hanging = async (tx) => (await tx.query("CREATE (:Half)"), soon(), new Promise(() => {}));
        for (const step of [endless, hanging]) {
          control = new AbortController();
          const { code } = await globalThis.outcome(globalThis.release("stopped", [whole, step], { signal: control.signal }));
          codes.push(code);
        }
        const db = await globalThis.release("stopped", 1);
        const { rows } = await db.query("MATCH (n) WHERE NOT n:__Migrations RETURN labels(n)[0] AS label");
        await db.close();
        return [codes, rows];
      });
      assert.deepEqual(seen, [["CANCELLED", "CANCELLED"], [{ label: "Whole" }]]);
    });

    test("where Integers are bigints", { timeout }, async () => {
      const seen = await here.page.evaluate(async () => {
        const { release } = globalThis;
        await (await release("bigints", 2, { integers: "bigint" })).close();
        const db = await release("bigints", 3, { integers: "bigint" });
        const { rows } = await db.query("MATCH (m:__Migrations) RETURN toString(m.version) AS version");
        await db.close();
        return rows;
      });
      assert.deepEqual(seen, [{ version: "3" }]);
    });

    test("a tab of an older release lets go also when a later step throws", { timeout }, async () => {
      const two = await openApp(here.browser, `${here.url}/index.html`);
      await two.evaluate(prepare);
      await here.page.evaluate(async () => (globalThis.db = await globalThis.release("halfway", 1)));
      const { code } = await two.evaluate(() => globalThis.outcome(globalThis.release("halfway", ["CREATE (:First)", "CREATE (:Second)", "RETRUN 1"])));
      assert.equal(code, "MIGRATION_FAILED");
      await here.page.waitForFunction(() => globalThis.db.closed);
      await two.close();
    });

    test("a step whose worker is killed is run again, whole", { timeout }, async () => {
      const seen = await here.page.evaluate(async () => {
        let worker;
        let runs = 0;
        const createWorker = () => (worker = new Worker("/node_modules/pocketgraph/dist/worker.js", { type: "module" }));
        const step = async (tx) => {
          await tx.query("CREATE (:Person {name: 'once'})");
          if (++runs === 1) worker.terminate();
          await tx.query("CREATE (:Person {name: 'twice'})");
        };
        const db = await globalThis.release("killed", [step], { createWorker });
        const { rows } = await db.query("MATCH (p:Person) RETURN p.name AS name ORDER BY name", {}, { rows: "array" });
        await db.close();
        return { rows, runs };
      });
      assert.deepEqual(seen, { rows: [["once"], ["twice"]], runs: 2 });
    });
  });
}

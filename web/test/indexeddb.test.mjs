// Databases that are kept in IndexedDB: what browser.test.mjs, tabs.test.mjs and
// kill.test.mjs do not ask. Connections that are lost, owners that are late, a
// quota that is used up, and what "auto" finds.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, session } from "./fixture.mjs";

const timeout = 120_000;
let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

/** On the page: opens in a worker that meets faults when it is told to. */
const begin = async (name) => {
  const channel = new BroadcastChannel(`indexeddb:${name}`);
  globalThis.say = (fault) => new Promise((heard) => ((channel.onmessage = heard), channel.postMessage(fault)));
  const createWorker = () => new Worker(`/faulty-indexeddb.js?tab=${name}`, { type: "module" });
  globalThis.db = await globalThis.pg.open(name, { storage: "indexeddb", createWorker });
  globalThis.count = async () => (await globalThis.db.query("MATCH (n:N) RETURN count(n) AS n, count(DISTINCT n.i) AS d")).rows[0];
};

for (const browser of browsers) {
  describe(browser, () => {
    let here;
    before(async () => (here = await session(browser, app)), { timeout });
    after(() => here?.close());

    for (const fault of ["closing", "aborted", "committed"]) {
      test(`a connection that is lost: ${fault}`, { timeout }, async () => {
        await here.page.evaluate(begin, `lost-${fault}`);
        const seen = await here.page.evaluate(async (fault) => {
          const { db } = globalThis;
          const seen = [];
          for (let i = 0; i < 5; i++) {
            await globalThis.say(fault);
            await db.query("CREATE (:N {i: $i})", { i });
            seen.push((await globalThis.count()).n);
          }
          await globalThis.say(fault);
          await db.snapshot();
          await globalThis.say(fault);
          await db.close();
          return seen;
        }, fault);
        assert.deepEqual(seen, [1, 2, 3, 4, 5], "once each");
        const after = await here.page.evaluate(async (name) => {
          const db = (globalThis.db = await globalThis.pg.open(name, { storage: "indexeddb", create: false }));
          const found = { ...(await globalThis.count()), problems: await db.check(), clean: db.info.recovery.clean };
          await db.close();
          return found;
        }, `lost-${fault}`);
        assert.deepEqual(after, { n: 5, d: 5, problems: [], clean: true });
      });
    }

    test("a connection that stays lost", { timeout }, async () => {
      await here.page.evaluate(begin, "broken");
      const seen = await here.page.evaluate(async () => {
        const { db, say, count } = globalThis;
        await db.query("CREATE (:N {i: 0})");
        await say("broken");
        const failure = (promise) => promise.then(() => ({}), ({ code, applied }) => ({ code, applied }));
        const first = await failure(db.query("CREATE (:N {i: 1})"));
        const next = await failure(db.query("CREATE (:N {i: 2})"));
        const read = await count();
        await say("");
        await failure(db.close());
        return { first, next, read };
      });
      assert.deepEqual(seen.first, { code: "OUTCOME_UNKNOWN", applied: "unknown" });
      assert.equal(seen.next.code, "READ_ONLY", "until it is opened again");
      assert.deepEqual(seen.read, { n: 1, d: 1 }, "what was acknowledged can be read");
      const after = await here.page.evaluate(async () => {
        const db = (globalThis.db = await globalThis.pg.open("broken", { storage: "indexeddb", create: false }));
        await db.query("CREATE (:N {i: 3})");
        const found = { ...(await globalThis.count()), problems: await db.check() };
        await db.close();
        return found;
      });
      assert.deepEqual(after, { n: 2, d: 2, problems: [] });
    });

    test("an owner that is late finds that the files are another one's", { timeout }, async () => {
      const seen = await here.page.evaluate(async () => {
        const { pg } = globalThis;
        const open = () => pg.open("late", { storage: "indexeddb" });
        const first = await open();
        await first.query("CREATE (:N {i: 0})");
        // As if another worker had taken them while this one's transaction was on its way.
        const idb = await new Promise((resolve) => {
          const request = indexedDB.open("pocketgraph/late");
          request.onsuccess = () => resolve(request.result);
        });
        const tx = idb.transaction("owner", "readwrite");
        tx.objectStore("owner").put({ token: "another", last: 0 }, "owner");
        await new Promise((done) => (tx.oncomplete = done));
        idb.close();
        const { code } = await first.query("CREATE (:N {i: 1})").then(() => ({}), (error) => error);
        await first.close().catch(() => {});
        const second = await open();
        const { rows } = await second.query("MATCH (n:N) RETURN collect(n.i) AS all");
        await second.close();
        return { code, all: rows[0].all };
      });
      assert.deepEqual(seen, { code: "OUTCOME_UNKNOWN", all: [0] }, "nothing was written over");
    });

    test("what lies in IndexedDB is found there when there are files, too", { timeout }, async () => {
      const seen = await here.page.evaluate(async () => {
        const { pg } = globalThis;
        const made = await pg.create("old", { storage: "indexeddb" });
        await made.query("CREATE (:N)");
        await made.close();
        const found = await pg.open("old");
        const { rows } = await found.query("MATCH (n:N) RETURN count(n) AS n");
        const { storage } = found.info;
        await found.close();
        const listed = (await pg.list()).filter(({ name }) => name === "old");
        const fresh = await pg.open("fresh");
        await fresh.close();
        const elsewhere = await pg.open("fresh", { storage: "indexeddb", create: false }).then(() => "found", ({ code }) => code);
        await pg.destroy("old");
        return { storage, n: rows[0].n, listed, fresh: fresh.info.storage, elsewhere, gone: (await pg.list()).filter(({ name }) => name === "old") };
      });
      assert.deepEqual(seen, { storage: "indexeddb", n: 1, listed: [{ name: "old", storage: "indexeddb" }], fresh: "opfs", elsewhere: "NOT_FOUND", gone: [] });
    });

    test("a name is not given to a second database in another storage", { timeout }, async () => {
      const seen = await here.page.evaluate(async () => {
        const { pg } = globalThis;
        const told = ({ code, message }) => `${code}: ${message}`;
        const ask = (how) => how.then((db) => db.close().then(() => db.info.storage), told);
        const places = async () => (await pg.list()).filter(({ name }) => name.startsWith("one ")).map(({ name, storage }) => `${name}: ${storage}`).sort();
        const other = { opfs: "indexeddb", indexeddb: "opfs" };
        const answers = {};
        for (const storage of ["opfs", "indexeddb"]) {
          const name = `one ${storage}`;
          await ask(pg.create(name, { storage }));
          answers[storage] = await Promise.all([
            ask(pg.open(name, { storage: other[storage] })),
            ask(pg.create(name, { storage: other[storage] })),
            pg.recover(name, { storage: other[storage] }).catch(told),
          ]);
          answers[storage].push(await ask(pg.open(name)));
        }
        const before = await places();
        // There may be two, of a time in which the page could not look into both.
        const createWorker = () => new Worker("/no-opfs-worker.js?lack=StorageManager.getDirectory", { type: "module" });
        const two = [await ask(pg.open("one opfs", { storage: "indexeddb", createWorker })), await ask(pg.open("one opfs", { storage: "indexeddb" })), await ask(pg.open("one opfs"))];
        const both = await places();
        await pg.destroy("one opfs", { storage: "indexeddb" });
        const kept = await places();
        await ask(pg.open("one opfs", { storage: "indexeddb", createWorker }));
        await pg.destroy("one opfs");
        const last = await places();
        await pg.destroy("one indexeddb");
        return { answers, before, two, both, kept, last, none: await places() };
      });
      const elsewhere = (name, asked, found) => ["INVALID_ARGUMENT", "EXISTS", "NOT_FOUND"].map((code) => `${code}: the database ${name} is not in ${asked} but in ${found}`);
      const [first, second] = ["one indexeddb: indexeddb", "one opfs: opfs"];
      assert.deepEqual(seen, {
        answers: { opfs: [...elsewhere("one opfs", "indexeddb", "opfs"), "opfs"], indexeddb: [...elsewhere("one indexeddb", "opfs", "indexeddb"), "indexeddb"] },
        before: [first, second],
        two: ["indexeddb", "indexeddb", "opfs"],
        both: [first, "one opfs: indexeddb", second],
        kept: [first, second],
        last: [first],
        none: [],
      });
    });

    test("tabs that want another storage are told so", { timeout }, async () => {
      const code = await here.page.evaluate(async () => {
        const { pg } = globalThis;
        const db = await pg.open("either", { storage: "indexeddb" });
        const { code } = await pg.open("either", { storage: "opfs" }).then(() => ({}), (error) => error);
        const same = await pg.open("either");
        await same.close();
        await db.close();
        return code;
      });
      assert.equal(code, "INVALID_ARGUMENT");
    });

    if (browser === "chromium") {
      test("a quota that is used up", { timeout }, async () => {
        const own = await session(browser, app); // Chromium asks for the quota of an origin every half minute: before its first write
        const cdp = await own.page.createCDPSession();
        const { origin } = new URL(own.url);
        await cdp.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 3_000_000 });
        const full = await own.page.evaluate(async () => {
          const db = await globalThis.pg.open("full", { storage: "indexeddb" });
          const sizes = { 0: 10_000, 1: 8_000_000, 2: 10_000 };
          const codes = [];
          let missing;
          for (const [i, length] of Object.entries(sizes)) {
            const text = Array.from({ length: length / 10 }, () => String(Math.random()).slice(2, 12).padEnd(10)).join("");
            codes.push(await db.query("CREATE (:N {i: $i, text: $text})", { i: Number(i), text }).then(() => "written", ({ code, needed, available }) => ((missing ??= [needed, available]), code)));
          }
          const deleted = await db.query("MATCH (n:N {i: 0}) DELETE n").then(() => "written", ({ code }) => code);
          await db.close();
          const again = await globalThis.pg.open("full", { storage: "indexeddb", create: false });
          const { rows } = await again.query("MATCH (n:N) RETURN collect(n.i) AS n");
          const problems = await again.check();
          await again.close();
          return { codes, deleted, n: rows[0].n, problems, missing };
        });
        const { codes, n, problems } = full;
        assert.deepEqual([codes[0], codes[1], problems], ["written", "DISK_FULL", []]);
        const [needed, available] = full.missing;
        assert.ok(needed > 4_000_000 && typeof available === "number", `how much was missing: ${full.missing}`);
        assert.deepEqual(n, [0, 2].filter((i) => (i ? codes[2] : full.deleted !== "written" && "written") === "written"), JSON.stringify(full));
        assert.ok([codes[2], full.deleted].every((code) => code === "written" || code === "DISK_FULL"), JSON.stringify(full));
        await own.close();
      });
    }
  });
}

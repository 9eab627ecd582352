// The worker whose memory has grown is replaced by a fresh one (docs/tabs.md):
// memory is given back, and nobody notices but by having waited. Two tabs, each
// writing before, during and after it; live queries, the change feed, functions
// of the page and registered tables go on.
//
//   POCKETGRAPH_LONG=1   also while there is no calm moment, and on IndexedDB all of it instead of a part

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { browsers } from "./browsers.mjs";
import { makeApp, openApp, serveApp, session } from "./fixture.mjs";

const timeout = 120_000;
const limit = 48 * 2 ** 20;

let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

/** On the page. */
async function open(name, storage, memoryLimit) {
  globalThis.events = [];
  globalThis.roles = [];
  globalThis.db = await globalThis.pg.open(name, { storage, memoryLimit, onRole: (role) => globalThis.roles.push(role), onEvent: (event) => globalThis.events.push(event) });
  return globalThis.db.info;
}

/** On the page: makes the engine's memory grow; what it was for is garbage afterwards. */
async function grow(limit) {
  const { db } = globalThis;
  const memory = async () => (await db.stats()).runtime.wasmMemory;
  for (let i = 0; i < 20 && (await memory()) <= limit; i++) await db.query("UNWIND range(1, 250000) AS i WITH collect('text number ' + i) AS l RETURN size(l) AS n");
  return memory();
}

/** On the page: follows everything there is to follow. */
async function follow() {
  const { db } = globalThis;
  await db.registerFunction("my.twice", "(x :: INTEGER) :: INTEGER", (x) => x * 2);
  await db.registerTable("my.table() :: (x :: INTEGER?)", [[7]]);
  globalThis.shown = [];
  globalThis.fed = [];
  globalThis.failed = [];
  const run = (loop) => loop().catch((error) => globalThis.failed.push(`${error.code} ${error.message}`));
  run(async () => {
    for await (const { rows, added, removed } of db.live("MATCH (w:W) RETURN my.twice(w.i) AS x ORDER BY x")) globalThis.shown.push({ rows: rows.length, added: added.length, removed: removed.length });
  });
  for (const since of [undefined, "now"]) {
    const seen = [];
    globalThis.fed.push(seen);
    run(async () => {
      for await (const { changes } of db.changes({ since })) for (const { kind, after } of changes) if (kind === "createNode") seen.push(after.properties.i);
    });
  }
  // They begin some time after they were asked for.
  while (!globalThis.fed.every((seen) => seen.includes(0))) {
    await db.query("CREATE (:Probe {i: 0})");
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** On the page: writes as soon as the owner says that it is being replaced, and once more some time after. */
function writeMeanwhile(name, from) {
  globalThis.written = new Promise((resolve, reject) => {
    new BroadcastChannel(`pocketgraph:lobby:${name}`).onmessage = ({ data }) => {
      if (data.say !== "electing" || !data.restart || globalThis.began) return;
      globalThis.began = performance.now();
      const { db } = globalThis;
      const write = (i) => db.query("CREATE (w:W {i: $i}) RETURN w.i AS i", { i }).then(({ rows }) => rows[0].i);
      const inside = db.transaction(async (tx) => {
        await tx.query("CREATE (:W {i: $i})", { i: from + 20 });
        return (await tx.query("MATCH (w:W {i: $i}) RETURN w.i AS i", { i: from + 20 })).rows[0].i;
      });
      Promise.all([...Array.from({ length: 20 }, (_, i) => write(from + i)), inside]).then(resolve, reject);
    };
  });
  globalThis.written.catch(() => {});
}

// Both browsers at once: much of the time is waiting.
describe("a worker that has grown", { concurrency: true }, () => {
for (const browser of browsers) {
  for (const storage of ["opfs", "indexeddb"]) {
    describe(`${browser}, ${storage}`, { concurrency: 1 }, () => {
      let here, one, two, server;
      let held;
      before(async () => {
        server = await serveApp(app, { routes: { "/hold": (...args) => held(...args) } });
        here = await session(browser, app, { server });
        one = here.page;
        two = await openApp(here.browser, `${here.url}/index.html`);
      }, { timeout });
      after(async () => {
        await here?.close();
        await server?.close();
      });

      const whole = storage === "opfs" || process.env.POCKETGRAPH_LONG;
      /** A request that the server holds until it is told: a page that sends it in step is busy as long. */
      const holding = () => {
        let begin, end;
        const begun = new Promise((done) => (begin = done));
        held = (request, response) => (begin(), (end = () => response.end()));
        return { begun, end: () => end() };
      };
      const until = async (page, condition, ...args) => page.waitForFunction(condition, { timeout: 60_000, polling: 50 }, ...args);

      test("memory is given back, and nobody notices", { timeout }, async (t) => {
        const name = "restarted";
        const info = await one.evaluate(open, name, storage, limit);
        assert.deepEqual([info.role, info.restarts], ["owner", 0]);
        assert.equal((await two.evaluate(open, name, storage)).role, "follower");
        await one.evaluate((n) => globalThis.db.query("UNWIND range(1, $n) AS i CREATE (:Kept {i: i, text: 'text ' + i})", { n }), 2000);
        for (const page of [one, two]) await page.evaluate(follow);
        await one.evaluate(() => globalThis.db.query("CREATE (:W {i: -1})"));
        await two.evaluate(writeMeanwhile, name, 1000);
        const grown = await one.evaluate(grow, limit);
        assert.ok(grown > limit, `${grown} bytes`);
        await Promise.all([one, two].map((page) => until(page, () => globalThis.db.info.restarts === 1)));
        const written = await two.evaluate(() => globalThis.written);
        assert.deepEqual(written, Array.from({ length: 21 }, (_, i) => 1000 + i), "each write has its answer");
        for (const page of [one, two]) {
          const seen = await page.evaluate(async () => {
            const { db } = globalThis;
            const { rows } = await db.query("CALL my.table() YIELD x MATCH (w:W) RETURN my.twice(w.i) AS twice, count(*) AS n, x ORDER BY twice", {}, { rows: "array" });
            const kept = (await db.query("MATCH (k:Kept) RETURN count(k) AS n, sum(k.i) AS sum", {}, { rows: "array" })).rows[0];
            const events = globalThis.events.filter(({ kind }) => kind === "restart").map(({ kind, time, ...rest }) => rest);
            return { rows, kept, events, roles: globalThis.roles, restarts: (await db.diagnostics()).restarts, memory: (await db.stats()).runtime.wasmMemory, problems: await db.check(), clean: (await db.diagnostics()).recovery.clean, failed: globalThis.failed };
          });
          assert.deepEqual(seen.rows, [-1, ...Array.from({ length: 21 }, (_, i) => 1000 + i)].map((i) => [2 * i, 1, 7]), "every write once, with functions and tables of this tab");
          assert.deepEqual(seen.kept, [2000, 2001000]);
          assert.deepEqual([seen.roles, seen.restarts, seen.problems, seen.failed], [[], 1, [], []]);
          assert.equal(seen.clean, true, "the worker before closed the files in order");
          assert.equal(seen.events.length, 1);
          const [{ memoryBefore, memoryAfter, milliseconds }] = seen.events;
          assert.ok(memoryBefore >= grown && memoryAfter < memoryBefore / 2 && seen.memory < memoryBefore, JSON.stringify(seen.events));
          t.diagnostic(`memory ${[memoryBefore, memoryAfter, seen.memory].map((bytes) => (bytes / 2 ** 20).toFixed(0)).join(" → ")} MiB, ${milliseconds.toFixed(0)} ms without an owner`);
          await until(page, () => globalThis.shown.at(-1)?.rows === 22);
          const shown = await page.evaluate(() => globalThis.shown);
          assert.deepEqual([shown.reduce((sum, { added, removed }) => sum + added - removed, 0), shown.every(({ removed }) => removed === 0)], [22, true], "live queries go on from what they had shown");
          const wanted = [-1, ...Array.from({ length: 21 }, (_, i) => 1000 + i)];
          await until(page, (n) => globalThis.fed.every((seen) => seen.filter((i) => i < 0 || i >= 1000).length >= n), wanted.length - 1);
          const fed = await page.evaluate(() => globalThis.fed.map((seen) => seen.filter((i) => i < 0 || i >= 1000).sort((a, b) => a - b)));
          assert.deepEqual(fed[1], wanted, "the feed from now on goes on, without a gap or a repetition");
          const all = await page.evaluate(() => [globalThis.fed[0].filter((i) => i).length, new Set(globalThis.fed[0]).size]);
          assert.deepEqual(all, [2022, 2002], "and so does that from the beginning"); // 1000 to 1020 are numbers of both kinds, 0 is of probes
        }
      });

      if (!whole) return;

      test("it waits for open transactions and streams", { timeout }, async () => {
        await one.evaluate(async (limit, growing) => {
          const { db } = globalThis;
          const grow = new Function(`return ${growing}`)();
          const stream = db.stream("UNWIND range(1, 200000) AS i RETURN i");
          await stream.next();
          globalThis.inside = db.transaction(async (tx) => {
            await tx.query("CREATE (:T)");
            await grow(limit);
            for (let i = 0; i < 5; i++) {
              await new Promise((done) => setTimeout(done, 600));
              await tx.query("CREATE (:T)");
              await stream.next();
            }
            globalThis.before = db.info.restarts;
          });
          await globalThis.inside;
          await stream.return();
        }, limit, String(grow));
        assert.equal(await one.evaluate(() => globalThis.before), 1, "not while it was open");
        await Promise.all([one, two].map((page) => until(page, () => globalThis.db.info.restarts === 2)));
        assert.equal(await two.evaluate(async () => (await globalThis.db.query("MATCH (t:T) RETURN count(t) AS n")).rows[0].n), 6);
      });

      test("a tab that goes, or closes, in the middle of it", { timeout }, async () => {
        await two.evaluate(() => globalThis.db.close());
        for (const end of ["close", "pagehide"]) {
          const name = `ended-${end}`;
          await one.evaluate(open, name, storage, limit);
          await two.evaluate(open, name, storage, limit);
          await two.evaluate(() => globalThis.db.query("CREATE (:N)"));
          await two.evaluate((name) => {
            globalThis.heard = new Promise((done) => {
              new BroadcastChannel(`pocketgraph:lobby:${name}`).onmessage = ({ data }) => data.say === "electing" && data.restart && done();
            });
          }, name);
          await one.evaluate(grow, limit);
          await two.evaluate(() => globalThis.heard);
          await one.evaluate((end) => (end === "close" ? globalThis.db.close() : void dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))), end);
          const { rows } = await two.evaluate(() => globalThis.db.query("CREATE (:N) WITH 1 AS x MATCH (n:N) RETURN count(n) AS n"));
          assert.deepEqual(rows, [{ n: 2 }]);
          if (end === "pagehide") await one.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
          await until(two, () => globalThis.db.info.role === "owner");
          for (const page of [one, two]) await page.evaluate(() => globalThis.db.close());
        }
      });

      test("it waits for a page that is busy, and others are served meanwhile", { timeout }, async () => {
        const name = "waits";
        await one.evaluate(open, name, storage, limit);
        await two.evaluate(open, name, storage);
        const hold = holding();
        await one.evaluate(() => {
          const { postMessage } = Worker.prototype;
          globalThis.asked = 0;
          Worker.prototype.postMessage = function (message, ...rest) {
            postMessage.call(this, message, ...rest);
            if (message !== "rest" || globalThis.asked++) return;
            setTimeout(() => {
              const request = new XMLHttpRequest();
              request.open("GET", "/hold", false);
              request.send();
            });
          };
        });
        const growing = one.evaluate(grow, limit);
        await hold.begun;
        await sleep(1600); // longer than a worker waits for calm
        const { ms, code } = await two.evaluate(async () => {
          const begun = performance.now();
          const { code } = await globalThis.db.query("CREATE (:Meanwhile)").catch((error) => error);
          return { ms: performance.now() - begun, code };
        });
        hold.end();
        assert.equal(code, undefined, `after ${ms} ms`);
        await growing;
        await Promise.all([one, two].map((page) => until(page, () => globalThis.db.info.restarts === 1)));
        for (const page of [one, two]) {
          assert.deepEqual((await page.evaluate(() => globalThis.db.query("MATCH (m:Meanwhile) RETURN count(m) AS n"))).rows, [{ n: 1 }]);
          await page.evaluate(() => globalThis.db.close());
        }
      });

      test("a statement that would pass the limit is refused, and the tab lives", { timeout }, async () => {
        for (const where of [storage, "memory"]) {
          const { info, code, detail, after } = await one.evaluate(async (name, storage, memoryLimit) => {
            const db = await globalThis.pg.open(name, { storage, memoryLimit });
            const { code, detail } = await db.query("UNWIND range(1, 16000000) AS i RETURN size(collect('text number ' + i)) AS n").catch((error) => error);
            const after = (await db.query("RETURN 1 AS x")).rows[0].x;
            await db.close();
            return { info: db.info, code, detail, after };
          }, `limited-${where}`, where, limit);
          assert.deepEqual([code, detail, after], ["LIMIT", "OutOfMemory", 1]);
          assert.equal(info.restarts, where === "memory" ? undefined : 0, "memory keeps nothing, so its worker cannot be replaced");
        }
        const refused = await one.evaluate(() => globalThis.pg.open("limited", { memoryLimit: -1 }).catch(({ code, message }) => [code, message]));
        assert.equal(refused[0], "INVALID_ARGUMENT", refused[1]);
      });

      if (process.env.POCKETGRAPH_LONG) {
        test("also while somebody writes all the time", { timeout }, async (t) => {
          await one.evaluate(open, "busy", storage, limit);
          await two.evaluate(open, "busy", storage);
          await two.evaluate(() => {
            globalThis.going = true;
            globalThis.count = 0;
            globalThis.done = (async () => {
              while (globalThis.going) await globalThis.db.query("CREATE (:B {i: $i})", { i: globalThis.count++ });
            })();
          });
          for (let i = 1; i <= 2; i++) {
            await one.evaluate(grow, limit);
            await until(two, (i) => globalThis.db.info.restarts >= i, i);
          }
          const [count, there, different] = await two.evaluate(async () => {
            globalThis.going = false;
            await globalThis.done;
            const { n, d } = (await globalThis.db.query("MATCH (b:B) RETURN count(b) AS n, count(DISTINCT b.i) AS d")).rows[0];
            return [globalThis.count, n, d];
          });
          assert.deepEqual([there, different], [count, count]);
          t.diagnostic(`${count} writes`);
        });
      }
    });
  }
}
});

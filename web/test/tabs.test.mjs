// One database in many tabs (docs/tabs.md): eight tabs write and read while the
// one that owns the files is closed, reloaded, crashed, closed in order, frozen,
// or loses its worker, at random. Every acknowledged write is there once, what
// is said not to have been applied is not there, and every request ends in time.
//
//   POCKETGRAPH_LONG=1          500 take-overs in each browser instead of 20, and on IndexedDB all of it instead of a part
//   POCKETGRAPH_TAKEOVERS=n     so many in each
//   POCKETGRAPH_SEED=n          what happens to the owners; printed by every run

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { browsers, launch } from "./browsers.mjs";
import { makeApp, openApp, random, serveApp } from "./fixture.mjs";

const most = Number(process.env.POCKETGRAPH_TAKEOVERS ?? (process.env.POCKETGRAPH_LONG ? 500 : 20));
const seed = Number(process.env.POCKETGRAPH_SEED ?? Date.now() % 1_000_000);
const timeout = 120_000;
/** What the package promises, in milliseconds in which the page that asked ran. */
const promised = 5000;
/** Longer than a follower waits. */
const frozenFor = 6500;

/** On the page: opens the database, with a worker that can be frozen and terminated. */
async function join(tab, storage) {
  globalThis.roles = [];
  const createWorker = () => (globalThis.worker = new Worker(`/freezing-worker.js?tab=${tab}`, { type: "module" }));
  const open = () => globalThis.pg.open(`shared-${storage}`, { storage, createWorker, onRole: (role) => globalThis.roles.push(role) });
  // Whoever comes while the owner is frozen is told so, and comes again.
  const again = (error) => (error.code === "OWNER_FROZEN" ? open().catch(again) : Promise.reject(error));
  globalThis.db = await open().catch(again);
  return globalThis.db.info.role;
}

/** On the page: writes and reads until it is told to stop, and tells the server how each write ended. */
async function work(tab) {
  if (!globalThis.db) return; // asked of the page before, and it was reloaded meanwhile
  globalThis.working = true;
  let next = 0;
  let acknowledged = 0;
  let news = [];
  let told = Promise.resolve();
  const tell = (item) => {
    if (news.push(item) > 1) return;
    told = told.then(() => {
      const body = JSON.stringify(news);
      news = [];
      return fetch("/told", { method: "POST", body, keepalive: true });
    });
  };
  // Milliseconds in which this page did not run: it was frozen, or the machine had others to serve.
  let stalled = 0;
  let last = performance.now();
  const stall = (now) => stalled + Math.max(0, now - last - 1500);
  setInterval(() => {
    const now = performance.now();
    stalled = stall(now);
    last = now;
  }, 250);
  const timed = async (what, id, ask) => {
    const begun = performance.now();
    const before = stall(begun);
    const end = (how, error) => {
      const now = performance.now();
      const stood = stall(now) - before;
      tell({ tab, what, id, how, code: error?.code, message: error?.message, ms: now - begun - stood, stood, at: Date.now() });
    };
    try {
      const result = await ask();
      end("done");
      return result;
    } catch (error) {
      end(error.applied ?? "failed", error);
    }
  };
  const { db } = globalThis;
  const pause = () => new Promise((wake) => setTimeout(wake, 50));
  const writer = async () => {
    while (globalThis.working) {
      const i = next++;
      const id = `${tab}/${i}`;
      const write =
        i % 4 === 3
          ? () => db.transaction(async (tx) => {
              await tx.query("CREATE (:W {id: $id, tab: $tab})", { id, tab });
              await tx.query("MATCH (w:W {id: $id}) SET w.twice = true", { id });
            })
          : () => db.query("CREATE (w:W {id: $id, tab: $tab}) RETURN w.id AS id", { id, tab }).then(({ rows }) => {
              if (rows[0]?.id !== id) throw new Error(`answered ${JSON.stringify(rows)}`);
            });
      if ((await timed("write", id, async () => (await write(), true))) === true) acknowledged++;
      await pause();
    }
  };
  const reader = async () => {
    while (globalThis.working) {
      const least = acknowledged;
      await timed("read", "", async () => {
        const { rows } = await db.query("MATCH (w:W {tab: $tab}) RETURN count(w) AS n", { tab });
        if (rows[0].n < least) throw new Error(`${rows[0].n} of ${least} of its own writes`);
      });
      await pause();
    }
  };
  await Promise.all([writer(), writer(), reader()]);
  await told;
}

let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

/** A server that knows how to hold a request and hears how the writes ended. */
async function serveTabs() {
  const news = [];
  const holds = new Set();
  const release = (response) => void (holds.delete(response), response.end());
  const server = await serveApp(app, {
    routes: {
      "/told": (request, response) => {
        let body = "";
        request.on("data", (chunk) => (body += chunk)).on("end", () => (news.push(...JSON.parse(body)), response.end()));
      },
      "/hold": (request, response) => {
        holds.add(response);
        setTimeout(release, Number(new URL(request.url, "http://x").searchParams.get("until")) - Date.now(), response).unref();
      },
    },
  });
  return { ...server, news, release: () => holds.forEach(release) };
}

/** On the page: what a promise came to, and after how long. */
const outcome = (promise) => {
  const begun = performance.now();
  const ms = () => performance.now() - begun;
  return promise.then((value) => ({ value, ms: ms() }), ({ code, message, applied, holder }) => ({ code, message, applied, holder, ms: ms() }));
};

/** On the page: stops the page, and the worker too if its tab is named, for so many milliseconds. Both wake at one time, as what the system suspends does. */
function freeze(tab, ms) {
  const until = Date.now() + ms;
  if (tab) new BroadcastChannel(`freeze:${tab}`).postMessage(until);
  setTimeout(() => {
    const request = new XMLHttpRequest();
    request.open("GET", `/hold?until=${until}`, false);
    request.send();
  });
}

/** On the page: a transaction that goes on with `go()`; `ended` is what it comes to. */
const begin = () =>
  new Promise((inside) => {
    globalThis.ended = globalThis.outcome(
      globalThis.db.transaction(async (tx) => {
        await tx.query("CREATE (:T)");
        await new Promise((go) => ((globalThis.go = go), inside()));
        await tx.query("CREATE (:T)");
      }),
    );
  });

const role = (page) => Promise.race([page.evaluate(() => globalThis.db?.info.role).catch(() => null), sleep(1000, null)]);

// Both browsers at once: most of the time is waiting.
describe("tabs", { concurrency: true }, () => {
  for (const name of browsers) {
    describe(name, { concurrency: 1 }, () => {
      for (const storage of ["opfs", "indexeddb"]) inBrowser(name, storage);
    });
  }
});

function inBrowser(name, storage) {
  const brief = storage !== "opfs" && !process.env.POCKETGRAPH_LONG;
  const takeovers = brief ? Math.ceil(most / 4) : most;
  describe(storage, { concurrency: 1 }, () => {
    let browser, server;
    before(async () => {
      browser = await launch(name);
      server = await serveTabs();
    }, { timeout });
    after(async () => {
      await browser?.close();
      await server?.close();
    });
    describe("two tabs", { concurrency: 1 }, () => {
      let one, two, database;
      let count = 0;
      const open = (page, options = {}) =>
        page.evaluate(
          async (database, tab, options) => {
            globalThis.roles = [];
            globalThis.tab = tab;
            const createWorker = () => (globalThis.worker = new Worker(`/freezing-worker.js?tab=${tab}`, { type: "module" }));
            globalThis.db = await globalThis.pg.open(database, { storage: globalThis.storage, createWorker, onRole: (role) => globalThis.roles.push(role), onEvent: ({ kind, role }) => kind === "owner" && (globalThis.owners ??= []).push(role), ...options });
            return globalThis.db.info.role;
          },
          database,
          `${database}-${count++}`,
          options,
        );
      const rows = (page, text, params) => page.evaluate((text, params) => globalThis.db.query(text, params, { rows: "array" }).then((r) => r.rows), text, params);
      const until = async (page, condition) => {
        for (let i = 0; i < 200 && !(await page.evaluate(condition)); i++) await sleep(25);
        assert.ok(await page.evaluate(condition), String(condition));
      };
      const prepare = (page) => page.evaluate(`globalThis.outcome = ${outcome}; globalThis.storage = ${JSON.stringify(storage)};`);
      const follower = (what, run, always = false) =>
        (!brief || always) &&
        test(what, { timeout }, async (t) => {
          database = `two-${count++}`;
          [one, two] = await Promise.all([1, 2].map(() => openApp(browser, `${server.url}/index.html`)));
          for (const page of [one, two]) await prepare(page);
          assert.equal(await open(one), "owner");
          assert.equal(await open(two), "follower");
          await run(t);
          await Promise.all([one, two].map((page) => page.close().catch(() => {})));
        });

      follower("both read and write, and the second becomes the owner when the first closes", async () => {
        await rows(two, "CREATE (:N {i: 1})");
        await rows(one, "CREATE (:N {i: 2})");
        for (const page of [one, two]) assert.deepEqual(await rows(page, "MATCH (n:N) RETURN n.i AS i ORDER BY i"), [[1], [2]]);
        await two.evaluate(() => globalThis.db.registerTable("my.table() :: (x :: INTEGER?)", [[7]]));
        await one.evaluate(() => globalThis.db.close());
        assert.deepEqual(await rows(two, "CALL my.table() YIELD x MATCH (n:N) RETURN count(n) AS n, x"), [[2, 7]]);
        assert.deepEqual(await two.evaluate(() => [globalThis.db.info.role, globalThis.roles, globalThis.owners]), ["owner", ["owner"], ["owner"]]);
        assert.equal(await open(one, { create: false }), "follower");
        assert.deepEqual(await rows(one, "MATCH (n:N) RETURN count(n) AS n"), [[2]]);
        assert.equal((await one.evaluate((name) => globalThis.outcome(globalThis.pg.create(name, { storage: globalThis.storage })), database)).code, "EXISTS");
        const { code, holder } = await one.evaluate((name) => globalThis.outcome(globalThis.pg.recover(name, { storage: globalThis.storage })), database);
        assert.deepEqual([code, holder?.here], ["LOCKED", false], "recovering takes the files for itself");
      }, true);

      follower("a transaction goes with its owner, and with its tab", async () => {
        await two.evaluate(begin);
        await one.close();
        await until(two, () => globalThis.db.info.role === "owner");
        const { code, applied } = await two.evaluate(() => (globalThis.go(), globalThis.ended));
        assert.deepEqual([code, applied], ["OWNER_CHANGED", "no"]);
        one = await openApp(browser, `${server.url}/index.html`);
        await prepare(one);
        assert.equal(await open(one), "follower");
        await one.evaluate(begin);
        await one.close();
        const next = await two.evaluate(() => globalThis.outcome(globalThis.db.query("CREATE (:T) RETURN 1 AS x")));
        assert.equal(next.code, undefined, next.message);
        assert.ok(next.ms < 4500, `the writer was free after ${next.ms} ms, before the transaction's idle time was over`);
        assert.deepEqual(await rows(two, "MATCH (t:T) RETURN count(t) AS n"), [[1]]);
      });

      follower("a transaction that others wait for ends soon when its page does not run", async () => {
        const write = (page) => page.evaluate(() => globalThis.outcome(globalThis.db.query("CREATE (:W)")));
        // A page that runs keeps it, however long it thinks.
        await two.evaluate(begin);
        const waiting = write(one);
        await sleep(3000);
        assert.equal((await two.evaluate(() => (globalThis.go(), globalThis.ended))).code, undefined, "its 5 s are not over");
        assert.ok((await waiting).ms > 2600);
        // Of a page that does not, the follower's and the owner's, its worker runs.
        for (const [left, other] of [[two, one], [one, two]]) {
          await left.evaluate(begin);
          await left.evaluate(freeze, null, 20_000);
          const { ms, code } = await write(other);
          server.release();
          assert.equal(code, undefined);
          assert.ok(ms < 4500, `the writer was free after ${ms} ms, before the transaction's idle time was over`);
          const { code: ended, applied } = await left.evaluate(() => (globalThis.go(), globalThis.ended));
          assert.deepEqual([ended, applied], ["TX_EXPIRED", "no"]);
        }
        assert.deepEqual(await rows(one, "MATCH (n) RETURN labels(n)[0] AS l, count(*) AS n ORDER BY l"), [["T", 2], ["W", 3]]);
      });

      follower("a stream keeps its back pressure, and goes with its owner", async () => {
        const seen = await two.evaluate(async () => {
          const { db } = globalThis;
          const all = "UNWIND range(0, 99999) AS a UNWIND range(1, 1000) AS b RETURN a * 1000 + b AS x";
          let last = 0;
          for await (const { x } of db.stream(all)) if ((last = x) === 3000) break;
          const stream = db.stream(all);
          await stream.next();
          globalThis.drained = globalThis.outcome((async () => {
            for await (const _ of stream) await 0;
          })());
          return [last, (await db.query("RETURN 1 AS x")).rows[0].x];
        });
        assert.deepEqual(seen, [3000, 1], "a hundred million rows were not sent before the next answer");
        await one.evaluate(() => globalThis.worker.terminate());
        assert.equal((await two.evaluate(() => globalThis.drained)).code, "OWNER_CHANGED");
      });

      follower("functions of the page go on at the next owner, in live queries and a statement under way", async () => {
        await two.evaluate(async () => {
          const { db } = globalThis;
          await db.registerFunction("my.twice", "(x :: INTEGER) :: INTEGER", (x) => x * 2);
          globalThis.called = 0;
          const gate = new Promise((go) => (globalThis.letGo = go));
          await db.registerFunction("my.slow", "(x :: INTEGER) :: INTEGER", async (x) => (globalThis.called++, await gate, x + 1));
          await db.query("CREATE (:N {i: 1})");
          globalThis.shown = [];
          (async () => {
            for await (const { rows } of db.live("MATCH (n:N) RETURN my.twice(n.i) AS x ORDER BY x")) globalThis.shown.push(rows.map(({ x }) => x).join());
          })();
        });
        await until(two, () => globalThis.shown.at(-1) === "2");
        await two.evaluate(() => {
          globalThis.writing = globalThis.outcome(globalThis.db.query("CREATE (s:S {x: my.slow(41)}) RETURN s.x AS x").then(({ rows }) => rows[0].x));
        });
        await until(two, () => globalThis.called === 1);
        await one.evaluate(() => globalThis.worker.terminate());
        await until(two, () => globalThis.db.info.role === "owner" && globalThis.called === 2);
        await two.evaluate(() => globalThis.letGo());
        const { value, message } = await two.evaluate(() => globalThis.writing);
        assert.equal(value, 42, message);
        assert.deepEqual(await rows(two, "MATCH (s:S) RETURN s.x AS x"), [[42]], "the statement was repeated, and applied once");
        assert.deepEqual(await rows(two, "CREATE (n:N {i: my.twice(5)}) RETURN my.twice(n.i) AS x"), [[20]]);
        await until(two, () => globalThis.shown.at(-1) === "2,20");
      });

      follower("signals and time-outs reach the owner", async () => {
        const endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*) AS n";
        const codes = await two.evaluate(async (endless) => {
          const control = new AbortController();
          setTimeout(() => control.abort(), 100);
          const { db, outcome } = globalThis;
          return [await outcome(db.query(endless, {}, { signal: control.signal })), await outcome(db.query("CREATE (:Never) WITH 1 AS x " + endless, {}, { timeout: 100 }))];
        }, endless);
        assert.deepEqual(codes.map(({ code }) => code), ["CANCELLED", "TIMEOUT"]);
        assert.deepEqual(await rows(two, "MATCH (n:Never) RETURN count(n) AS n"), [[0]]);
      });

      follower("an owner that is frozen without a word", async () => {
        const tab = await one.evaluate(() => globalThis.tab);
        await one.evaluate(freeze, tab, 6500);
        await sleep(200);
        const ask = (text, options = {}) => two.evaluate((text, options) => globalThis.outcome(globalThis.db.query(text, {}, options)), text, options);
        const opening = (name) => two.evaluate((name) => globalThis.outcome(globalThis.pg.open(name, { storage: globalThis.storage }).then((db) => db.close())), name);
        const [write, read, opened, other] = await Promise.all([ask("CREATE (:F)"), ask("MATCH (n) RETURN count(n) AS n"), opening(database), opening(`${database}-other`)]);
        assert.deepEqual([write.code, write.applied, read.code, read.applied], ["OWNER_FROZEN", "unknown", "OWNER_FROZEN", "unknown"]);
        assert.ok(write.ms < promised && read.ms < promised, `${write.ms} and ${read.ms} ms`);
        assert.deepEqual([opened.code, opened.holder?.here], ["OWNER_FROZEN", false]);
        assert.equal(other.code, undefined, "another database is not concerned");
        const unsent = await ask("CREATE (:Unsent)", { timeout: 300 });
        assert.deepEqual([unsent.code, unsent.applied], ["TIMEOUT", "no"]);
        for (let i = 0; i < 40; i++) {
          if ((await ask("RETURN 1 AS x")).value) break; // it has woken up
          await sleep(100);
        }
        assert.deepEqual(await rows(two, "MATCH (n:Unsent) RETURN count(n) AS n"), [[0]]);
        assert.ok((await rows(two, "MATCH (n:F) RETURN count(n) AS n"))[0][0] <= 1);
        assert.equal(await one.evaluate(() => globalThis.db.info.role), "owner");
      });

      follower("destroy() closes it everywhere, and says LOCKED when a tab does not listen", async () => {
        const tab = await one.evaluate(() => globalThis.tab);
        await one.evaluate(freeze, tab, 4500);
        const { code, ms } = await two.evaluate((name) => globalThis.outcome(globalThis.pg.destroy(name, { storage: globalThis.storage })), `${database}`);
        assert.equal(code, "LOCKED");
        assert.ok(ms < promised, `${ms} ms`);
        await until(one, () => globalThis.db.closed); // it has heard of it by now
        const owned = () => navigator.locks.query().then(({ held }) => held.some((lock) => lock.name.startsWith("pocketgraph:owner:two-")));
        for (let i = 0; i < 200 && (await one.evaluate(owned)); i++) await sleep(50);
        assert.equal(await open(one), "owner");
        assert.equal(await open(two), "follower");
        await rows(two, "CREATE (:D)");
        await two.evaluate((name) => globalThis.pg.destroy(name, { storage: globalThis.storage }), database);
        for (const page of [one, two]) {
          assert.equal(await page.evaluate(() => globalThis.db.closed), true);
          assert.equal((await page.evaluate(() => globalThis.outcome(globalThis.db.query("RETURN 1")))).code, "CLOSED");
        }
        assert.equal(await open(two), "owner");
        assert.deepEqual(await rows(two, "MATCH (n) RETURN count(n) AS n"), [[0]]);
      }, true);

      follower("a page that is kept for the way back lets go, and joins again", async (t) => {
        await rows(one, "CREATE (:B)");
        await one.evaluate(() => addEventListener("pageshow", ({ persisted }) => (globalThis.persisted = persisted)));
        await one.goto(`${server.url}/away.html`);
        await until(two, () => globalThis.db.info.role === "owner");
        await rows(two, "CREATE (:B)");
        await one.goBack();
        const persisted = await one.evaluate(() => globalThis.persisted);
        t.diagnostic(`kept in the back/forward cache: ${persisted ?? false}`);
        if (persisted) assert.deepEqual(await rows(one, "MATCH (b:B) RETURN count(b) AS n"), [[2]]);
        // The same without the browser's help.
        await two.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
        const waiting = two.evaluate(() => globalThis.outcome(globalThis.db.query("MATCH (b:B) RETURN count(b) AS n")));
        await sleep(300);
        if (!persisted) {
          await one.waitForFunction("globalThis.ready === true");
          await prepare(one);
          assert.equal(await open(one), "owner", "the files are free");
        }
        await two.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
        assert.deepEqual((await waiting).value?.rows ?? (await waiting).value, [{ n: 2 }]);
      });

      follower("databases in one page share its worker", async () => {
        const roles = await one.evaluate(async (name) => {
          const again = await globalThis.pg.open(name, { storage: globalThis.storage });
          await again.query("CREATE (:P)");
          const { rows } = await globalThis.db.query("MATCH (p:P) RETURN count(p) AS n");
          await globalThis.db.close();
          const after = await again.query("MATCH (p:P) RETURN count(p) AS n");
          await again.close();
          return [rows[0].n, after.rows[0].n];
        }, database);
        assert.deepEqual(roles, [1, 1]);
        assert.deepEqual(await rows(two, "MATCH (p:P) RETURN count(p) AS n"), [[1]]);
      });

      follower("what cannot be shared is said", async () => {
        const { refused, without, memory } = await two.evaluate(async (name) => {
          const { outcome, pg } = globalThis;
          await globalThis.db.close();
          const relaxed = await pg.open(`${name}-relaxed`, { storage: globalThis.storage, durability: "relaxed" });
          const refused = await outcome(pg.open(`${name}-relaxed`, { storage: globalThis.storage }));
          await relaxed.close();
          const [a, b] = await Promise.all([1, 2].map(() => pg.open(name, { storage: "memory" })));
          await a.query("CREATE (:M)");
          const memory = (await b.query("MATCH (m:M) RETURN count(m) AS n")).rows[0].n;
          await Promise.all([a.close(), b.close()]);
          Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
          const without = await outcome(pg.open(name, { storage: globalThis.storage }));
          return { refused, without, memory };
        }, database);
        assert.equal(refused.code, "INVALID_ARGUMENT");
        assert.equal(without.code, "LOCKED", "without Web Locks there is nothing to elect with");
        assert.equal(memory, 0, "memory is each opening's own");
      });
    });

    test(`eight tabs on ${storage}, ${takeovers} take-overs, seed ${seed}`, { timeout: timeout + takeovers * 10_000 }, async (t) => {
      const draw = random(seed);
      const pages = [];
      let tabs = 0;
      const begin = async (page) => {
        page.called = `t${tabs++}`;
        await page.evaluate(join, page.called, storage);
        page.evaluate(work, page.called).catch(() => {}); // it may die with its page
        pages.push(page);
      };
      const add = async () => begin(await openApp(browser, `${server.url}/index.html`));
      const coming = new Set(); // tabs that are on their way
      const later = (what) => {
        const one = what().finally(() => coming.delete(one));
        coming.add(one);
      };
      const drop = (page) => pages.splice(pages.indexOf(page), 1);
      const owner = async () => {
        for (let i = 0; i < 100; i++) {
          const roles = await Promise.all(pages.map(role));
          if (roles.includes("owner")) return pages[roles.indexOf("owner")];
          await sleep(50);
        }
        throw new Error(`nobody owns the database: seed ${seed}`);
      };
      const ends = {
        close: async (page) => (drop(page), await page.close(), later(add)),
        reload: async (page) => {
          drop(page);
          await page.evaluate(() => void (globalThis.old = true));
          const reloaded = page.reload();
          await sleep(100);
          later(async () => {
            await reloaded;
            await page.waitForFunction("globalThis.ready === true && !globalThis.old");
            await begin(page);
          });
        },
        terminate: (page) => page.evaluate(() => globalThis.worker.terminate()),
        "close in order": async (page) => {
          drop(page);
          await page.evaluate(() => ((globalThis.working = false), globalThis.db.close()));
          later(() => begin(page));
        },
        ...(name === "chromium" && {
          crash: async (page) => {
            drop(page);
            page.goto("chrome://crash").catch(() => {});
            await sleep(100);
            page.close().catch(() => {});
            later(add);
          },
        }),
      };
      await Promise.all(Array.from({ length: 8 }, add));
      const begun = Date.now();
      const counts = {};
      const kinds = [...Object.keys(ends), "terminate", "terminate", "close in order"]; // those that take no new page are drawn more often
      const frozen = new Set([Math.floor(draw() * takeovers)]);
      for (let i = 0; i < takeovers; i++) {
        const page = await owner();
        if (i % 5 === 2) pages[Math.floor(draw() * pages.length)].evaluate(() => globalThis.db.snapshot()).catch(() => {});
        await sleep(draw() * 200);
        if (frozen.has(i) || i % 50 === 49) {
          await page.evaluate(freeze, page.called, frozenFor);
          server.news.push({ frozen: page.called, at: Date.now() });
          counts.freeze = (counts.freeze ?? 0) + 1;
          await sleep(frozenFor + 300);
          continue;
        }
        const kind = kinds[Math.floor(draw() * kinds.length)];
        counts[kind] = (counts[kind] ?? 0) + 1;
        if (process.env.POCKETGRAPH_VERBOSE) t.diagnostic(`${Date.now() - begun} ms: ${kind} of ${page.called}`);
        await ends[kind](page);
        while (pages.length < 5) await Promise.race(coming);
      }
      await Promise.all(coming);
      const took = Date.now() - begun;
      await owner();
      await sleep(300);
      await Promise.all(pages.map((page) => page.evaluate(() => void (globalThis.working = false))));
      await sleep(500);

      // What they were told, against what is there, twice: as it is, and out of a snapshot.
      const told = { done: new Set(), no: new Set(), all: new Map() };
      const codes = {};
      let slowest = 0;
      let slow = "";
      let stood = 0; // longest of a page that was not frozen by the test
      const frozenTabs = new Set(server.news.map((n) => n.frozen));
      for (const n of server.news) {
        if (n.frozen) continue;
        if (!frozenTabs.has(n.tab)) stood = Math.max(stood, n.stood);
        if (n.how === "failed") assert.ok(n.code === "CLOSED", `${n.what} of ${n.tab}: ${n.code} ${n.message}, seed ${seed}`);
        if (n.code) codes[n.code] = (codes[n.code] ?? 0) + 1;
        if (process.env.POCKETGRAPH_VERBOSE && (n.code || n.ms > promised)) t.diagnostic(`${n.at - begun} ms: ${n.what} of ${n.tab}, ${Math.round(n.ms)} ms and ${Math.round(n.stood)} in which its page did not run: ${n.code ?? n.how} ${n.applied ?? ""} ${n.message ?? ""}`);
        if (n.ms > slowest) [slowest, slow] = [n.ms, `${n.what} of ${n.tab}, ${n.code ?? n.how}${frozenTabs.has(n.tab) ? ", which was frozen" : ""}`];
        if (n.what !== "write") continue;
        if (n.how === "done") told.done.add(n.id);
        if (n.how === "no") told.no.add(n.id);
      }
      const look = async () => {
        const page = await owner();
        const { problems, rows } = await page.evaluate(async () => ({
          problems: await globalThis.db.check(),
          rows: (await globalThis.db.query("MATCH (w:W) RETURN w.id AS id, count(*) AS n", {}, { rows: "array" })).rows,
        }));
        assert.deepEqual(problems, []);
        const there = new Map(rows);
        assert.deepEqual([...there].filter(([, n]) => n !== 1), [], `applied more than once, seed ${seed}`);
        assert.deepEqual([...told.done].filter((id) => !there.has(id)), [], `acknowledged and not there, seed ${seed}`);
        assert.deepEqual([...told.no].filter((id) => there.has(id)), [], `said not to be applied, and there, seed ${seed}`);
        return there.size;
      };
      const there = await look();
      await (await owner()).evaluate(async () => (await globalThis.db.snapshot(), await globalThis.db.close()));
      await look();
      t.diagnostic(`${JSON.stringify(counts)} in ${took} ms; ${told.done.size} writes acknowledged, ${there} there, slowest ${Math.round(slowest)} ms, a page did not run for up to ${Math.round(stood)} ms more, codes ${JSON.stringify(codes)}`);
      assert.ok(told.done.size > takeovers * 5, `only ${told.done.size} writes`);
      assert.ok(slowest < promised, `a ${slow} took ${Math.round(slowest)} ms, seed ${seed}`);
      for (const page of pages) await page.close();
    });
  });
}

// The browser is killed with SIGKILL while a page writes, and started again
// with the same profile: every acknowledged write is there, no transaction is
// there in part, and check() finds nothing.
//
//   POCKETGRAPH_LONG=1          50 rounds in Chromium and 20 in Firefox instead of 5 and 2; on IndexedDB half of that instead of one
//   POCKETGRAPH_KILL_ROUNDS=n   so many in each
//   POCKETGRAPH_SEED=n          the moments of the kills; printed by every run

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import { browsers, launch } from "./browsers.mjs";
import { makeApp, openApp, random, serveApp } from "./fixture.mjs";

const long = Boolean(process.env.POCKETGRAPH_LONG);
// On IndexedDB make test has one kill for each browser: Chromium was seen once to
// begin with no IndexedDB at all, two starts behind a kill (docs/durability.md).
// The long run fails when it does so again.
const all = (browser) => (browser === "chromium" ? (long ? 50 : 5) : long ? 20 : 2);
const rounds = (browser, storage) => Number(process.env.POCKETGRAPH_KILL_ROUNDS ?? (storage === "opfs" ? all(browser) : long ? all(browser) / 2 : 1));
const seed = Number(process.env.POCKETGRAPH_SEED ?? Date.now() % 1_000_000);

/** On the page: writes without end, and tells the server of each write that was acknowledged. */
async function writeForEver({ from, storage, durability, snapshots }) {
  const { pg } = globalThis;
  const db = await pg.open("killed", { storage, durability });
  globalThis.created = db.info.recovery.created;
  let next = from;
  let told = Promise.resolve();
  let acknowledged = [];
  const tell = (i) => {
    acknowledged.push(i);
    if (acknowledged.length > 1) return;
    told = told.then(() => {
      const body = acknowledged.join();
      acknowledged = [];
      return fetch("/acknowledged", { method: "POST", body });
    });
  };
  const one = (i) => db.query("CREATE (:W {i: $i, half: 1})-[:PAIR {i: $i}]->(:W {i: $i, half: 2})", { i });
  const steps = (i) =>
    db.transaction(async (tx) => {
      const a = await tx.createNode(["W"], { i, half: 1 });
      const b = await tx.createNode(["W"], { i, half: 2 });
      await tx.createRelationship(a, "PAIR", b, { i });
    });
  const writer = async () => {
    for (;;) {
      const i = next++;
      await (i % 5 ? one(i) : steps(i));
      tell(i);
    }
  };
  for (let k = 0; k < 8; k++) void writer();
  if (snapshots) for (;;) await db.snapshot();
  return "writing";
}

/** On the page: what is there after the kill. */
async function takeStock(storage) {
  const db = await globalThis.pg.open("killed", { storage, create: false });
  const problems = await db.check();
  const nodes = (await db.query("MATCH (w:W) RETURN w.i AS i, count(w) AS n")).rows;
  const pairs = (await db.query("MATCH (a:W {half: 1})-[p:PAIR]->(b:W {half: 2}) WHERE a.i = b.i AND p.i = a.i RETURN a.i AS i, count(p) AS n")).rows;
  const { recovery } = db.info;
  await db.close();
  return { problems, nodes: nodes.map((r) => [r.i, r.n]), pairs: pairs.map((r) => [r.i, r.n]), recovery: JSON.stringify(recovery) };
}

/** All of the browser's processes at one moment: puppeteer starts it as the leader of a process group. */
function kill(browser) {
  const child = browser.process();
  const gone = new Promise((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once("exit", resolve)));
  process.kill(-child.pid, "SIGKILL");
  return gone;
}

let app;
before(async () => (app = await makeApp()), { timeout: 120_000 });
after(() => app?.remove());

for (const name of browsers) for (const storage of ["opfs", "indexeddb"]) {
  const most = rounds(name, storage);
  test(`${name} killed while it writes to ${storage}, ${most} rounds, seed ${seed}`, { timeout: 60_000 + most * 60_000 }, async (t) => {
    const acknowledged = new Set();
    const collect = (request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk)).on("end", () => {
        for (const i of body.split(",")) acknowledged.add(Number(i));
        response.end();
      });
    };
    const server = await serveApp(app, { routes: { "/acknowledged": collect } });
    const profile = mkdtempSync(join(tmpdir(), "pocketgraph-profile-"));
    const draw = random(seed);
    try {
      let from = 1;
      for (let round = 1; round <= most; round++) {
        const durability = round % 3 ? "strict" : "relaxed";
        const snapshots = round % 2 === 0;
        const lived = Math.floor(draw() * 1500);
        let browser = await launch(name, { profile });
        let page = await openApp(browser, `${server.url}/index.html`);
        page.evaluate(writeForEver, { from, storage, durability, snapshots }).catch(() => {}); // it dies with its page
        const before = acknowledged.size;
        while (acknowledged.size === before) await sleep(5); // opening takes what it takes; the draw is about writing
        assert.equal(await page.evaluate(() => globalThis.created), round === 1, `round ${round}: the browser gave an empty ${storage}, seed ${seed}`);
        await sleep(lived);
        await kill(browser);
        const known = new Set(acknowledged);

        browser = await launch(name, { profile });
        page = await openApp(browser, `${server.url}/index.html`);
        const stock = await page.evaluate(takeStock, storage);
        await browser.close();
        const nodes = new Map(stock.nodes);
        const pairs = new Map(stock.pairs);
        const where = `round ${round}, killed after ${lived} ms, seed ${seed}, recovery ${stock.recovery}`;
        assert.deepEqual(stock.problems, [], where);
        assert.deepEqual([...known].filter((i) => pairs.get(i) !== 1 || nodes.get(i) !== 2), [], `acknowledged and not there: ${where}`);
        assert.deepEqual([...nodes].filter(([i, n]) => n !== 2 || pairs.get(i) !== 1), [], `there in part: ${where}`);
        t.diagnostic(`round ${round}: ${durability}${snapshots ? " with snapshots" : ""}, ${lived} ms, ${known.size - before} acknowledged, ${nodes.size - known.size} more there, recovery ${stock.recovery}`);
        from = Math.max(...nodes.keys()) + 1;
        for (const i of nodes.keys()) acknowledged.add(i); // there now, so there for good
      }
    } finally {
      await server.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // the browser may still be putting files down
    }
  });
}

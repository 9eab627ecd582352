// Linearizability of several tabs with several connections each: what they are
// told by registers that they read, write and add to, while the worker that owns
// the files is terminated and its tab reloaded or closed, must have an order in
// which one after the other would have been told the same. The server stamps the
// operations with one clock; package internal/linear decides, which decides for
// the Go API too. A history that was tampered with must be refused.
//
//   POCKETGRAPH_LONG=1          20 rounds in each browser instead of one
//   POCKETGRAPH_ROUNDS=n        so many
//   POCKETGRAPH_SEED=n          who asks for what, and who goes when; printed by every run

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { browsers, launch } from "./browsers.mjs";
import { makeApp, openApp, random, serveApp, web } from "./fixture.mjs";

const rounds = Number(process.env.POCKETGRAPH_ROUNDS ?? (process.env.POCKETGRAPH_LONG ? 20 : 1));
const seed = Number(process.env.POCKETGRAPH_SEED ?? Date.now() % 1_000_000);
const timeout = 120_000;
const keys = 3;
const tabs = 3;
/** A round ends when about so many operations were answered. */
const enough = 200;
/** In a round the owner goes so often. */
const departures = 4;

/** On the page: two connections to the database, whose worker can be terminated. */
async function join(name, tab) {
  const createWorker = () => (globalThis.worker = new Worker(`/freezing-worker.js?tab=${tab}`, { type: "module" }));
  const open = () => globalThis.pg.open(name, { storage: "opfs", createWorker });
  globalThis.connections = [await open(), await open()];
}

/** On the page: two clients of each connection, that ask until they are told to stop. */
async function work(tab, keys, seed) {
  const post = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body) }).then((response) => response.json());
  const draw = (n) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0), Math.floor((seed / 2 ** 32) * n));
  const one = async (at, text, params) => (await at.query(text, params, { rows: "array" })).rows[0][0];
  const read = "MATCH (r:Register {key: $key}) RETURN r.value";
  const write = "MATCH (r:Register {key: $key}) SET r.value = $value RETURN r.value";
  const ask = {
    read: (db, { key }) => one(db, read, { key }),
    write: (db, { key, value }) => one(db, write, { key, value }),
    add: (db, { key, value }) => one(db, "MATCH (r:Register {key: $key}) SET r.value = r.value + $value RETURN r.value", { key, value }),
    // The same in a transaction of two statements, which others must not come between.
    steps: (db, { key, value }) => db.transaction(async (tx) => one(tx, write, { key, value: value + (await one(tx, read, { key })) })),
  };
  const kinds = ["read", "read", "write", "add", "add", "add", "steps"];
  const client = async (db, n) => {
    while (!globalThis.stopped) {
      const how = kinds[draw(kinds.length)];
      const kind = how === "steps" ? "add" : how;
      const operation = { client: tab * 10 + n, kind, key: draw(keys), value: kind === "read" ? 0 : 1 + draw(1e6) };
      const id = await post("/called", operation);
      const told = await ask[how](db, operation).then(
        (answer) => ({ answer }),
        ({ code, message, applied }) => ({ code, message, applied: applied ?? (kind === "read" || code === "TX_EXPIRED" ? "no" : "unknown") }),
      );
      await post("/returned", { id, ...told });
    }
  };
  await Promise.all(globalThis.connections.flatMap((db, i) => [client(db, 2 * i), client(db, 2 * i + 1)]));
}

/** A server that stamps what clients ask, and what they are told, with one clock. */
async function serveClock() {
  const history = [];
  let clock = 0;
  const answers = (handle) => (request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk)).on("end", () => response.end(JSON.stringify(handle(JSON.parse(body)))));
  };
  const called = (operation) => history.push({ ...operation, call: ++clock }) - 1;
  const returned = ({ id, answer, ...failed }) => void Object.assign(history[id], failed.code ? failed : { answer, return: ++clock });
  const server = await serveApp(app, { routes: { "/called": answers(called), "/returned": answers((told) => (returned(told), true)) } });
  return { ...server, history, called, returned, answered: () => history.filter((operation) => operation.return).length };
}

/** One that did not take place is none, nor is a read that nobody was told of; a write without an answer stays open. */
const operations = (history) => history.filter(({ applied, kind, return: back }) => applied !== "no" && (back || kind !== "read"));

const check = (history) =>
  spawnSync("go", ["run", "./internal/linear/check"], { cwd: dirname(web), input: history.map((operation) => JSON.stringify(operation)).join("\n"), encoding: "utf8" });

/** The history without an addition whose sum somebody was told later: a write that was acknowledged and is lost. */
function withoutOne(history) {
  const reads = history.filter(({ kind }) => kind === "read");
  const lost = history.find((add) => add.kind === "add" && add.return && reads.some((read) => read.key === add.key && read.answer === add.answer && read.call > add.return));
  assert.ok(lost, "nobody read a sum");
  return history.filter((operation) => operation !== lost);
}

let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

/** Opens the tabs of one database, and lets them go and come back. */
function cluster(browser, url, name, draw) {
  const pages = [];
  let numbered = 0;
  const ask = (page, text, params = {}) => page.evaluate((text, params) => globalThis.connections[0].query(text, params, { rows: "array" }).then(({ rows }) => rows), text, params);
  const begin = async (page) => {
    const number = numbered++;
    await page.evaluate(join, name, `${name}-${number}`);
    if (number === 0) await ask(page, "UNWIND range(0, $keys - 1) AS key CREATE (:Register {key: key, value: 0})", { keys });
    page.working = page.evaluate(work, number, keys, Math.floor(draw() * 2 ** 32)).catch(() => {}); // it may die with its page
    pages.push(page);
  };
  const drop = (page) => pages.splice(pages.indexOf(page), 1);
  const add = async () => begin(await openApp(browser, `${url}/index.html`));
  return {
    pages,
    add,
    ask,
    async owner() {
      for (let i = 0; i < 400; i++) {
        const roles = await Promise.all(pages.map((page) => page.evaluate(() => globalThis.connections.map((db) => db.info.role).join())));
        const at = roles.findIndex((role) => role.includes("owner")); // whichever of its connections that is
        if (at >= 0) return pages[at];
        await sleep(25);
      }
      throw new Error(`nobody owns the database: seed ${seed}`);
    },
    ends: {
      terminate: (page) => page.evaluate(() => globalThis.worker.terminate()),
      close: async (page) => (drop(page), await page.close(), await add()),
      reload: async (page) => {
        drop(page);
        await page.evaluate(() => void (globalThis.old = true));
        await page.reload();
        await page.waitForFunction("globalThis.ready === true && !globalThis.old");
        await begin(page);
      },
    },
    /** Lets everybody come to an end. */
    async stop() {
      await Promise.all(pages.map((page) => page.evaluate(() => void (globalThis.stopped = true))));
      await Promise.all(pages.map((page) => page.working));
    },
  };
}

/** One round: returns what ended the owners. */
async function round(browser, server, name, draw) {
  const { pages, add, ask, owner, ends, stop } = cluster(browser, server.url, name, draw);
  await add();
  await Promise.all(Array.from({ length: tabs - 1 }, add));
  const counts = {};
  const kinds = ["terminate", "terminate", "reload", "close"];
  for (let i = 0; i < departures; i++) {
    const share = server.answered() + (enough / departures) * (0.5 + draw());
    while (server.answered() < share) await sleep(5);
    const kind = kinds[Math.floor(draw() * kinds.length)];
    counts[kind] = (counts[kind] ?? 0) + 1;
    await ends[kind](await owner());
  }
  await stop();
  // What is there in the end, out of the files once more.
  await ends.terminate(await owner());
  for (let key = 0; key < keys; key++) {
    const id = server.called({ client: 1000, kind: "read", key, value: 0 });
    const [[answer]] = await ask(pages[0], "MATCH (r:Register {key: $key}) RETURN r.value", { key });
    server.returned({ id, answer });
  }
  await Promise.all(pages.map((page) => page.close()));
  return counts;
}

// Both browsers at once: most of the time is waiting.
describe("linearizable", { concurrency: true }, () => {
  for (const name of browsers) {
    test(`${name}: ${tabs} tabs with two connections each, ${rounds} rounds, seed ${seed}`, { timeout: timeout + rounds * 120_000 }, async (t) => {
      const browser = await launch(name);
      try {
        for (let i = 0; i < rounds; i++) {
          const server = await serveClock();
          const counts = await round(browser, server, `registers-${i}`, random(seed + i));
          await server.close();
          const history = operations(server.history);
          const codes = {};
          for (const { code, applied } of server.history) if (code) codes[`${code}, applied: ${applied}`] = (codes[`${code}, applied: ${applied}`] ?? 0) + 1;
          const about = `round ${i}, seed ${seed}: ${JSON.stringify(counts)}, ${history.length} operations, ${history.filter((o) => !o.return).length} without an answer`;
          t.diagnostic(`${about}; ${JSON.stringify(codes)}`);
          const decided = check(history);
          assert.equal(decided.status, 0, `${about}: ${decided.stderr}`);
          const doctored = check(withoutOne(history));
          assert.equal(doctored.status, 1, "a history from which an acknowledged write is missing is taken for a good one");
          assert.match(doctored.stderr, /no order of the operations/);
        }
      } finally {
        await browser.close();
      }
    });
  }
});

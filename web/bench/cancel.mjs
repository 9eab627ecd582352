// How long a runaway statement goes on in a page after it was cancelled, and
// after its time-out: the milliseconds for each kind, in real browsers.
//
//   node bench/cancel.mjs [chromium,firefox]     in web/, after a build
//   node bench/cancel.mjs node                   milliseconds of processor time instead, in Node:
//                                                what other work on the machine does not change

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeApp, session, web } from "../test/fixture.mjs";

process.env.POCKETGRAPH_BUILT ??= "1";
const source = readFileSync(join(web, "../cypher/runaway_test.go"), "utf8");
const table = source.slice(source.indexOf("var runaways"), source.indexOf("\n}\n"));
const runaways = [...table.matchAll(/^\t\{("[^"]*"), ("(?:[^"\\]|\\.)*")\},$/gm)].map(([, name, text]) => ({ name: JSON.parse(name), text: JSON.parse(text) }));
const rounds = Number(process.env.ROUNDS ?? 3);

async function measure({ text }, rounds) {
  const db = await globalThis.pg.open("cancel", { storage: "memory" });
  await db.query("UNWIND range(1, 12) AS i CREATE (:K {i: i})");
  await db.query("MATCH (a:K), (b:K) WHERE a <> b CREATE (a)-[:E]->(b)");
  await db.query("UNWIND range(0, 39) AS i CREATE (:L {i: i})-[:S]->(:J {i: i}), (:J {i: i})");
  await db.query("MATCH (a:L), (b:J) WHERE a.i = b.i MERGE (a)-[:S]->(b)");
  await db.query("MATCH (b:J), (a:L) WHERE a.i = b.i + 1 CREATE (b)-[:S]->(a)");
  const endless = (line) => new ReadableStream({ pull: (c) => c.enqueue(new TextEncoder().encode(line.repeat(Math.ceil(65536 / line.length)))) }, { highWaterMark: 0 });
  const files = () => ({ endless: endless("a,b,c\n"), wide: endless("field,".repeat(4000) + "\n") });
  const run = async (options, end) => {
    let from = 0;
    const running = db.query(text, {}, { files: files(), ...options }).then(() => "done", ({ code }) => code);
    await end((at) => (from = at));
    return { code: await running, ms: performance.now() - from };
  };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const cancelled = [];
  const late = [];
  for (let i = 0; i < rounds; i++) {
    const stop = new AbortController();
    cancelled.push(await run({ signal: stop.signal }, async (mark) => (await wait(150 + 40 * i), mark(performance.now()), stop.abort())));
    late.push(await run({ timeout: 150 + 40 * i }, async (mark) => mark(performance.now() + 150 + 40 * i)));
  }
  await db.close();
  return { cancelled, late };
}

/** The processor time from abort() to the answer, the worst of the rounds at different moments. */
async function inNode() {
  const { open } = await import("../dist/node.js");
  for (const runaway of runaways.filter(({ text }) => !text.includes("LOAD CSV"))) {
    const found = [];
    for (let i = 0; i < rounds; i++) {
      const db = await open("cancel", { storage: "memory" });
      await db.query("UNWIND range(1, 12) AS i CREATE (:K {i: i})");
      await db.query("MATCH (a:K), (b:K) WHERE a <> b CREATE (a)-[:E]->(b)");
      await db.query("UNWIND range(0, 39) AS i CREATE (:L {i: i})-[:S]->(:J {i: i}), (:J {i: i})");
      await db.query("MATCH (a:L), (b:J) WHERE a.i = b.i MERGE (a)-[:S]->(b)");
      await db.query("MATCH (b:J), (a:L) WHERE a.i = b.i + 1 CREATE (b)-[:S]->(a)");
      const stop = new AbortController();
      const running = db.query(runaway.text, {}, { signal: stop.signal }).then(() => "done", ({ code }) => code);
      await new Promise((done) => setTimeout(done, 100 + 170 * i));
      const from = process.cpuUsage();
      stop.abort();
      const code = await running;
      const { user, system } = process.cpuUsage(from);
      found.push({ code, ms: (user + system) / 1000 });
      await db.close();
    }
    console.log(`  ${runaway.name.padEnd(34)}${Math.max(...found.map(({ ms }) => ms)).toFixed(1).padStart(8)} ${[...new Set(found.map(({ code }) => code))].join("/")}`);
  }
  process.exit();
}

if (process.argv[2] === "node") await inNode();
const app = await makeApp();
try {
  for (const browser of (process.argv[2] ?? "chromium,firefox").split(",")) {
    const here = await session(browser, app);
    console.log(`${browser}: ms from abort(), and from the time-out, to the answer; the worst of ${rounds}`);
    for (const runaway of runaways) {
      const found = await here.page.evaluate(measure, runaway, rounds);
      const worst = (list) => list.reduce((a, b) => (b.ms > a.ms ? b : a));
      const cell = (list) => `${worst(list).ms.toFixed(1).padStart(8)} ${[...new Set(list.map(({ code }) => code))].join("/")}`;
      console.log(`  ${runaway.name.padEnd(34)}${cell(found.cancelled).padEnd(22)}${cell(found.late)}`);
    }
    await here.close();
  }
} finally {
  app.remove();
}

// What is measured, through the package, on the page. Each function returns
// figures; run.mjs and million.mjs print them.
import { destroy, open } from "/node_modules/pocketgraph/dist/index.js";

/** How long each rate is measured. */
const milliseconds = 2000;
/** Bytes of a commit record of one small node, about: what the bare platform is given to write. */
const recordBytes = 200;

const seconds = (since) => (performance.now() - since) / 1000;

/** Calls of `one(i)` a second, `flight` of them at a time. */
async function rate(one, flight = 1) {
  let done = 0;
  const begun = performance.now();
  const worker = async () => {
    while (performance.now() - begun < milliseconds) {
      await one(done++);
    }
  };
  await Promise.all(Array.from({ length: flight }, worker));
  return done / seconds(begun);
}

async function fresh(name, options) {
  await destroy(name, { storage: "opfs" }).catch(() => {});
  return open(name, { storage: "opfs", ...options });
}

/** Writes a second of the bare platform, with and without flush. */
export async function raw(flush) {
  const worker = new Worker("./raw-worker.js");
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = reject;
      worker.postMessage({ name: "raw", bytes: recordBytes, milliseconds, flush });
    });
  } finally {
    worker.terminate();
  }
}

export async function commits(durability, flight) {
  const db = await fresh("bench-commits", { durability });
  const perSecond = await rate((i) => db.query("CREATE (:N {i: $i})", { i }), flight);
  await db.close();
  return perSecond;
}

/** A number from 0 to 2^32-1 without pattern, the same in every run: the finalizer of MurmurHash3 over a counter. */
function hash(i, salt) {
  let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const nodeRow = (i) => ({ id: i, name: `person ${hash(i, 1).toString(36)}`, age: hash(i, 2) % 90, score: hash(i, 3) / 2 ** 32 });
const relRow = (i, nodes) => [hash(i, 4) % nodes, hash(i, 5) % nodes, hash(i, 6) % 100];

/** Batches of rows as parameters: the way an app loads its data. Two are in flight, so that page and engine both work. */
async function inBatches(db, text, count, row, size, tell) {
  let flying = [];
  for (let at = 0; at < count; at += size) {
    const rows = Array.from({ length: Math.min(size, count - at) }, (_, k) => row(at + k));
    if (flying.length === 2) await flying.shift();
    flying.push(db.query(text, { rows }));
    tell?.(at + rows.length);
  }
  await Promise.all(flying);
}

export async function load(db, nodes, rels, tell) {
  await db.query("CREATE INDEX person_id IF NOT EXISTS FOR (p:Person) ON (p.id)");
  const begun = performance.now();
  await inBatches(db, "UNWIND $rows AS row CREATE (p:Person) SET p = row", nodes, nodeRow, 10_000, (n) => tell?.("nodes", n));
  const nodeSeconds = seconds(begun);
  const then = performance.now();
  await inBatches(
    db,
    "UNWIND $rows AS row MATCH (a:Person {id: row[0]}), (b:Person {id: row[1]}) CREATE (a)-[:KNOWS {since: row[2]}]->(b)",
    rels,
    (i) => relRow(i, nodes),
    20_000,
    (n) => tell?.("relationships", n),
  );
  return { nodeSeconds, relSeconds: seconds(then) };
}

export async function queries(nodes, rels) {
  let db = await fresh("bench-graph");
  const { nodeSeconds, relSeconds } = await load(db, nodes, rels);
  const figures = { nodesPerSecond: nodes / nodeSeconds, relationshipsPerSecond: rels / relSeconds };
  const id = (i) => (i * 7919) % nodes;
  const lookup = (i) => db.query("MATCH (p:Person {id: $id}) RETURN p.name AS name", { id: id(i) });
  figures.lookups = await rate(lookup);
  figures.lookups100 = await rate(lookup, 100);
  const hops = ["(b)", "()-[:KNOWS]->(b)", "()-[:KNOWS]->()-[:KNOWS]->(b)"];
  for (const [i, pattern] of hops.entries()) {
    const text = `MATCH (a:Person {id: $id})-[:KNOWS]->${pattern} RETURN count(DISTINCT b) AS n`;
    figures[`hops${i + 1}`] = await rate((k) => db.query(text, { id: id(k) }));
  }
  figures.countAll = await rate(() => db.query("MATCH (p:Person) WHERE p.age > 30 RETURN count(p) AS n"));
  await db.close();
  const reopen = async () => {
    const begun = performance.now();
    db = await open("bench-graph", { storage: "opfs", create: false });
    await lookup(1);
    return performance.now() - begun;
  };
  figures.reopenFromLog = await reopen();
  figures.snapshot = await db.snapshot();
  await db.close();
  figures.reopenFromSnapshot = await reopen();
  await db.close();
  await destroy("bench-graph", { storage: "opfs" });
  return figures;
}

const measured = () => new Worker("./measured-worker.js", { type: "module" });

/** The engine's memory in bytes, as its worker tells. */
function memory() {
  const channel = new BroadcastChannel("pocketgraph-memory");
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => typeof data === "number" && (channel.close(), resolve(data));
    channel.postMessage("?");
  });
}

/** One store through its life: load, snapshot, reopen; with the peak of memory after each. */
export async function million(nodes, rels, tell) {
  await destroy("million", { storage: "opfs" }).catch(() => {});
  const options = { storage: "opfs", createWorker: measured };
  const figures = {};
  let db = await open("million", options);
  Object.assign(figures, await load(db, nodes, rels, tell));
  figures.memoryAfterLoad = await memory();
  figures.snapshot = await db.snapshot();
  figures.memoryAfterSnapshot = await memory();
  figures.stats = await db.stats();
  await db.close();
  const begun = performance.now();
  db = await open("million", options);
  const { rows } = await db.query("MATCH (n:Person) RETURN count(n) AS nodes");
  figures.reopenSeconds = seconds(begun);
  figures.nodes = rows[0].nodes;
  figures.relationships = (await db.query("MATCH ()-[r:KNOWS]->() RETURN count(r) AS n")).rows[0].n;
  figures.memoryAfterReopen = await memory();
  const checking = performance.now();
  figures.problems = await db.check();
  figures.checkSeconds = seconds(checking);
  figures.memoryAfterCheck = await memory();
  await db.close();
  await destroy("million", { storage: "opfs" });
  return figures;
}

globalThis.bench = { raw, commits, queries, million };
globalThis.ready = true;

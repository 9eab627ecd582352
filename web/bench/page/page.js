// The page: starts the measuring workers, and measures what is awaited from
// here. run.mjs calls the functions of `bench`.

import { inFlight, latencies, rate } from "./measure.js";
import { PocketGraph } from "./peers/pocketgraph.js";
import { remote } from "./remote.js";
import { socialGraph } from "./social.js";
import { works } from "./works.js";

const workers = new Map();

/** The package as a page uses it, with a worker of its own. */
let db;
let dataset;

const bench = {
  async start(peer, options, data) {
    const worker = remote();
    workers.set(peer, worker);
    await worker.init({ peer, options, dataset: data });
  },
  stop(peer) {
    workers.get(peer).terminate();
    workers.delete(peer);
  },
  ask: (peer, method, ...args) => workers.get(peer)[method](...args),

  /** From the start of the navigation to this answer: everything a reload costs. */
  async firstAnswer(peer, options, name, durability, id) {
    await bench.start(peer, options);
    await workers.get(peer).call("open", name, durability);
    const answer = await workers.get(peer).lookup(id);
    return { milliseconds: performance.now(), answer };
  },

  // ---- PocketGraph from the page

  async pageOpen(name, durability, fresh) {
    db = new PocketGraph();
    await db[fresh ? "create" : "open"](name, durability);
  },
  async pageFirstAnswer(name, durability, id) {
    await bench.pageOpen(name, durability, false);
    const answer = await db.run(works.social.lookup, { id });
    return { milliseconds: performance.now(), answer };
  },
  pageClose: () => db.close(),
  async pageData({ nodes, rels }) {
    dataset = socialGraph(nodes, rels);
  },
  async pageLoad() {
    const begun = performance.now();
    await db.load(dataset);
    return performance.now() - begun;
  },
  pageCommitBytes: () => db.commitBytes(),
  async pageCommits(from, milliseconds, flight) {
    if (flight === 1) return latencies((k) => db.commit(k), { from, milliseconds });
    return { perSecond: await inFlight((k) => db.commit(from + k), flight, milliseconds) };
  },
  async pageLookups(milliseconds, flight) {
    const { lookup } = works.social;
    const one = (k) => db.run(lookup, lookup.params(dataset, k));
    return flight === 1 ? (await rate(one, { milliseconds })).perSecond : inFlight(one, flight, milliseconds);
  },
  /** Commits awaited one by one while a snapshot is written, and for as long without one. */
  async stalls(from) {
    let writing = true;
    const begun = performance.now();
    const snapshot = db.snapshot().finally(() => (writing = false));
    const during = await latencies((k) => db.commit(k), { from, until: () => !writing });
    const spent = performance.now() - begun;
    await snapshot;
    const calm = await latencies((k) => db.commit(k), { from: from + 1e6, milliseconds: Math.max(spent, 500) });
    return { during, calm, snapshotMilliseconds: spent };
  },
  async pageRows() {
    const begun = performance.now();
    const rows = await db.rows();
    let sum = 0;
    for (const row of rows) sum += row[0] + row[4];
    return { perSecond: (1000 * rows.length) / (performance.now() - begun), rows: rows.length, sum };
  },
  pageCheck: () => db.check(),

  // ---- what the others' answers cost from the page: one message each way

  async remoteRows(peer) {
    const begun = performance.now();
    const rows = await workers.get(peer).rows();
    let sum = 0;
    for (const row of rows) sum += row[0] + row[4];
    return { perSecond: (1000 * rows.length) / (performance.now() - begun), rows: rows.length, sum };
  },
  async remoteLookups(peer, milliseconds, flight) {
    const one = (k) => workers.get(peer).one("lookup", k);
    return flight === 1 ? (await rate(one, { milliseconds })).perSecond : inFlight(one, flight, milliseconds);
  },
  async echo(milliseconds, flight) {
    const worker = new Worker(new URL("./echo.js", import.meta.url));
    const waiting = [];
    worker.onmessage = ({ data }) => waiting.shift()(data);
    const one = (k) => new Promise((resolve) => (waiting.push(resolve), worker.postMessage({ k })));
    const perSecond = flight === 1 ? (await rate(one, { milliseconds })).perSecond : await inFlight(one, flight, milliseconds);
    worker.terminate();
    return perSecond;
  },
};

globalThis.bench = bench;
globalThis.ready = true;

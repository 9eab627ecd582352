// One peer in a worker of its own, with the data and the clock beside it.
// The page sends {id, method, args}; methods are those of Bench.

import { wasmMemory } from "./wasm-memory.js"; // before the peers' modules
import { latencies, rate } from "./measure.js";
import { networkGraph } from "./network.js";
import { socialGraph } from "./social.js";
import { canonical, mixedWrite, works } from "./works.js";

const post = self.postMessage.bind(self);
const datasets = { social: ({ nodes, rels }) => socialGraph(nodes, rels), network: () => networkGraph() };
const peers = {
  async pocketgraph() {
    const { createWorker } = await import("./in-thread.js");
    const { PocketGraph } = await import("./peers/pocketgraph.js");
    return new PocketGraph({ createWorker });
  },
  sqlite: async () => new (await import("./peers/sqlite.js")).SQLite(),
  kuzu: async () => new (await import("./peers/kuzu.js")).Kuzu(),
  graphology: async () => new (await import("./peers/graphology.js")).Graphology(),
  bare: async (options) => new (await import("./peers/bare.js")).Bare(options),
};

const Bench = {
  async init({ peer, options, dataset }) {
    this.peer = await peers[peer](options);
    if (dataset) await this.makeDataset(dataset);
  },
  async makeDataset({ kind, ...size }) {
    this.works = works[kind];
    this.dataset = await datasets[kind](size);
  },
  /** A method of the peer; resolves with its answer and its time. */
  async call(method, ...args) {
    const begun = performance.now();
    const answer = await this.peer[method](...args);
    return { answer: answer ?? null, milliseconds: performance.now() - begun };
  },
  /** With a first hop: who puts off what hops need does it here. */
  async load(method = "load") {
    const begun = performance.now();
    await this.peer[method](this.dataset);
    const hop = this.works.neighbours ?? this.works.friends;
    await this.peer.run(hop, hop.params(this.dataset, 0));
    return performance.now() - begun;
  },
  async measure(name, { from, milliseconds, keep, least }) {
    const work = this.works[name];
    const { dataset, peer } = this;
    const { kept, ...figures } = await rate((k) => peer.run(work, work.params(dataset, k)), { from, milliseconds, least, keep });
    return { ...figures, answers: kept.map((rows) => canonical(work, rows)) };
  },
  /** So many calls, every tenth of which is a write; the writes of all peers are the same. */
  async mixed(name, { from, count, keep }) {
    const work = this.works[name];
    const { dataset, peer } = this;
    this.written ??= 0;
    const one = (k) => (k % 10 === 9 ? peer.write(mixedWrite(dataset, this.written++)) : peer.run(work, work.params(dataset, from + k)));
    const { kept, ...figures } = await rate(one, { milliseconds: 0, least: count, keep });
    return { ...figures, answers: kept.flatMap((rows, k) => (k % 10 === 9 ? [] : [canonical(work, rows)])) };
  },
  commits(how) {
    return latencies((k) => this.peer.commit(k), how);
  },
  /** For figures as the page sees them: one answer, over the border between threads. */
  one(name, k) {
    const work = this.works[name];
    return this.peer.run(work, work.params(this.dataset, k));
  },
  /** Without a dataset, after a reload. */
  lookup(id) {
    return this.peer.run(works.social.lookup, { id });
  },
  rows() {
    return this.peer.rows();
  },
  wasmMemory() {
    return wasmMemory();
  },
};

// Not an async function: what answers at once is posted in the same turn.
self.addEventListener("message", ({ data: { id, method, args } }) => {
  const fail = (error) => post({ id, error: String(error?.stack ?? error) });
  try {
    const answer = Bench[method](...args);
    if (answer instanceof Promise) answer.then((answer) => post({ id, answer }), fail);
    else post({ id, answer });
  } catch (error) {
    fail(error);
  }
});

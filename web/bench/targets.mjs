// The rows of the table and what is promised of them, as ratios in one run.

import { works } from "./page/works.js";

/** Rows by key of the figures: what it is, its unit, and whether more is better. */
const rate = (title) => ({ title, unit: "/s", more: true });
const time = (title) => ({ title, unit: "ms", more: false });

export const commitRows = {
  strict: rate("strict commits, one node each, one by one"),
  "strict page": rate("the same, awaited from the page"),
  "strict 1000": rate("the same, 1,000 in flight from the page"),
  relaxed: rate("relaxed commits, one by one"),
  "relaxed page": rate("the same, awaited from the page"),
  "relaxed 1000": rate("the same, 1,000 in flight from the page"),
};

const workRows = (dataset) => Object.fromEntries(Object.entries(works[dataset]).map(([key, work]) => [key, rate(work.name)]));
const mixedRows = Object.fromEntries(
  Object.entries(works.social)
    .filter(([, work]) => work.mixed)
    .map(([key, work]) => [`${key} mixed`, rate(`${work.name}, one write in ten`)]),
);

export const socialRows = {
  load: time("bulk load of the whole graph, durable, and a first hop"),
  "load rows": time("the same, ours through parameters of statements"),
  ...workRows("social"),
  ...mixedRows,
  snapshot: time("snapshot (checkpoint, export)"),
  reopen: time("reload, reopen, first answer"),
  bytes: { title: "stored at rest", unit: "MB", more: false, scale: 1e6 },
  memory: { title: "peak wasm memory", unit: "MB", more: false, scale: 2 ** 20, peak: true },
  page: rate("page to worker and back, a lookup, awaited"),
  "page 100": rate("the same, 100 in flight"),
  rows: rate("rows of five columns to the page"),
};

export const networkRows = {
  load: time("bulk load of the whole network, durable, and a first hop"),
  "load rows": time("the same, ours through parameters of statements"),
  ...workRows("network"),
  bytes: { title: "stored at rest", unit: "MB", more: false, scale: 1e6 },
};

/**
 * A target: the row, what ours is measured against (a peer, or another row of
 * ours), and how many times better it must be; below 1: how near it must come.
 */
const against = (row, peer, atLeast) => ({ row, peer, atLeast });
const ofOwn = (row, other, atLeast) => ({ row, other, atLeast });

/** All targets; those of the graph are for the largest. */
export const targets = [
  against("strict", "bare", 0.85),
  against("strict", "sqlite", 1),
  ofOwn("strict 1000", "strict", 10),
  against("relaxed", "sqlite", 2),
  against("load", "sqlite", 5),
  against("load", "kuzu", 5),
  against("lookup", "sqlite", 4),
  against("neighbours", "sqlite", 4),
  against("hops2", "sqlite", 4),
  against("hops3", "sqlite", 20),
  against("hops3", "bare", 1 / 5),
  against("path", "sqlite", 100),
  against("path", "graphology", 1),
  against("group", "graphology", 1),
  against("group", "sqlite", 20),
  against("top", "graphology", 1),
  against("top", "sqlite", 4),
  against("range", "graphology", 1),
  against("range", "sqlite", 10),
  against("triangles", "sqlite", 20),
  against("triangles", "kuzu", 20),
  against("triangles", "bare", 1 / 4),
  against("reopen", "sqlite", 1),
  against("reopen", "bare", 1 / 1.5),
  against("bytes", "sqlite", 1),
  { row: "memory", atMost: 96 * 2 ** 20 },
  against("page", "message", 0.7),
  ofOwn("page 100", "page", 3),
  against("rows", "sqlite", 2),
];

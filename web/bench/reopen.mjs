// Reload, reopen, first answer: several builds of the package and the peers, in
// turns. Every build has a Chromium of its own, since the browser's caches and
// files belong to an address; the peers are in the first one's.
//
//   node bench/reopen.mjs [--dist DIR,DIR] [--size 100000:500000] [--peers sqlite,bare] [--rounds 5] [--heat 1000]
//
// --heat: milliseconds that each of a few works runs before, which lets the
// browser optimize code, and keep it. Prints milliseconds, and those of processor
// time of all the browser's processes (Linux), in which other work shows less.

import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { onStage, web } from "./stage.mjs";
import { works } from "./page/works.js";

const { values: options } = parseArgs({
  options: {
    dist: { type: "string", default: `${web}/dist` },
    size: { type: "string", default: "100000:500000" },
    peers: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
    heat: { type: "string", default: "1000" },
  },
});
const [nodes, rels] = options.size.split(":").map(Number);
const builds = options.dist.split(",");
const peers = options.peers.split(",").filter(Boolean);
const found = {};

await withStages(builds, [], async (stages) => {
  for (const [i, stage] of stages.entries()) for (const peer of ["pocketgraph", ...(i ? [] : peers)]) await fill(stage, peer);
  await new Promise((written) => setTimeout(written, 3000)); // the browser writes its caches when nothing more happens
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [i, stage] of stages.entries()) for (const peer of ["pocketgraph", ...(i ? [] : peers)]) await reopen(stage, peer, peer === "pocketgraph" ? builds[i] : peer);
  }
});
const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const shown = (list) => `${middle(list)} (${list.join(", ")})`;
for (const [name, { times, spent }] of Object.entries(found)) console.log(`${name}: ${shown(times)} ms, of processor time ${shown(spent)}`);

/** Calls fn with a stage for each build, all open at once. */
function withStages([dist, ...rest], stages, fn) {
  return onStage((stage) => (rest.length ? withStages(rest, [...stages, stage], fn) : fn([...stages, stage])), { dist: resolve(dist) });
}

async function fill(stage, peer) {
  const ask = (method, ...args) => stage.call("ask", peer, method, ...args);
  await stage.call("start", peer, {}, { kind: "social", nodes, rels });
  await ask("call", "create", `reopen-${peer}`, "strict");
  await ask("load");
  if (peer === "pocketgraph" && Number(options.heat)) for (const work of Object.keys(works.social)) await ask("measure", work, { from: 0, milliseconds: Number(options.heat), keep: 0 });
  await ask("call", "snapshot");
  await ask("call", "close");
  await stage.call("stop", peer);
}

async function reopen(stage, peer, name) {
  const own = peer === "pocketgraph"; // it brings its worker itself
  const before = processorTime(stage.browser.process().pid);
  await stage.reload();
  const { milliseconds } = own ? await stage.call("pageFirstAnswer", `reopen-${peer}`, "strict", 61) : await stage.call("firstAnswer", peer, {}, `reopen-${peer}`, "strict", 61);
  const { times, spent } = (found[name] ??= { times: [], spent: [] });
  times.push(Math.round(milliseconds));
  spent.push(processorTime(stage.browser.process().pid) - before);
  await (own ? stage.call("pageClose") : stage.call("ask", peer, "call", "close"));
}

/** Milliseconds of processor time of a process and all it started; 0 where there is no /proc. */
function processorTime(root) {
  const parents = new Map();
  const ticks = new Map();
  let processes = [];
  try {
    processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {}
  for (const pid of processes) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" "); // from the state on: proc(5)
      parents.set(Number(pid), Number(fields[1]));
      ticks.set(Number(pid), Number(fields[11]) + Number(fields[12]));
    } catch {} // it has ended
  }
  const below = (pid) => pid === root || (parents.has(pid) && below(parents.get(pid)));
  let sum = 0;
  for (const [pid, count] of ticks) if (below(pid)) sum += count;
  return sum * 10; // 100 ticks a second
}

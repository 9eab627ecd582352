// Processor time of one call of the package, in one thread of Node, with an
// origin in memory: for comparing two builds on a machine that others use. Run
// them in turns; only ratios mean anything.
//
//   node bench/cpu.mjs [--dist DIR] [--size 100000:500000] [--milliseconds 300] [--rounds 5] [--durability relaxed] [work…]
//
// A work is one of page/works.js, or commit. Prints the best of the rounds in
// microseconds, and first the milliseconds of the load and of the first hop
// behind it.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { peerInNode } from "./in-node.mjs";
import { socialGraph } from "./page/social.js";
import { works } from "./page/works.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dist: { type: "string", default: fileURLToPath(new URL("../dist", import.meta.url)) },
    size: { type: "string", default: "100000:500000" },
    milliseconds: { type: "string", default: "300" },
    rounds: { type: "string", default: "5" },
    durability: { type: "string", default: "relaxed" },
  },
});
const names = positionals.length ? positionals : [...Object.keys(works.social), "commit"];
const unknown = names.filter((name) => name !== "commit" && !works.social[name]);
if (unknown.length) throw new Error(`no such work: ${unknown.join(", ")}`);

const [nodes, rels] = options.size.split(":").map(Number);
const graph = socialGraph(nodes, rels);
const peer = await peerInNode(options.dist);
await peer.open("cpu", options.durability);
const spent = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const before = spent();
await peer.load(graph);
const found = { "load, ms": (spent() - before) / 1000 };
const loaded = spent();
await peer.run(works.social.neighbours, works.social.neighbours.params(graph, 0)); // links the relationships
found["first hop, ms"] = (spent() - loaded) / 1000;
for (const name of names) found[name] = await best(name === "commit" ? (k) => peer.commit(k) : (k) => peer.run(works.social[name], works.social[name].params(graph, k)));
console.log(JSON.stringify(found, (_, x) => (typeof x === "number" ? Number(x.toPrecision(4)) : x)));
process.exit(); // the engine would go on

/** Microseconds of a call: the least of the rounds. */
async function best(one) {
  let least = Infinity;
  for (let round = 0, k = 0; round < Number(options.rounds); round++) {
    const [begun, from] = [performance.now(), spent()];
    let calls = 0;
    do {
      await one(k++);
      calls++;
    } while (performance.now() - begun < Number(options.milliseconds));
    least = Math.min(least, (spent() - from) / calls);
    await new Promise((turn) => setTimeout(turn)); // for flushes on a timer
  }
  return least;
}

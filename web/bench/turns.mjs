// Two or more builds of the package beside each other, in turns, with SQLite
// and the bare platform as they are: single commits and the page's round trip,
// where what else a machine does weighs more than what one wants to see.
//
//   node bench/turns.mjs [--rounds 5] [--milliseconds 300] [--size 1000:5000] [--works strict,…] DIR…
//
// DIR is a folder like web/dist. Prints medians of the rounds and every round.

import { parseArgs } from "node:util";
import { onStage } from "./stage.mjs";
import { sleeping } from "./suite.mjs";

const works = ["strict", "relaxed", "relaxed slept", "lookup", "page lookup", "page 100", "page strict", "page strict 1000", "page relaxed"];
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    milliseconds: { type: "string", default: "300" },
    size: { type: "string", default: "1000:5000" },
    works: { type: "string", default: works.join() },
    peers: { type: "string", default: "bare,sqlite" },
  },
});
const chosen = options.works.split(",");
const unknown = chosen.filter((work) => !works.includes(work));
if (unknown.length) throw new Error(`no such work: ${unknown.join(", ")}`);
const [nodes, rels] = options.size.split(":").map(Number);
const milliseconds = Number(options.milliseconds);
const figures = {};

/** A build on a stage of its own, or a peer on that of the first. */
class Contestant {
  constructor(name, peer, stage) {
    Object.assign(this, { name, peer, stage, at: 0 });
  }
  ask(method, ...args) {
    return this.stage.call("ask", this.peer, method, ...args);
  }
  get ours() {
    return this.peer === "pocketgraph";
  }
  async open(durability, store) {
    await this.stage.call("start", this.peer, { commitBytes: 232 }, { kind: "social", nodes, rels });
    await this.ask("call", "create", `${store}-${this.peer}`, durability);
    if (durability === "strict") await this.ask("load");
    if (!this.ours) return;
    await this.stage.call("pageData", { nodes, rels });
    await this.stage.call("pageOpen", `${store}-page`, durability, true);
    if (durability === "strict") await this.stage.call("pageLoad");
  }
  async close() {
    if (this.ours) await this.stage.call("pageClose");
    await this.ask("call", "close");
    await this.stage.call("stop", this.peer);
  }
  /** The rate, and the median of single calls where they were timed. */
  async run(work) {
    const from = (this.at += 1e6);
    const { call } = this.stage;
    if (work === "strict" || work === "relaxed") return this.ask("commits", { from, milliseconds });
    if (work === "relaxed slept") return this.ask("commits", { from, milliseconds, sleeping: sleeping / 1000 });
    if (work === "lookup") return this.ask("measure", "lookup", { from, milliseconds, keep: 0 });
    const [, kind, flight = "1"] = /^page (\D*?) ?(\d*)$/.exec(work);
    const n = Number(flight || 1);
    if (kind === "strict" || kind === "relaxed") return this.ours ? call("pageCommits", from, milliseconds, n) : null;
    if (this.ours) return { perSecond: await call("pageLookups", milliseconds, n) };
    return { perSecond: await call("remoteLookups", this.peer, milliseconds, n) };
  }
}

async function measure(contestants) {
  for (const durability of ["strict", "relaxed"]) {
    const some = chosen.filter((work) => work.includes("relaxed") === (durability === "relaxed"));
    if (!some.length) continue;
    for (const one of contestants) await one.open(durability, `turns-${durability}`);
    for (let round = -1; round < Number(options.rounds); round++) {
      for (const work of some) {
        for (const one of round % 2 ? contestants : contestants.toReversed()) {
          await one.stage.page.bringToFront();
          const found = await one.run(work);
          if (found && round >= 0) ((figures[work] ??= {})[one.name] ??= []).push(found);
        }
        if (work.startsWith("page l") || work === "page 100") {
          const perSecond = await contestants[0].stage.call("echo", milliseconds, work === "page 100" ? 100 : 1);
          if (round >= 0) ((figures[work] ??= {}).message ??= []).push({ perSecond });
        }
      }
    }
    for (const one of contestants) await one.close();
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
function print() {
  for (const [work, by] of Object.entries(figures)) {
    console.log(`\n${work}, /s`);
    for (const [name, found] of Object.entries(by)) {
      const rates = found.map((f) => f.perSecond);
      const times = found[0].p50 === undefined ? "" : `  p50 ${median(found.map((f) => f.p50)).toFixed(3)} p99 ${median(found.map((f) => f.p99)).toFixed(3)} longest ${median(found.map((f) => f.longest)).toFixed(2)} ms`;
      console.log(`  ${name.padEnd(28)}${Math.round(median(rates)).toLocaleString("en").padStart(9)}  (${rates.map((r) => Math.round(r)).join(" ")})${times}`);
    }
  }
}

/** One stage for each build, all open at once. */
async function onStages(dists, stages, fn) {
  if (!dists.length) return fn(stages);
  return onStage((stage) => onStages(dists.slice(1), [...stages, stage], fn), { dist: dists[0] });
}

const dists = positionals.length ? positionals : [undefined];
await onStages(dists, [], async (stages) => {
  const builds = stages.map((stage, i) => new Contestant(dists[i] ?? "dist", "pocketgraph", stage));
  const peers = options.peers.split(",").filter(Boolean).map((peer) => new Contestant(peer, peer, stages[0]));
  await measure([...builds, ...peers]);
});
print();

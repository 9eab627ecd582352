// The benchmarks in the browser: PocketGraph, its peers and the bare platform in
// one Chromium and one run. Every answer is compared; a difference fails it.
//
//   node bench/run.mjs [--quick | --growth] [--write] [--rounds 3] [--milliseconds 1000]
//                      [--sizes 10000:50000,100000:500000] [--peers sqlite,bare] [--json FILE]
//
// --quick: small counts, to see that everything runs and agrees; figures mean nothing.
// --growth: PocketGraph alone from 1,000 to 1,000,000 nodes, and the plot.
// --write: also into docs/performance.md, between the marks of that part.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { growth } from "./growth.mjs";
import { works } from "./page/works.js";
import { writeFigures } from "./readme.mjs";
import { environment, writePart } from "./report.mjs";
import { noNetwork, onStage } from "./stage.mjs";
import { peers, sleeping, Suite, thinking } from "./suite.mjs";
import { commitRows, networkRows, socialRows, targets } from "./targets.mjs";
import { table, timesTable, verdicts } from "./table.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    growth: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    rounds: { type: "string" },
    milliseconds: { type: "string" },
    sizes: { type: "string" },
    peers: { type: "string", default: peers.join() },
    json: { type: "string" },
  },
});

const defaults = options.quick
  ? { rounds: 1, milliseconds: 20, warm: 1, loads: 1, writes: 0.04, sizes: "1000:5000" }
  : { rounds: 3, milliseconds: 1000, warm: 300, loads: 3, writes: 1, sizes: options.growth ? "1000:5000,10000:50000,100000:500000,1000000:5000000" : "10000:50000,100000:500000" };
const plan = {
  ...defaults,
  peers: [...new Set(["pocketgraph", ...options.peers.split(",")])],
  say: (text) => (options.quick && !process.env.POCKETGRAPH_VERBOSE) || console.error(`[${new Date().toISOString().slice(11, 19)}] ${text}`),
};
if (options.rounds) plan.rounds = Number(options.rounds);
if (options.quick && options.write) throw new Error("--quick is no measurement: it is not written down");
if (options.milliseconds) plan.milliseconds = Number(options.milliseconds);
const sizes = (options.sizes ?? defaults.sizes).split(",").map((text) => {
  const [nodes, rels] = text.split(":").map(Number);
  return { kind: "social", nodes, rels };
});

const thousands = (n) => n.toLocaleString("en");

if (options.growth) await onStage((stage) => growth(stage, plan, sizes, options.write));
else await onStage(compare);

async function compare(stage) {
  const suite = new Suite(stage, plan);
  const found = [];
  const parts = [];
  const part = (title, rows, figures, targets) => {
    const absent = Object.keys(rows).filter((key) => !figures[key]?.pocketgraph);
    if (absent.length) throw new Error(`${title}: no figures for ${absent.join(", ")}`);
    parts.push(`### ${title}\n\n${table(rows, figures, targets)}`);
    found.push(...verdicts(rows, figures, targets).map((v) => ({ ...v, part: title, title: rows[v.row].title })));
  };
  const commits = await suite.commits();
  part(`Commits of one node (${commits.commitBytes} bytes in the log)`, commitRows, commits.rows, targets);
  const all = { commits, social: [] };
  const times = commitTimes(commits.rows);
  for (const data of sizes) {
    const figures = await suite.dataset(data, works.social);
    Object.assign(figures, await suite.reopen(data));
    const { rows, stalls } = await suite.fromThePage(data);
    Object.assign(figures, rows);
    // The targets are for the largest.
    part(`${thousands(data.nodes)} persons, ${thousands(data.rels)} KNOWS`, socialRows, figures, data === sizes.at(-1) ? targets : []);
    times.push(...stallTimes(data, stalls));
    all.social.push({ data, figures, stalls });
  }
  if (noNetwork) console.error(`LDBC network skipped: ${noNetwork}`);
  else {
    const network = new Suite(stage, { ...plan, peers: plan.peers.filter((peer) => peer !== "bare"), loads: 1 });
    network.answers = suite.answers;
    all.network = await network.dataset({ kind: "network" }, works.network);
    part("The LDBC social network (31,000 nodes, 70,000 relationships)", networkRows, all.network, []);
  }
  if (suite.answers.compared < 100) throw new Error(`only ${suite.answers.compared} answers were compared`);
  parts.splice(1, 0, `### How long single commits take\n\n${timesTable(times)}`);
  if (options.quick) {
    console.log(`every row ran; ${thousands(suite.answers.compared)} answers of ${plan.peers.join(", ")} compared, all the same`);
    return;
  }
  const text = `${await environment(stage, process.argv.slice(2), plan)}\n\n${parts.join("\n\n")}\n\n${summary(found, suite)}`;
  console.log(text);
  if (options.json) writeFileSync(options.json, JSON.stringify(all, null, 1));
  if (options.write) {
    writePart("comparison", text);
    writeFigures();
  }
}

function commitTimes(rows) {
  const of = (row, peer) => rows[`${row} times`]?.[peer];
  return [
    ["PocketGraph, strict", of("strict", "pocketgraph")],
    ["PocketGraph, strict, from the page", of("strict page", "pocketgraph")],
    ["PocketGraph, relaxed", of("relaxed", "pocketgraph")],
    ["SQLite, WAL FULL", of("strict", "sqlite")],
    ["SQLite, WAL NORMAL", of("relaxed", "sqlite")],
    ["bare OPFS, write and flush", of("strict", "bare")],
    [`the same, ${thinking} µs of computing before each`, of("strict paused", "bare")],
    ["bare OPFS, write", of("relaxed", "bare")],
    ...Object.entries({ pocketgraph: "PocketGraph, relaxed", sqlite: "SQLite, WAL NORMAL", bare: "bare OPFS, write" }).map(([peer, name]) => [`${name}, the thread having slept ${sleeping} µs before each`, of("relaxed paused", peer)]),
  ];
}

function stallTimes({ nodes }, stalls) {
  return [
    [`PocketGraph, strict, from the page, ${thousands(nodes)} persons`, stalls.map((s) => s.calm)],
    ["the same while a snapshot is written", stalls.map((s) => s.during).filter((t) => t.calls)],
  ];
}

function summary(found, suite) {
  const list = (met) => found.filter((v) => v.met === met).map((v) => `- ${v.title}: ${v.text}`);
  const [met, missed] = [list(true), list(false)];
  const part = (title, lines) => (lines.length ? [`${title}:\n\n${lines.join("\n")}`] : []);
  const counts = `${met.length} of ${found.length} targets met; ${suite.answers.compared.toLocaleString("en")} answers compared, all the same.`;
  return [counts, ...part("Met", met), ...part("Not met", missed)].join("\n\n");
}

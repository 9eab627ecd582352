// Where the time of a row goes: Chromium's profiler on PocketGraph's worker,
// with an engine that has its names. By package, and the functions that cost most.
//
//   node bench/profile.mjs [--size 10000:50000] [--milliseconds 2000] [--functions 25] [--save DIR] row…
//
// A row is a work of page/works.js, or load, strict, relaxed, snapshot or open.
// --save also writes ROW.cpuprofile, for the browser's own tools.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { linkEngine } from "../scripts/build.mjs";
import { onStage } from "./stage.mjs";
import { works } from "./page/works.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: "string", default: "10000:50000" },
    milliseconds: { type: "string", default: "2000" },
    functions: { type: "string", default: "25" },
    save: { type: "string" },
  },
});
const [nodes, rels] = options.size.split(":").map(Number);
const milliseconds = Number(options.milliseconds);
const rows = positionals.length ? positionals : ["lookup", "neighbours", "hops3", "strict"];
const unknown = rows.filter((row) => !works.social[row] && !["load", "strict", "relaxed", "snapshot", "open"].includes(row));
if (rows.includes("strict") && rows.includes("relaxed")) throw new Error("strict and relaxed are of two stores: one at a time");
if (unknown.length) throw new Error(`no such row: ${unknown.join(", ")}`);

/** Between samples, in microseconds. */
const interval = 200;
/** What the linker makes of our import path. */
const ours = "github.com_pocketgraph_pocketgraph";
const folder = mkdtempSync(join(tmpdir(), "pocketgraph-profile-"));
try {
  const engine = join(folder, "named.wasm");
  linkEngine(engine);
  await onStage(profileRows, { engine });
} finally {
  rmSync(folder, { recursive: true });
}

async function profileRows(stage) {
  const ask = (method, ...args) => stage.call("ask", "pocketgraph", method, ...args);
  await stage.call("start", "pocketgraph", {}, { kind: "social", nodes, rels });
  // The newest worker of the page is the one just started; the package makes none here.
  const { client } = stage.page.workers().at(-1);
  await client.send("Profiler.enable");
  await client.send("Profiler.setSamplingInterval", { interval });
  await ask("call", "create", "profile", rows.includes("relaxed") ? "relaxed" : "strict");
  const load = () => ask("load");
  if (rows.includes("load")) show("load", await profiled(client, load));
  else await load();
  const run = {
    strict: () => ask("commits", { from: 0, milliseconds }),
    relaxed: () => ask("commits", { from: 0, milliseconds }),
    snapshot: () => ask("call", "snapshot"),
    async open() {
      await ask("call", "close");
      return ask("call", "open", "profile", "strict");
    },
  };
  for (const row of rows.filter((row) => row !== "load")) {
    const work = run[row] ?? ((from = 0) => ask("measure", row, { from, milliseconds, keep: 0 }));
    if (!run[row]) await ask("measure", row, { from: 1e6, milliseconds: 500, keep: 0 });
    show(row, await profiled(client, work));
  }
}

async function profiled(client, work) {
  await client.send("Profiler.start");
  const outcome = await work();
  const { profile } = await client.send("Profiler.stop");
  return { outcome, profile };
}

/** Microseconds of a sample. A long one is a thread that did not run: the machine did something else. */
function spent({ timeDeltas }, i) {
  return Math.min(timeDeltas[i], 5 * interval);
}

function show(row, { outcome, profile }) {
  if (options.save) writeFileSync(join(options.save, `${row}.cpuprofile`), JSON.stringify(profile));
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame.functionName || "(anonymous)"]));
  const self = new Map();
  let busy = 0;
  profile.samples.forEach((id, i) => {
    const name = names.get(id);
    if (name === "(idle)" || name === "(program)") return;
    self.set(name, (self.get(name) ?? 0) + spent(profile, i));
    busy += spent(profile, i);
  });
  const share = ([name, microseconds]) => `${((100 * microseconds) / busy).toFixed(1).padStart(6)} %  ${name}`;
  const count = Number(options.functions);
  const largest = (map, n) => [...map].sort((a, b) => b[1] - a[1]).slice(0, n).map(share).join("\n");
  const packages = new Map();
  for (const [name, microseconds] of self) packages.set(packageOf(name), (packages.get(packageOf(name)) ?? 0) + microseconds);
  const rate = outcome.perSecond ? `${Math.round(outcome.perSecond).toLocaleString("en")} per second, ${(busy / outcome.calls).toFixed(1)} µs of work each` : `${(busy / 1000).toFixed(0)} ms of work`;
  console.log(`\n${row}: ${rate} (profiled)\n\nby package\n${largest(packages, 12)}\n\nby function, alone\n${largest(self, count)}\n\nby function of ours, with what it calls\n${largest(totals(profile), count)}`);
}

/** Microseconds in and below each function of ours; one that calls itself counts once. */
function totals(profile) {
  const { nodes, samples } = profile;
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame.functionName]));
  const found = new Map();
  samples.forEach((id, i) => {
    const stack = new Set();
    for (let at = id; at !== undefined; at = parents.get(at)) if (byId.get(at).startsWith(ours)) stack.add(byId.get(at).slice(ours.length));
    for (const name of stack) found.set(name, (found.get(name) ?? 0) + spent(profile, i));
  });
  return found;
}

/** "github.com_pocketgraph_pocketgraph_cypher_exec.init" is of "cypher_exec"; what has no package is the page's. */
function packageOf(name) {
  if (name.startsWith("(")) return name;
  if (/gc|sweep|mark|scan|greyobject|mallocgc|bgscavenge|typePointers/i.test(name) && name.startsWith("runtime")) return "runtime: memory and its collector";
  const path = /^((?:github\.com_)?[\w_]+)\./.exec(name)?.[1];
  return path?.replace(new RegExp(`^${ours}_?`), "") ?? "JavaScript";
}

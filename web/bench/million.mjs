// The memory promise: one million nodes with five properties and five million
// relationships with one, loaded from the page, snapshot, reopened; the peak of
// WebAssembly memory after each. Fails above the budgets.
//
//   node bench/million.mjs [--nodes 1000000] [--rels 5000000] [--json]

import { parseArgs } from "node:util";
import { onStage } from "./stage.mjs";

/** Budgets of the design for the full size. */
const memoryBudget = 400 * 2 ** 20;
const snapshotBudget = 220e6;

const { values: options } = parseArgs({
  options: { nodes: { type: "string", default: "1000000" }, rels: { type: "string", default: "5000000" }, json: { type: "boolean", default: false } },
});
const size = { kind: "social", nodes: Number(options.nodes), rels: Number(options.rels) };

const figures = await onStage(async (stage) => {
  const ask = (method, ...args) => stage.call("ask", "pocketgraph", method, ...args);
  const timed = async (method, ...args) => ({ ...(await ask("call", method, ...args)), memory: await ask("wasmMemory") });
  await stage.call("start", "pocketgraph", {}, size);
  await ask("call", "create", "million", "strict");
  const load = { milliseconds: await ask("load"), memory: await ask("wasmMemory") };
  const snapshot = await timed("snapshot");
  await ask("call", "close");
  // A new worker: what an engine that was closed held is gone with its thread.
  await stage.call("stop", "pocketgraph");
  await stage.call("start", "pocketgraph", {}, null);
  const reopen = await timed("open", "million", "strict");
  const counts = (await ask("call", "counts")).answer;
  const check = await timed("check");
  await ask("call", "remove", "million");
  return { load, snapshot, reopen, counts, check };
});

const { load, snapshot, reopen, counts, check } = figures;
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const line = (name, { milliseconds, memory }, more = "") => console.log(`${name.padEnd(10)}${(milliseconds / 1000).toFixed(1)} s${more}; memory ${mib(memory)}`);
const peak = Math.max(load.memory, snapshot.memory, reopen.memory, check.memory);
const bytes = snapshot.answer.bytes;
if (options.json) console.log(JSON.stringify(figures, null, 2));
else {
  console.log(`${counts.nodes.toLocaleString("en")} nodes, ${counts.relationships.toLocaleString("en")} relationships`);
  line("load", load);
  line("snapshot", snapshot, `, ${(bytes / 1e6).toFixed(0)} MB`);
  line("reopen", reopen);
  line("check", check, `, ${check.answer.length} problems`);
  console.log(`peak      ${mib(peak)} of ${mib(memoryBudget)}; snapshot ${(bytes / 1e6).toFixed(0)} of ${snapshotBudget / 1e6} MB`);
}
const complete = counts.nodes === size.nodes && counts.relationships === size.rels;
if (!complete || check.answer.length || peak > memoryBudget || bytes > snapshotBudget) process.exitCode = 1;

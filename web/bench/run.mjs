// Benchmarks in the browser, through the package, beside the bare platform in
// the same run. Absolute figures are this machine's; ratios travel.
//
//   node bench/run.mjs [--browser chromium] [--nodes 100000] [--rels 500000] [--json]

import { parseArgs } from "node:util";
import { onPage } from "./page.mjs";

const { values: options } = parseArgs({
  options: { browser: { type: "string", default: "chromium" }, nodes: { type: "string", default: "100000" }, rels: { type: "string", default: "500000" }, json: { type: "boolean", default: false } },
});
const [nodes, rels] = [Number(options.nodes), Number(options.rels)];

const figures = await onPage(options.browser, async (page) => {
  const call = (name, ...args) => page.evaluate((n, a) => globalThis.bench[n](...a), name, args);
  return {
    rawFlush: await call("raw", true),
    strict: await call("commits", "strict", 1),
    strict100: await call("commits", "strict", 100),
    rawWrite: await call("raw", false),
    relaxed: await call("commits", "relaxed", 1),
    relaxed100: await call("commits", "relaxed", 100),
    ...(await call("queries", nodes, rels)),
  };
});

if (options.json) console.log(JSON.stringify({ browser: options.browser, nodes, rels, ...figures }, null, 2));
else print();

function print() {
  const row = (name, value, note = "") => console.log(`${name.padEnd(44)}${value.padStart(12)}  ${note}`);
  const n = (x) => (x >= 100 ? Math.round(x).toLocaleString("en") : x.toFixed(2));
  const of = (x, y) => `${(x / y).toFixed(2)} of the bare platform`;
  const micro = (perSecond) => `${n(1e6 / perSecond)} µs each`;
  console.log(`${options.browser}, ${nodes.toLocaleString("en")} nodes, ${rels.toLocaleString("en")} relationships\n`);
  row("bare OPFS write + flush, 200 bytes", n(figures.rawFlush), "per second");
  row("strict commits, one at a time", n(figures.strict), of(figures.strict, figures.rawFlush));
  row("strict commits, 100 in flight", n(figures.strict100), of(figures.strict100, figures.rawFlush));
  row("bare OPFS write, 200 bytes", n(figures.rawWrite), "per second");
  row("relaxed commits, one at a time", n(figures.relaxed), of(figures.relaxed, figures.rawWrite));
  row("relaxed commits, 100 in flight", n(figures.relaxed100), of(figures.relaxed100, figures.rawWrite));
  row("bulk load, nodes", n(figures.nodesPerSecond), "per second");
  row("bulk load, relationships (with two lookups)", n(figures.relationshipsPerSecond), "per second");
  row("point lookup by index, one at a time", n(figures.lookups), micro(figures.lookups));
  row("point lookup by index, 100 in flight", n(figures.lookups100), micro(figures.lookups100));
  for (const k of [1, 2, 3]) row(`${k} hop${k > 1 ? "s" : ""}, count of distinct ends`, n(figures[`hops${k}`]), micro(figures[`hops${k}`]));
  row("filter over all nodes", n(figures.countAll), micro(figures.countAll));
  row("snapshot", `${n(figures.snapshot.milliseconds)} ms`, `${n(figures.snapshot.bytes / 1e6)} MB`);
  row("reopen from the log, to the first answer", `${n(figures.reopenFromLog)} ms`);
  row("reopen from the snapshot, to the first answer", `${n(figures.reopenFromSnapshot)} ms`);
}

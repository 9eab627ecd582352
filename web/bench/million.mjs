// The memory promise: one million nodes with four properties and five million
// relationships with one, loaded in the page, snapshot, reopened; the peak of
// WebAssembly memory after each. Fails above the budgets.
//
//   node bench/million.mjs [--browser chromium] [--nodes 1000000] [--rels 5000000] [--json]

import { parseArgs } from "node:util";
import { onPage } from "./page.mjs";

/** Budgets of the design for the full size. */
const memoryBudget = 400 * 2 ** 20;
const snapshotBudget = 220e6;

const { values: options } = parseArgs({
  options: { browser: { type: "string", default: "chromium" }, nodes: { type: "string", default: "1000000" }, rels: { type: "string", default: "5000000" }, json: { type: "boolean", default: false } },
});
const [nodes, rels] = [Number(options.nodes), Number(options.rels)];

const figures = await onPage(options.browser, async (page) => {
  let last = 0;
  await page.exposeFunction("tell", (what, n) => {
    if (Date.now() - last < 5000) return;
    last = Date.now();
    console.error(`${what}: ${n.toLocaleString("en")}`);
  });
  page.setDefaultTimeout(0);
  // Started and polled rather than awaited: no protocol time-out then applies.
  await page.evaluate((n, r) => {
    globalThis.bench.million(n, r, globalThis.tell).then((f) => (globalThis.outcome = f), (e) => (globalThis.outcome = { error: String(e.stack ?? e) }));
  }, nodes, rels);
  await page.waitForFunction("globalThis.outcome", { polling: 1000, timeout: 0 });
  return page.evaluate(() => globalThis.outcome);
});

const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const peak = Math.max(figures.memoryAfterLoad, figures.memoryAfterSnapshot, figures.memoryAfterReopen, figures.memoryAfterCheck);
if (options.json || figures.error) console.log(JSON.stringify(figures, null, 2));
else {
  console.log(`${options.browser}: ${figures.nodes.toLocaleString("en")} nodes, ${figures.relationships.toLocaleString("en")} relationships`);
  console.log(`load       nodes ${figures.nodeSeconds.toFixed(1)} s, relationships ${figures.relSeconds.toFixed(1)} s; memory ${mib(figures.memoryAfterLoad)}`);
  console.log(`snapshot   ${(figures.snapshot.milliseconds / 1000).toFixed(1)} s, ${(figures.snapshot.bytes / 1e6).toFixed(0)} MB; memory ${mib(figures.memoryAfterSnapshot)}`);
  console.log(`reopen     ${figures.reopenSeconds.toFixed(1)} s to the first answer; memory ${mib(figures.memoryAfterReopen)}`);
  console.log(`check      ${figures.checkSeconds.toFixed(1)} s, ${figures.problems.length} problems; memory ${mib(figures.memoryAfterCheck)}`);
  console.log(`peak       ${mib(peak)} of ${mib(memoryBudget)}; snapshot ${(figures.snapshot.bytes / 1e6).toFixed(0)} of ${snapshotBudget / 1e6} MB`);
}
if (figures.error || figures.problems.length || peak > memoryBudget || figures.snapshot.bytes > snapshotBudget) process.exitCode = 1;

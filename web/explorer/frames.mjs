// Measures the page's frames with a large graph drawn: while it lays itself
// out, while the pointer moves over it, while it is panned and zoomed, and
// where the main thread's time goes. Chromium draws without a graphics card
// here, so the times are those of a machine that has none.
//
//   node explorer/frames.mjs [--nodes 5000] [--edges 10000]

import { launch } from "../test/browsers.mjs";
import { visit } from "../test/explorer/reader.mjs";
import { buildExplorer } from "./build.mjs";
import { serveExplorer } from "./serve.mjs";

const argument = (name, otherwise) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1] || otherwise);
const nodes = process.argv.includes("--nodes") ? argument("nodes") : 5_000;
const edges = process.argv.includes("--edges") ? argument("edges") : 2 * nodes;

await buildExplorer();
const server = await serveExplorer();
const browser = await launch("chromium");
try {
  const reader = await visit(browser, server.url);
  const { page } = reader;
  await run(reader, `UNWIND range(0, ${nodes - 1}) AS i CREATE (:Dot {i: i, name: 'dot ' + i})`);
  await run(reader, "CREATE INDEX FOR (d:Dot) ON (d.i)");
  // Communities of a hundred, with one relationship in eight going out of its own.
  await run(reader, `UNWIND range(0, ${edges - 1}) AS k WITH k % ${nodes} AS i, k * 7919 AS r MATCH (a:Dot {i: i}), (b:Dot {i: CASE WHEN r % 8 = 0 THEN r % ${nodes} ELSE i / 100 * 100 + r % 100 END}) CREATE (a)-[:NEAR]->(b)`);
  console.log(`${nodes} nodes, ${edges} relationships`);
  await report(page, "laying out", async () => {
    await run(reader, "MATCH (a:Dot) OPTIONAL MATCH (a)-[r:NEAR]->() RETURN a, r");
    await page.waitForFunction(() => document.getElementById("canvas").dataset.settled === "true", { timeout: 120_000 });
  });
  const box = await (await page.$("#canvas")).boundingBox();
  const at = (t, radius) => [box.x + box.width / 2 + radius * Math.cos(t), box.y + box.height / 2 + radius * Math.sin(t)];
  await report(page, "hovering", async () => {
    for (let i = 0; i < 60; i++) await page.mouse.move(...at(i / 8, 20 + i * 2));
  });
  await report(page, "panning", async () => {
    await page.mouse.move(box.x + box.width - 120, box.y + 40);
    await page.mouse.down();
    for (let i = 0; i < 40; i++) await page.mouse.move(box.x + box.width - 120 - 8 * i, box.y + 40 + 2 * i);
    await page.mouse.up();
  });
  await report(page, "zooming", async () => {
    await page.mouse.move(...at(0, 0));
    for (let i = 0; i < 20; i++) await page.mouse.wheel({ deltaY: i < 10 ? -120 : 120 });
    await new Promise((settled) => setTimeout(settled, 500));
  });
} finally {
  await browser.close();
  await server.close();
}

async function run(reader, query) {
  await reader.run(query);
  const problem = await reader.page.$eval("body", () => document.querySelector(".problem")?.textContent);
  if (problem) throw new Error(problem);
}

/** Frames while `action` runs: times between them, and the time the main thread was busy for longer than 50 ms at once. */
async function report(page, name, action) {
  await page.evaluate(() => {
    globalThis.frames = [];
    globalThis.busy = 0;
    let before = performance.now();
    const tick = (now) => {
      globalThis.frames.push(now - before);
      before = now;
      globalThis.ticking = requestAnimationFrame(tick);
    };
    globalThis.ticking = requestAnimationFrame(tick);
    globalThis.long ??= new PerformanceObserver((list) => list.getEntries().forEach((entry) => (globalThis.busy += entry.duration)));
    globalThis.long.observe({ type: "longtask" });
  });
  const before = await page.metrics();
  await action();
  const after = await page.metrics();
  const { frames, busy } = await page.evaluate(() => (cancelAnimationFrame(globalThis.ticking), { frames: globalThis.frames, busy: globalThis.busy }));
  frames.sort((a, b) => a - b);
  const quantile = (q) => frames[Math.min(frames.length - 1, Math.floor(q * frames.length))].toFixed(0);
  const script = 1000 * (after.ScriptDuration - before.ScriptDuration);
  console.log(`${name.padEnd(11)} ${String(frames.length).padStart(4)} frames, median ${quantile(0.5)} ms, 95 % ${quantile(0.95)} ms, longest ${quantile(1)} ms; script ${(script / frames.length).toFixed(1)} ms a frame; long tasks ${busy.toFixed(0)} ms`);
}

// How large the package is over the wire, and how much it grew.
//
//   node size.mjs            prints raw, gzip and brotli sizes; fails above the limits
//   node size.mjs --record   also writes size.json, the figures growth is measured from
//
// It measures dist/: build first. size.json is committed together with what changed the size.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const web = dirname(fileURLToPath(import.meta.url));
const record = join(web, "size.json");

/** Most bytes after brotli. The engine: what a phone loads in a second or two; the page: what nobody notices. tabs.js is loaded when there are files to share, indexeddb.js where there are none, load.js when columns are loaded, the other three when files are read or written. */
const limits = { "pocketgraph.wasm": 1_000_000, "index.js": 15_000, "worker.js": 15_000, "tabs.js": 15_000, "indexeddb.js": 8_000, "importers.wasm": 800_000, "formats.js": 8_000, "load.js": 8_000, "formats-worker.js": 15_000 };

function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}

function measure(name) {
  const bytes = readFileSync(join(web, "dist", name));
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) };
}

function growth(now, before) {
  if (!before) return "new";
  const bytes = now.brotli - before.brotli;
  return `${bytes >= 0 ? "+" : ""}${bytes} (${((100 * bytes) / before.brotli).toFixed(1)} %)`;
}

const before = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : {};
const now = {};
const row = (...cells) => console.log(cells.map((c, i) => (i ? String(c).padStart(i === 5 ? 20 : 11) : c.padEnd(17))).join(""));
row("file", "raw", "gzip", "brotli", "limit", "since last commit");
for (const name of Object.keys(limits)) {
  now[name] = measure(name);
  row(name, now[name].raw, now[name].gzip, now[name].brotli, limits[name], growth(now[name], before[name]));
}
if (process.argv.includes("--record")) writeFileSync(record, JSON.stringify(now, null, 2) + "\n");

const over = Object.keys(limits).filter((name) => now[name].brotli > limits[name]);
if (over.length) {
  console.error(`above the limit: ${over.join(", ")}`);
  process.exitCode = 1;
}

// What costs most in the WebAssembly: its sections, each with its share after
// brotli, and the code by package.
//
//   node scripts/wasm-report.mjs [--functions]     --functions also lists the 40 largest
//
// It builds the engine once more with its names. They are those of the linker:
// slashes and dots of a package's path have become underscores.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { goForPage } from "./goenv.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const sectionNames = { 0: "custom", 1: "types", 2: "imports", 3: "functions", 4: "tables", 5: "memory", 6: "globals", 7: "exports", 9: "elements", 10: "code", 11: "data" };

function build() {
  const dir = mkdtempSync(join(tmpdir(), "pocketgraph-size-"));
  try {
    const out = join(dir, "named.wasm");
    execFileSync("go", ["build", "-trimpath", "-o", out, "./wasm"], { cwd: root, stdio: "inherit", env: goForPage });
    return readFileSync(out);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Reads a wasm file forwards. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  leb() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }
  text() {
    return this.take(this.leb()).toString();
  }
}

/** Sections [{id, body}], without the magic. */
function sectionsOf(bytes) {
  const r = new Reader(bytes);
  const sections = [];
  for (r.at = 8; r.at < bytes.length; ) {
    const id = r.bytes[r.at++];
    sections.push({ id, body: r.take(r.leb()) });
  }
  return sections;
}

/** Go imports functions only, from one module: their count is all that matters. */
function importedFunctions(body) {
  return new Reader(body).leb();
}

function functionSizes(body) {
  const r = new Reader(body);
  return Array.from({ length: r.leb() }, () => {
    const size = r.leb();
    r.take(size);
    return size;
  });
}

function functionNames(sections) {
  const names = new Map();
  for (const { body } of sections.filter((s) => s.id === 0)) {
    const r = new Reader(body);
    if (r.text() !== "name") continue;
    while (r.at < body.length) {
      const kind = body[r.at++];
      const end = r.leb() + r.at;
      if (kind === 1) for (let n = r.leb(); n > 0; n--) names.set(r.leb(), r.text());
      r.at = end;
    }
  }
  return names;
}

/** "github.com_pocketgraph_pocketgraph_cypher_exec.init" is of "cypher_exec". */
function packageOf(name) {
  const path = /^(?:go:|type:?\.?\.?)?((?:github\.com_)?[^.(]*)/.exec(name)[1];
  return path.replace("github.com_pocketgraph_pocketgraph_", "").replace("github.com_pocketgraph_pocketgraph", "(root)") || "?";
}

const kb = (n) => (n / 1000).toFixed(1).padStart(9);
const sections = sectionsOf(build());
console.log("section         kB raw  kB brotli (alone)");
for (const { id, body } of sections) if (body.length > 1000 && id !== 0) console.log(`${(sectionNames[id] ?? `section ${id}`).padEnd(12)}${kb(body.length)}${kb(brotliCompressSync(body).length)}`);

const names = functionNames(sections);
const first = importedFunctions(sections.find((s) => s.id === 2).body);
const functions = functionSizes(sections.find((s) => s.id === 10).body).map((size, i) => ({ size, name: names.get(first + i) ?? "?" }));
const packages = new Map();
for (const { size, name } of functions) {
  const p = packageOf(name);
  const { bytes = 0, count = 0 } = packages.get(p) ?? {};
  packages.set(p, { bytes: bytes + size, count: count + 1 });
}
console.log("\ncode of package                      kB raw  functions");
for (const [name, { bytes, count }] of [...packages].sort((a, b) => b[1].bytes - a[1].bytes).slice(0, 30)) console.log(`${name.slice(0, 34).padEnd(34)}${kb(bytes)}${String(count).padStart(11)}`);
if (process.argv.includes("--functions")) {
  console.log("\nfunction                                                                      kB raw");
  for (const { size, name } of functions.sort((a, b) => b.size - a.size).slice(0, 40)) console.log(`${name.slice(0, 76).padEnd(76)}${kb(size)}`);
}

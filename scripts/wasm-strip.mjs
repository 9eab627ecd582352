// Makes a Go module for the page smaller to download:
//
//   node scripts/wasm-strip.mjs in.wasm out.wasm [--names]
//
// 1. The tables that map machine code to files and lines are emptied (with
//    --names the functions' names too). The runtime reads them for tracebacks
//    only and has a way to say that there is no such table: offset 0, which
//    prints as "?". What panics say is not touched.
// 2. The data section is written in a few pieces. Go's linker leaves out
//    every short run of zeros, which makes some 90,000 segments whose headers
//    hardly compress; the zeros themselves compress to nothing.
//
// The layout is that of Go 1.20 to 1.26 (runtime.pcHeader and runtime._func,
// magic 0xfffffff1). Of any other the file is not touched and the exit code
// is 1. docs/size.md has the figures.
import { readFileSync, writeFileSync } from "node:fs";

const gap = 4096; // segments that are nearer than this become one
const args = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const names = process.argv.includes("--names");
const file = readFileSync(args[0]);

const section = findSection(file, 11);
const segments = readSegments(file, section);
const end = Math.max(...segments.map((s) => s.to + s.length));
const memory = Buffer.alloc(end);
for (const s of segments) file.copy(memory, s.to, s.at, s.at + s.length);
const emptied = emptyTables(memory);
writeFileSync(args[1], rebuild());
console.log(`wasm-strip: ${segments.length} data segments, ${emptied} bytes of line tables`);

function leb(b, p) {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = b[p++];
    value += (byte & 127) * scale;
    if (byte < 128) return [value, p];
  }
}

function findSection(b, wanted) {
  if (b.readUInt32LE(0) !== 0x6d736100) fail("this is not WebAssembly");
  for (let p = 8; p < b.length; ) {
    const [length, body] = leb(b, p + 1);
    if (b[p] === wanted) return { start: p, body, end: body + length };
    p = body + length;
  }
  fail("there is no data section");
}

function readSegments(b, { body }) {
  let [count, p] = leb(b, body);
  const found = [];
  while (count-- > 0) {
    let to, length;
    if (b[p] !== 0 || b[p + 1] !== 0x41) fail("a data segment is of another kind");
    [to, p] = leb(b, p + 2); // signed, but addresses are far below 2^31
    if (b[p++] !== 0x0b) fail("a data segment is of another kind");
    [length, p] = leb(b, p);
    found.push({ to, at: p, length });
    p += length;
  }
  return found.sort((x, y) => x.to - y.to);
}

/** Empties the tables in memory; returns how many bytes of them there were. */
function emptyTables(m) {
  const header = m.indexOf(Buffer.from("f1ffffff00000108", "hex"));
  if (header < 0) fail("no line table of a Go version that is known");
  const word = (i) => Number(m.readBigUInt64LE(header + 8 + 8 * i));
  const count = word(0);
  const [nameTable, cuTable, , pcTable, funcTable] = [3, 4, 5, 6, 7].map((i) => header + word(i));
  if (!(nameTable < cuTable && cuTable < pcTable && pcTable < funcTable && funcTable < m.length)) fail("the line table's header makes no sense");

  const used = new Uint8Array(funcTable - pcTable);
  const lines = new Set();
  for (let i = 0; i < count; i++) {
    const f = funcTable + m.readUInt32LE(funcTable + 8 * i + 4);
    const pcdata = m.readUInt32LE(f + 28);
    const kept = [m.readUInt32LE(f + 16)]; // pcsp; 20 and 24 are pcfile and pcln
    for (let k = 0; k < pcdata; k++) kept.push(m.readUInt32LE(f + 44 + 4 * k));
    for (const offset of kept) if (offset && !used[offset]) used.fill(1, offset, tableEnd(m, pcTable + offset) - pcTable);
    for (const at of [20, 24]) lines.add(m.readUInt32LE(f + at));
    m.fill(0, f + 20, f + 28);
    m.fill(0, f + 32, f + 40); // cuOffset and startLine
  }
  let emptied = 0;
  for (const offset of lines) {
    if (!offset) continue;
    const stop = tableEnd(m, pcTable + offset);
    for (let p = pcTable + offset; p < stop; p++) {
      if (used[p - pcTable]) continue;
      emptied++;
      used[p - pcTable] = 2;
    }
  }
  for (let i = 0; i < used.length; i++) if (used[i] === 2) m[pcTable + i] = 0;
  m.fill(0, cuTable, pcTable); // which files: nobody asks now
  if (names) m.fill(0, nameTable, cuTable);
  return emptied;
}

/** A table is pairs of varints that end with a value of 0, the first excepted. */
function tableEnd(m, p) {
  for (let first = true; ; first = false) {
    let value;
    [value, p] = leb(m, p);
    if (value === 0 && !first) return p;
    [, p] = leb(m, p);
  }
}

function rebuild() {
  const runs = [];
  for (const { to, length } of segments) {
    const last = runs.at(-1);
    if (last && to - last.end <= gap) last.end = Math.max(last.end, to + length);
    else runs.push({ start: to, end: to + length });
  }
  const body = [unsigned(runs.length)];
  for (const r of runs) body.push(Buffer.from([0, 0x41]), signed(r.start), Buffer.from([0x0b]), unsigned(r.end - r.start), memory.subarray(r.start, r.end));
  const data = Buffer.concat(body);
  return Buffer.concat([file.subarray(0, section.start), Buffer.from([11]), unsigned(data.length), data, file.subarray(section.end)]);
}

function unsigned(n) {
  const bytes = [];
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n & 127) | 128);
  return Buffer.from([...bytes, n]);
}

function signed(n) {
  const bytes = [];
  for (; n > 63; n = Math.floor(n / 128)) bytes.push((n & 127) | 128);
  return Buffer.from([...bytes, n]);
}

function fail(why) {
  console.error(`wasm-strip: ${why}; ${args[0]} was left as it is`);
  process.exit(1);
}

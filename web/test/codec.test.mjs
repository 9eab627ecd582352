// The page's half of the wire against the golden messages that the engine's
// half is tested with, and what hostile names and values do.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sources } from "./sources.mjs";

const { Answer, Batch, encodeMap, encodeValue, Engine, errorOf, Frame, Op, protocolVersion, readValue, Writer } = await sources("wire", "encode", "decode", "engine", "errors");
const golden = JSON.parse(readFileSync(new URL("../../jsbridge/testdata/golden.json", import.meta.url)));

const auto = { prefix: "store", bigint: false };
const hex = (buffer) => Buffer.from(buffer).toString("hex");

/** The bytes as a buffer of their own, padded to a multiple of 8. */
function buffer(text) {
  const bytes = Buffer.from(text, "hex");
  const out = new Uint8Array((bytes.length + 7) & ~7);
  out.set(bytes);
  return out.buffer;
}

/** The frames of a buffer, one after another. */
function* frames(buffer) {
  for (let start = 0; start < buffer.byteLength; ) {
    const frame = new Frame(buffer, start);
    yield frame;
    start += frame.length;
  }
}

/** A frame whose body, from 16 on, is these bytes. */
function framed(body) {
  const w = new Writer();
  w.u32(0);
  for (let i = 0; i < 3; i++) w.u32(0);
  for (const byte of Buffer.from(body, "hex")) w.u8(byte);
  w.end(0);
  return new Frame(w.take(), 0);
}

const number = (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text));
/** Seconds of zero are not printed: 00:00Z. The golden file spells them out. */
const shortTime = (text) => text.replace(/(\d\d:\d\d):00(?![.\d])/, "$1");

/** A golden value as the page should have it. */
function expected(v) {
  if (v === null || typeof v !== "object") return v;
  const [[key, x]] = Object.entries(v);
  switch (key) {
    case "$int":
      return number(x);
    case "$float":
      return Number(x);
    case "$bytes":
      return new Uint8Array(Buffer.from(x, "hex"));
    case "$list":
      return x.map(expected);
    case "$map":
      return Object.fromEntries(Object.entries(x).map(([k, item]) => [k, expected(item)]));
    case "$vector":
      return new Float32Array(x);
    case "$point":
      return { $point: [9157, 4979].includes(x.srid) ? x : { srid: x.srid, x: x.x, y: x.y } };
    case "$node":
      return { id: `store:n:${x.id}`, labels: x.labels, properties: expected({ $map: x.props }) };
    case "$rel":
      return { id: `store:r:${x.id}`, type: x.type, start: `store:n:${x.start}`, end: `store:n:${x.end}`, properties: expected({ $map: x.props }) };
    case "$path":
      return { nodes: x.nodes.map(expected), relationships: x.rels.map(expected) };
    case "$date":
    case "$duration":
      return v;
  }
  return { [key]: shortTime(x) };
}

/** The parameter that stands for a golden value: a Float that looks like an Integer has to say so. */
function parameter(v) {
  if (v === null || typeof v !== "object") return v;
  const [[key, x]] = Object.entries(v);
  if (key === "$float") return { $float: Number(x) };
  if (key === "$list") return x.map(parameter);
  if (key === "$map") return Object.fromEntries(Object.entries(x).map(([k, item]) => [k, parameter(item)]));
  return expected(v);
}

function encoded(value) {
  const w = new Writer();
  encodeValue(w, value, ["$"]);
  return hex(w.take());
}

test("the versions agree", () => assert.equal(protocolVersion, golden.version));

for (const { name, hex: bytes, value } of golden.values) {
  test(`value ${name}: decoded`, () => assert.deepEqual(readValue(framed(bytes), auto, null), expected(value)));
  // JavaScript has one NaN, Go another: any will do.
  if (name !== "float NaN") test(`value ${name}: encoded`, () => assert.equal(encoded(parameter(value)), bytes));
  test(`value ${name}: there and back`, () => {
    const back = readValue(framed(bytes), auto, null);
    if (!name.startsWith("float")) assert.equal(encoded(back), bytes); // a whole float comes back as an integer
  });
}

/** Writes the request that a golden value describes. */
function writeRequest(w, v) {
  const name = v["name of request"];
  const numbers = name && { request: Number(name.request), acknowledged: Number(name.acknowledged), since: Number(name.since) };
  const start = w.begin(v.kind, v.id, v.database, v.transaction, v.timeout, name && { ...name, ...numbers, client: Buffer.from(name.client, "hex") }, v.files ? 16 : 0);
  if (v.kind === Op.hello) w.u32(v.version), w.string(v.who);
  if (v.kind === Op.open) {
    w.string(v.name);
    for (const byte of [v.create, v.storage, v.relaxed ? 1 : 0, v.salvage ? 1 : 0]) w.u8(byte);
    w.u32(v.flushInterval);
  }
  if (v.historyBytes || v.memoryLimit) w.i64(BigInt(v.historyBytes)), w.i64(BigInt(v.historyAge));
  if (v.memoryLimit) w.i64(BigInt(v.memoryLimit));
  if (v.kind === Op.destroy) w.string(v.name), w.u8(v.storage);
  if (v.kind === Op.list) w.u8(v.storage);
  if (v.kind === Op.query || v.kind === Op.live || v.kind === Op.queryWith) w.u32(v.credit), w.string(v.text), encodeMap(w, parameter({ $map: v.parameters }), ["$"]);
  if (v.kind === Op.queryWith || v.kind === Op.metadata) encodeMap(w, parameter({ $map: v.metadata }), ["metadata"]);
  if (v.kind === Op.changes) w.u32(v.credit), w.u8(v.follow ? 1 : 0), w.string(v.since);
  if (v.kind === Op.events) w.u32(v.slowerThan);
  if (v.kind === Op.more || v.kind === Op.export) w.u32(v.credit);
  if (v.kind === 50) w.raw(Buffer.from(v.body, "hex")); // BULK
  if (v.kind === Op.begin) w.u8(v.write ? 1 : 0);
  if (v.kind === Op.createNode) {
    w.varuint(v.labels.length);
    v.labels.forEach((label) => w.string(label));
    encodeMap(w, parameter({ $map: v.properties }), ["properties"]);
  }
  if (v.kind === Op.registerTable) {
    const rows = expected(v.rows);
    w.string(v.signature), w.varuint(rows.length);
    rows.forEach((row, i) => encodeValue(w, row, ["rows", i], 1));
  }
  if ([Op.register, Op.reply, Op.unregister].includes(v.kind)) w.u32(v.number), w.string(v.text), encodeMap(w, parameter({ $map: v.more }), ["more"]);
  if (v.kind === Op.createRelationship) {
    w.i64(BigInt(v.start));
    w.i64(BigInt(v.end));
    w.string(v.type);
    encodeMap(w, parameter({ $map: v.properties }), ["properties"]);
  }
  w.end(start);
}

for (const { name, hex: bytes, value } of golden.requests) {
  test(`request ${name}`, () => {
    const w = new Writer();
    writeRequest(w, value);
    const frame = Buffer.from(w.take());
    frame.writeUInt16LE(value.client, 6); // pages are client 0; a broker will write its own
    assert.equal(frame.toString("hex"), bytes);
  });
}

for (const { name, hex: bytes, value } of golden.answers) {
  test(`answer ${name}`, () => {
    const frame = new Frame(buffer(bytes), 0);
    assert.equal(frame.kind, value.kind);
    assert.equal(frame.id, value.id);
    if ([Answer.done, Answer.progress, Answer.read, Answer.module].includes(value.kind)) assert.deepEqual(frame.map(), expected(value.map));
    if (value.kind === Answer.error) {
      const error = errorOf(frame.map());
      assert.equal(error.code, value.map.$map.code);
      assert.equal(error.caret, value.map.$map.excerpt);
    }
    if (value.kind === Answer.head) assert.deepEqual(frame.strings(), value.columns);
    if (value.kind === Answer.call) {
      assert.equal(frame.view.getUint32(36, true), value.call);
      assert.deepEqual([...new Batch(frame, auto).arrays()], value.rows.map((row) => (row ?? []).map(expected)));
    }
    if (value.kind === Answer.rows) {
      const batch = new Batch(frame, auto);
      assert.deepEqual([...batch.arrays()], value.rows.map((row) => row.map(expected)));
      const names = value.rows[0].map((_, i) => `c${i}`);
      assert.deepEqual([...batch.objects(names)], value.rows.map((row) => Object.fromEntries(row.map((cell, i) => [names[i], expected(cell)]))));
    }
  });
}

test("answers follow each other in one buffer", () => {
  const all = buffer(golden.answers.map((a) => a.hex).join(""));
  assert.deepEqual([...frames(all)].map((f) => f.kind), golden.answers.map((a) => a.value.kind));
});

test("a frame cut anywhere is an error, not a hang and not garbage read beyond it", () => {
  for (const { hex: bytes, value } of golden.answers) {
    for (let length = 16; length < bytes.length / 2; length += 8) {
      const cut = new Uint8Array(buffer(bytes.slice(0, 2 * length)));
      new DataView(cut.buffer).setUint32(0, length, true);
      const read = () => {
        const frame = new Frame(cut.buffer, 0);
        if (value.kind === Answer.head) return frame.strings();
        if (value.kind === Answer.rows || value.kind === Answer.call) return [...new Batch(frame, auto).arrays()];
        return frame.map();
      };
      try {
        read();
      } catch (error) {
        assert.ok(error instanceof RangeError, `${error}`);
      }
    }
  }
});

test("integers are never rounded: number when safe, else bigint, or always bigint", () => {
  const read = (bytes, bigint) => readValue(framed(bytes), { ...auto, bigint }, null);
  assert.equal(read("05ffffffffffff1f00", false), Number.MAX_SAFE_INTEGER);
  assert.equal(read("050000000000002000", false), 2n ** 53n);
  assert.equal(read("0301", true), 1n);
  assert.equal(encoded(2n ** 63n - 1n), "05ffffffffffffff7f");
  assert.throws(() => encoded(2n ** 63n), { code: "INVALID_ARGUMENT" });
  assert.equal(encoded(2 ** 53), "060000000000004043", "a number that may be rounded already is a Float");
});

test("hostile names become own properties, survive structuredClone, and pollute nothing", () => {
  const names = ["__proto__", "constructor", "then", "toString", "a"];
  const rows = framed(golden.answers.find((a) => a.name === "ROWS one integer").hex.slice(32));
  const [row] = new Batch(rows, auto).objects(["__proto__"]);
  assert.deepEqual(Object.entries(row), [["__proto__", 1]]);
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
  assert.deepEqual(Object.entries(structuredClone(row)), [["__proto__", 1]]);

  const map = readValue(framed(encoded(Object.fromEntries(names.map((name, i) => [name, i])))), auto, null);
  assert.deepEqual(Object.entries(map), names.map((name, i) => [name, i]));
  assert.equal(Object.getPrototypeOf(map), Object.prototype);
  assert.equal({}.polluted, undefined);
});

test("a value that is none says where it is", () => {
  const w = new Writer();
  const fails = (params, message) => assert.throws(() => encodeMap(w, params, ["$"]), { code: "INVALID_ARGUMENT", message });
  fails({ rows: [{ name: "a" }, { name: () => 1 }] }, /^\$rows\[1\]\.name is a function/);
  fails({ m: new Map() }, /^\$m is a Map/);
  fails({ d: new Date(NaN) }, /^\$d is an invalid Date/);
  fails({ d: { $date: "2023-02-30" } }, /^\$d is .* no date/);
  fails({ d: { $date: "12023-02-03" } }, /no date/);
  fails({ d: { $time: "12:00+18:01" } }, /no time/);
  fails({ d: { $time: "12:00+01:60" } }, /no time/);
  fails({ d: { $localtime: "24:00" } }, /no localtime/);
  fails({ d: { $datetime: "2023-02-03T00:00Z[../x]" } }, /no datetime/);
  fails({ d: { $duration: "P9223372036854775808D" } }, /no duration/);
  fails({ s: "\ud800" }, /surrogate/);
  const loop = {};
  loop.self = loop;
  assert.throws(() => encodeMap(w, { loop }, ["$"]), { code: "LIMIT", message: /nested deeper than 100/ });
});

test("times outside what Date can hold, and durations with mixed signs", () => {
  const texts = [
    { $date: "-0044-03-15" },
    { $date: "+999999999-12-31" },
    { $localdatetime: "0000-02-29T23:59:59.999999999" },
    { $datetime: "1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]" },
    { $time: "12:31-08:00" },
    { $duration: "P12Y5M-14DT16H" },
    { $localdatetime: "-999999999-01-01T00:00:00.000000001" },
    { $localdatetime: "+999999999-12-31T23:59:59.999999999" },
    { $datetime: "+999999999-12-31T23:59:59.999999999-18:00" },
    { $datetime: "-999999999-01-01T00:00+18:00" },
    { $time: "23:59:59.999999999+18:00" },
    { $duration: "PT-0.3S" },
    { $duration: "P768614336404564650Y7M" },
    { $duration: "PT-1M-0.001S" },
    { $duration: "P1DT-0.001S" },
    { $duration: "PT-23H-59M-59.9S" },
    { $duration: "P-12Y-10M-43DT-18H-9M-3.500000003S" },
  ];
  for (const text of texts) assert.deepEqual(readValue(framed(encoded(text)), auto, null), text);
});

/** A PING of so many bytes in all. */
function ping(w, id, length = 24) {
  const start = w.begin(Op.ping, id);
  while (w.length - start < length) w.u8(7);
  w.end(start);
}

test("small messages are copied from one buffer, which a length of 0 ends; others are given away", () => {
  const posted = [];
  const port = { postMessage: (frames, transfer) => posted.push({ frames, transfer, bytes: hex(frames.slice(0)) }) };
  const w = new Writer();
  for (const length of [104, 24, 256, 264, 5000, 24]) {
    ping(w, 9, length);
    const written = hex(w.bytes.slice(0, w.length).buffer);
    w.post(port);
    assert.equal(w.length, 0);
    const { frames, transfer, bytes } = posted.at(-1);
    if (length > 256) {
      assert.deepEqual([transfer, bytes], [[frames], written]);
      continue;
    }
    assert.deepEqual([transfer, frames], [undefined, posted[0].frames], "the same buffer");
    assert.ok(bytes.startsWith(written + (length < 256 ? "00000000" : "")), "what was there before is behind the end");
  }
});

test("an answer ends where a length of 0 is", async () => {
  const engine = new Engine({ post: (out) => out.take(), close() {} });
  const done = engine.request(Op.ping, {});
  const bytes = new Uint8Array(256).fill(255);
  bytes.set(new Uint8Array(buffer("18000000020000000100000000000000" + "0000000000000000")));
  bytes.fill(0, 24, 28);
  engine.receive(bytes.buffer);
  assert.deepEqual(await done, {});
  assert.equal(engine.dead, null);
});

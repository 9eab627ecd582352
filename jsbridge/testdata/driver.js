// The prelude of every driver of page_js_test.go: starts an instance of the
// test binary that serves fake databases. The driver that follows defines
// `async function drive()`.
"use strict";
let go, x, heard = [], keep = true;
let onAnswer = hear;
function hear(bytes) { for (const byte of bytes) heard.push(byte); }
const turns = { count: 0, idle: 0 }; // with `var hostTurns = true` in the driver
const said = [], MB = 1 << 20;
for (const level of ["log", "warn", "error"]) console[level] = (...args) => said.push(args.join(" "));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const unhex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const status = () => new Uint32Array(x.mem.buffer, x.pg_status() >>> 0, 8);
// Puts frames in, and keeps the answers that are there.
function request(frames) {
  const at = x.pg_buffer(frames.length) >>> 0;
  new Uint8Array(x.mem.buffer, at, frames.length).set(frames);
  const state = x.pg_request(frames.length);
  const [, pointer, length] = status();
  if (keep) hear(new Uint8Array(x.mem.buffer, pointer, length));
  return state;
}
// Waits until n requests are answered, or for a while.
async function until(done) {
  for (let i = 0; i < 500 && !done(); i++) await sleep(10);
}
// Whole answers that end a request, counted by walking the frames.
function ended() {
  let n = 0;
  for (let at = 0; at < heard.length; at += heard[at] | (heard[at + 1] << 8) | (heard[at + 2] << 16)) n += [1, 2, 3].includes(heard[at + 4]);
  return n;
}
// A JavaScript value as JSON that hides nothing.
const plain = (value) => JSON.stringify(value, (key, v) => {
  if (typeof v === "bigint") return `${v}n`;
  if (typeof v === "number" && (!Number.isFinite(v) || Object.is(v, -0))) return Object.is(v, -0) ? "-0" : String(v);
  if (v instanceof Uint8Array) return { $bytes: hex(v) };
  if (v instanceof Float32Array) return { $vector: [...v] };
  if (v instanceof Error) return { ...v, message: v.message };
  return v;
});
onmessage = async ({ data: { origin, module } }) => {
  try {
    importScripts(origin + "/wasm_exec.js");
    go = new Go();
    go.argv = ["driven"];
    go.env = { POCKETGRAPH_DRIVEN: engine };
    const ready = new Promise((onReady) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        turns.count++;
        if (!x.pg_turn()) return;
        turns.idle++;
        go._resume();
      };
      globalThis.pocketgraphHost = {
        ...(self.hostTurns && { onWake: () => port2.postMessage(0) }),
        onReady,
        onAnswer: (at, length) => onAnswer(new Uint8Array(x.mem.buffer, at, length).slice()),
      };
    });
    const instance = await WebAssembly.instantiate(module, go.importObject);
    x = instance.exports;
    go.run(instance).catch((error) => said.push(String(error)));
    await ready;
    postMessage(JSON.stringify({ result: await drive() }));
  } catch (error) {
    postMessage(JSON.stringify({ error: `${error}\n${error.stack}`, said }));
  }
};

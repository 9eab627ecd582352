// The prelude of every driver: starts an instance of the test binary that
// waits for calls. The driver that follows defines `async function drive()`.
"use strict";
const said = []; // what the instance printed
for (const level of ["log", "warn", "error"]) console[level] = (...args) => said.push(args.join(" "));
const uncaught = []; // what broke between calls, on the event loop
onerror = (message) => { uncaught.push(String(message)); return true; };
addEventListener("unhandledrejection", (event) => { uncaught.push(String(event.reason)); event.preventDefault(); });
let go, instance, x, died;
const MB = 1 << 20;
const memory = () => x.mem.buffer.byteLength;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// A call as data: what it returned or threw, and whether the program lives.
const attempt = (name, ...args) => {
  const outcome = {};
  try { outcome.returned = x[name](...args); } catch (error) { outcome.threw = `${error.name}: ${error.message}`; }
  outcome.exited = go.exited;
  return outcome;
};
const nanoseconds = (times, f) => {
  const start = performance.now();
  for (let i = 0; i < times; i++) f(i);
  return Math.round(((performance.now() - start) * 1e6) / times);
};
onmessage = async ({ data: { origin, module } }) => {
  try {
    importScripts(origin + "/wasm_exec.js");
    go = new Go();
    go.argv = ["probe"];
    go.env = { POCKETGRAPH_PROBE: "1" };
    go.exit = (code) => { died = code; };
    instance = await WebAssembly.instantiate(module, go.importObject);
    x = instance.exports;
    go.run(instance).catch((error) => said.push(String(error)));
    postMessage(JSON.stringify({ result: await drive() }));
  } catch (error) {
    postMessage(JSON.stringify({ error: `${error}\n${error.stack}`, said }));
  }
};

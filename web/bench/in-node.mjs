// The package in one thread of Node, as the measuring worker of the page has it,
// with an origin in memory.

import { readFileSync } from "node:fs";
import { register } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { classes, navigator } from "./origin.mjs";

/** Makes this process such a worker, and the peer in it that runs the package in `folder`. Once in a process. */
export async function peerInNode(folder) {
  const give = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  const fetchPage = globalThis.fetch;
  give("self", globalThis);
  give("location", new URL("http://127.0.0.1/"));
  give("navigator", navigator);
  for (const [name, value] of Object.entries(classes)) give(name, value);
  give("fetch", async (url, ...rest) => {
    if (!String(url).startsWith("file:")) return fetchPage(url, ...rest);
    return new Response(readFileSync(fileURLToPath(url)), { headers: { "content-type": "application/wasm" } });
  });
  // The server of the benchmarks has the package at /dist/.
  const dist = JSON.stringify(`${pathToFileURL(resolve(folder))}/`);
  const hook = `export const resolve = (name, context, next) => (name.startsWith("/dist/") ? { url: ${dist} + name.slice(6), shortCircuit: true } : next(name, context));`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
  const { createWorker } = await import("./page/in-thread.js");
  const { PocketGraph } = await import("./page/peers/pocketgraph.js");
  return new PocketGraph({ createWorker });
}

// The page of the conformance suite: answers the requests of the stdio protocol
// (docs/stdio.md) by the package's public API, and by nothing else.

import { open } from "/dist/index.js";
import { decode, encode } from "./values.js";

let db = null;
let registered = false;
let count = 0;

/** Compiled once; `open` takes it as an option. */
const wasmModule = await WebAssembly.compileStreaming(fetch("/dist/pocketgraph.wasm"));

/**
 * An empty graph without registered procedures. A new database is a new worker
 * with an engine of its own, which takes a tenth of a second: only the first
 * reset and one after a procedure was registered take one. Elsewhere everything
 * is deleted, and it is looked whether it has gone.
 */
async function reset() {
  if (db && !registered && !db.closed) {
    await db.query("MATCH (n) DETACH DELETE n");
    const { nodes, relationships } = await db.stats();
    if (nodes || relationships) throw new Error(`${nodes} nodes and ${relationships} relationships are left after all were deleted`);
    return;
  }
  await db?.close();
  registered = false;
  db = await open(`tck-${count++}`, { storage: "memory", wasmModule });
}

async function query({ text, params = {} }) {
  const given = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decode(value)]));
  const { columns, rows } = await db.query(text, given, { rows: "array", integers: "bigint" });
  return { columns, rows: rows.map((row) => row.map(encode)) };
}

async function procedure({ signature, rows }) {
  registered = true;
  await db.registerTable(signature, rows.map((row) => row.map(decode)));
  return { ok: true };
}

async function perform(request) {
  if (!db || request.op === "reset") await reset();
  switch (request.op) {
    case "reset":
      return { ok: true };
    case "query":
      return query(request);
    case "procedure":
      return procedure(request);
  }
  throw new TypeError(`unknown op ${request.op}`);
}

/** Codes that have other names in the protocol. */
const codes = { NOT_IMPLEMENTED: "Unsupported", INTERNAL: "InternalError", ENGINE_DIED: "InternalError" };

function failure(error) {
  // Anything that is not the package's own error is a fault, of the package or of this page.
  if (error?.name !== "PocketGraphError") return { code: "InternalError", message: String(error?.stack ?? error) };
  const { code, phase, detail, message, hint } = error;
  return { code: codes[code] ?? code, phase, detail, message, hint };
}

/** One request, one answer, as lines of JSON. */
globalThis.answer = async (line) => {
  const request = JSON.parse(line);
  try {
    return JSON.stringify({ id: request.id, ...(await perform(request)) });
  } catch (error) {
    return JSON.stringify({ id: request.id, error: failure(error) });
  }
};
globalThis.ready = true;

// What a request may cost, counted: what it does to the files, and what it asks
// of the event loop. Nothing here looks at a clock.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { peerInNode } from "../bench/in-node.mjs";
import { works } from "../bench/page/works.js";
import { buildPackage } from "../scripts/build.mjs";
import { web } from "./fixture.mjs";

const calls = {};
/** Counts the calls of a method from now on, whoever has bound it since. */
function count(object, method) {
  const original = object[method];
  object[method] = function (...args) {
    calls[method] = (calls[method] ?? 0) + 1;
    return original.apply(this, args);
  };
}

let peer;
before(async () => {
  if (!process.env.POCKETGRAPH_BUILT) await buildPackage();
  peer = await peerInNode(join(web, "dist"));
  for (const method of ["write", "flush", "getSize"]) count(globalThis.FileSystemSyncAccessHandle.prototype, method);
  count(globalThis, "setTimeout");
  count(MessagePort.prototype, "postMessage");
  count(BroadcastChannel.prototype, "postMessage");
  await peer.open("costs", "strict");
  for (let k = 0; k < 400; k++) await peer.commit(k); // the log is long enough now to have space reserved
});
after(() => setImmediate(() => process.exit())); // the engine would go on

/** What fn does. */
async function done(fn) {
  for (const method of Object.keys(calls)) delete calls[method];
  await fn();
  return { ...calls };
}

test("a strict commit is one write and one flush, and waits for no turn of the event loop", async () => {
  const n = 200;
  const { write, flush, ...rest } = await done(async () => {
    for (let k = 0; k < n; k++) await peer.commit(k);
  });
  assert.deepEqual({ write, flush, rest }, { write: n, flush: n, rest: {} });
});

test("commits of one message share a write and a flush", async () => {
  const { write, flush } = await done(() => Promise.all(Array.from({ length: 100 }, (_, k) => peer.commit(k))));
  assert.deepEqual({ write, flush }, { write: 1, flush: 1 });
});

test("a lookup asks nothing of the files and of the event loop", async () => {
  const person = { id: 5 };
  await peer.db.query("CREATE INDEX FOR (p:Person) ON (p.id)");
  await peer.db.query("CREATE (:Person {id: 5, name: 'Ada'})");
  assert.deepEqual(await peer.run(works.social.lookup, person), [["Ada"]]);
  const asked = await done(async () => {
    for (let k = 0; k < 100; k++) await peer.run(works.social.lookup, person);
  });
  assert.deepEqual(asked, {});
});

// What a tab does when the worker that it asks ends, in one thread and without an engine.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { navigator } from "../bench/origin.mjs";
import { sources } from "./sources.mjs";

Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
const parts = await sources("tabs", "engine", "errors", "wire", "encode", "hub");
const { Answer, Engine, Op, PocketGraphError, WorkerEngine, Writer, asError, closed, encodeMap, inboxOf, lobbyOf, outboxOf, unique, using, within } = parts;

/** A worker that keeps what it is sent, and goes when it is asked to close. */
class Worker {
  sent = [];
  engine = new WorkerEngine(this);
  postMessage(data) {
    this.sent.push(...(data instanceof ArrayBuffer ? kinds(data) : [data]));
    if (this.sent.at(-1)?.kind === Op.close) this.engine.end(closed());
  }
  terminate() {}
  answer(kind, id) {
    this.engine.receive(frameOf(kind, id));
  }
}

function frameOf(kind, id, map = {}) {
  const w = new Writer();
  if (kind === Answer.done) encodeMap(w, map, ["test"]);
  const frame = new DataView(new ArrayBuffer(16 + ((w.length + 7) & ~7)));
  frame.setUint32(0, frame.byteLength, true);
  frame.setUint8(4, kind);
  frame.setUint32(8, id, true);
  new Uint8Array(frame.buffer).set(w.bytes.subarray(0, w.length), 16);
  return frame.buffer;
}

/** Another tab's worker that has the database open, and answers nothing while it is mute. */
class Owner {
  name = unique();
  mute = false;
  sent = [];
  constructor() {
    const [owner, lock] = [unique(), unique()];
    const gone = new Promise((done) => (this.free = done));
    for (const held of [lock, `pocketgraph:owner:${this.name}`]) navigator.locks.request(held, () => gone);
    this.lobby = lobbyOf(this.name);
    this.inbox = inboxOf(owner);
    this.info = { name: this.name, owner, database: 1, lock, durability: "strict", storage: "opfs" };
    this.lobby.onmessage = ({ data }) => data.say === "who" && this.lobby.postMessage({ ...this.info, say: "owner" });
    this.inbox.onmessage = ({ data }) => this.take(data);
  }
  take({ link, frames }) {
    this.out ??= outboxOf(link);
    for (const { kind, id } of frames ? kinds(frames) : []) {
      if (kind === Op.hello) this.out.postMessage({ frames: frameOf(Answer.hello, id) });
      else if (kind === Op.info) this.out.postMessage({ frames: frameOf(Answer.done, id, { ...this.info, sequence: 0, storeId: "s", memory: 1 }) });
      else this.sent.push({ kind, id });
    }
    if (!frames && !this.mute) this.speak();
  }
  speak(frames) {
    this.out.postMessage({ frames });
  }
  end() {
    for (const channel of [this.lobby, this.inbox, this.out]) channel?.close();
    this.free();
  }
}

/** The kinds and ids of frames. */
function kinds(buffer) {
  const view = new DataView(buffer);
  const found = [];
  for (let at = 0, length; at < buffer.byteLength && (length = view.getUint32(at, true)); at += length) found.push({ kind: view.getUint8(at + 4), id: view.getUint32(at + 8, true) });
  return found;
}

const until = async (condition) => {
  for (const begun = performance.now(); !condition(); await new Promise((done) => setImmediate(done))) assert.ok(performance.now() - begun < 20_000, String(condition));
};

let workers, link, opening, membership;
beforeEach(async () => {
  mock.timers.enable({ apis: ["setInterval", "Date"] }); // time is told by hand
  workers = [];
  opening = null;
  const tabs = using({ Engine, Writer, PocketGraphError, asError, announce() {}, closed, unique, within });
  const start = async () => workers[workers.push(new Worker()) - 1].engine;
  const open = async (engine) => {
    await opening;
    if (engine.dead) throw engine.dead;
    return { storage: "opfs", database: 1, durability: "strict", sequence: 0, storeId: "s", memory: 1 };
  };
  const how = { name: unique(), durability: "strict", storage: "opfs", migrations: Infinity, mustCreate: false, memoryLimit: 0, start, open, onRole() {}, onOwner() {}, onRestart() {} };
  membership = (more) => tabs.join({ ...how, ...more });
  ({ link } = await membership({}));
});

afterEach(async () => {
  mock.timers.reset();
  await link.close(); // its channels would keep this process
});

test("a feed that was left is not begun again at the next owner", async () => {
  const failed = [];
  const id = link.send(Op.changes, {}, { fail: (error) => failed.push(error.code), done() {} }, (w) => w.u32(2));
  const [worker] = workers;
  const begun = () => worker.sent.find(({ kind }) => kind === Op.changes);
  await until(begun);
  worker.answer(Answer.head, begun().id);
  link.about(Op.cancel, id, 1);
  worker.engine.end(new PocketGraphError("ENGINE_DIED", "test"));
  await until(() => failed.length);
  assert.deepEqual(failed, ["CANCELLED"], "OWNER_CHANGED would have the feed go on");
});

test("a worker that dies before it can take over is replaced like any other", async () => {
  const [worker] = workers;
  worker.engine.onFull();
  await until(() => (mock.timers.tick(100), worker.sent.includes("rest")));
  workers[1].engine.end(new PocketGraphError("ENGINE_DIED", "test"));
  worker.engine.onRest(1);
  await until(() => workers.length === 3 || link.dead);
  assert.equal(link.dead, null);
  void link.request(Op.ping, {}).catch(() => {});
  await until(() => workers[2].sent.some(({ kind }) => kind === Op.ping));
});

test("where the user blocks a site's locks, destroying says that too", async () => {
  const { whileNobodyHas } = using({ Engine, Writer, PocketGraphError, asError, announce() {}, closed, unique, within });
  const { request } = navigator.locks;
  navigator.locks.request = () => Promise.reject(new DOMException("no", "SecurityError"));
  try {
    await assert.rejects(whileNobodyHas("a", () => assert.fail("begun")), { code: "UNAVAILABLE" });
  } finally {
    navigator.locks.request = request;
  }
});

/** A request and what becomes of it; `passes` lets time pass, in steps as for a page that runs. */
function asked(kind) {
  const seen = {};
  link.request(kind, {}, (w) => w.u32(0)).then((done) => (seen.done = done), ({ code, applied }) => (seen.failed = [code, applied]));
  const passes = (ms) => {
    for (; ms > 0; ms -= 100) mock.timers.tick(100);
  };
  return { seen, passes };
}

/** The last worker ends, and the next one opens the files when that is said. */
function end() {
  let open;
  opening = new Promise((done) => (open = done));
  workers.at(-1).engine.end(new PocketGraphError("ENGINE_DIED", "test"));
  return open;
}

/** Waits until a worker has a request. */
const has = (i, kind) => until(() => workers[i]?.sent.some((sent) => sent.kind === kind));

test("what a request waits for is one sum: owners that go, and none", async () => {
  const { seen, passes } = asked(Op.ping);
  await has(0, Op.ping);
  passes(1500);
  const open = end();
  passes(1000);
  open();
  await has(1, Op.ping); // 2.5 s are over
  passes(500);
  end();
  passes(300);
  await until(() => workers.length === 3);
  assert.deepEqual(seen, {});
  passes(700);
  await until(() => seen.failed);
  assert.deepEqual(seen.failed, ["NO_OWNER", "no"], "not 3.5 s after the last of them");
});

test("a request that goes round with owners that go is not begun again when its time is over", async () => {
  const { seen, passes } = asked(Op.createNode);
  for (const i of [0, 1]) {
    await has(i, Op.createNode);
    passes(1900);
    end()();
  }
  await until(() => seen.failed);
  assert.deepEqual(seen.failed, ["OUTCOME_UNKNOWN", "unknown"]);
});

test("an owner that had worked at a request for long leaves it all its patience", async () => {
  const { seen, passes } = asked(Op.ping);
  await has(0, Op.ping);
  passes(60_000);
  const open = end();
  passes(3000);
  open();
  await has(1, Op.ping);
  workers[1].answer(Answer.hello, workers[1].sent.find(({ kind }) => kind === Op.ping).id);
  await until(() => seen.done || seen.failed);
  assert.equal(seen.failed, undefined);
});

test("a hidden page whose timers hardly come gets them from a worker, and only then", async (t) => {
  // An owner in another tab, as far as it needs to answer, until it is suspended.
  const name = unique();
  const owner = unique();
  const holding = [];
  const hold = (lock) => new Promise((held) => navigator.locks.request(lock, () => (held(), new Promise((done) => holding.push(done)))));
  await hold(`pocketgraph:owner:${name}`);
  await hold(`alive:${owner}`);
  const channels = [];
  const channel = (of) => channels[channels.push(new BroadcastChannel(of)) - 1];
  const lobby = channel(`pocketgraph:lobby:${name}`);
  lobby.onmessage = ({ data }) => data.say === "who" && lobby.postMessage({ say: "owner", name, owner, database: 1, lock: `alive:${owner}`, durability: "strict", storage: "opfs" });
  let suspended = false;
  channel(`pocketgraph:owner:${owner}`).onmessage = ({ data }) => {
    if (suspended) return;
    const answers = new DataView(new ArrayBuffer(16));
    for (const { id } of data.frames ? kinds(data.frames) : []) {
      answers.setUint32(0, 16, true);
      answers.setUint8(4, Answer.hello); // an answer with nothing in it
      answers.setUint32(8, id, true);
      channel(`pocketgraph:link:${data.link}`).postMessage({ frames: answers.buffer });
    }
  };
  const document = Object.assign(new EventTarget(), { hidden: true });
  globalThis.document = document;
  const timers = new Set();
  t.mock.method(globalThis, "setInterval", (tick) => (timers.add(tick), tick)); // they come when the test says so
  t.mock.method(globalThis, "clearInterval", (tick) => timers.delete(tick));
  const tickers = [];
  const ticker = (tick) => tickers[tickers.push({ tick, sent: [], postMessage: (data) => tickers.at(-1).sent.push(data.tick), terminate: () => (tickers.at(-1).ended = true) }) - 1];
  const { link: follower } = await membership({ name, ticker });
  const come = (ms) => (mock.timers.tick(ms), timers.forEach((tick) => tick()));
  try {
    await follower.request(Op.ping, {});
    suspended = true;
    const ended = follower.request(Op.ping, {}).catch(({ code }) => code);
    for (let i = 0; i < 2; i++) come(1000); // of any hidden page
    assert.equal(tickers.length, 0);
    come(60_000);
    assert.deepEqual([tickers.length, tickers[0].sent], [1, [400]]);
    mock.timers.tick(400);
    tickers[0].tick();
    assert.equal(await ended, "OWNER_FROZEN");
    document.hidden = false;
    follower.request(Op.ping, {}).catch(() => {});
    come(400);
    assert.equal(tickers[0].ended, true);
  } finally {
    await follower.close();
    delete globalThis.document;
    holding.forEach((done) => done());
    channels.forEach((one) => one.close());
  }
});

test("an owner that has no time for a moment keeps what it has, one that is silent does not", async () => {
  const owner = new Owner();
  const { link } = await membership({ name: owner.name });
  const passes = async (ms) => {
    for (; ms > 0; ms -= 400) {
      mock.timers.tick(400);
      if (!owner.mute) await until(() => link.silence === 0);
    }
  };
  const asks = () => {
    const seen = {};
    link.request(Op.createNode, {}, (w) => w.u32(0)).then((done) => (seen.done = done), ({ code, applied }) => (seen.failed = [code, applied]));
    return seen;
  };
  try {
    const seen = asks();
    await until(() => owner.sent.length === 1);
    await passes(2800);
    owner.mute = true; // it collects garbage, say
    await passes(800); // 3.6 s of the request
    owner.mute = false;
    owner.speak();
    await until(() => link.silence === 0);
    await passes(4000);
    owner.speak(frameOf(Answer.done, owner.sent[0].id));
    await until(() => seen.done || seen.failed);
    assert.equal(seen.failed, undefined);

    const lost = asks();
    await until(() => owner.sent.length === 2);
    owner.mute = true;
    await passes(4000);
    await until(() => lost.failed);
    assert.deepEqual(lost.failed, ["OWNER_FROZEN", "unknown"]);
  } finally {
    owner.end();
    await link.close();
  }
});

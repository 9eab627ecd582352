// The worker: owns the WebAssembly and passes buffers of frames in and out.
// It knows nothing of what is in them. jsbridge/PROTOCOL.md, section 6, has
// the rules of calling the engine.

import "wasm-exec";
import type { WorkerMessage, WorkerStart } from "./engine.js";
import { asError, PocketGraphError } from "./errors.js";
import { answer } from "./functions.js";
import { Hub, type Serve } from "./hub.js";
import { loadWasm } from "./wasm.js";

interface Exports {
  mem: WebAssembly.Memory;
  pg_status(): number;
  pg_buffer(length: number): number;
  pg_request(length: number): number;
  pg_turn(): number;
}
declare const Go: new () => {
  importObject: WebAssembly.Imports;
  exited: boolean;
  _resume(): void;
  run(instance: WebAssembly.Instance): Promise<void>;
};

/** The part of DedicatedWorkerGlobalScope that is used; TypeScript has it only without the DOM's types. */
interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  navigator: Navigator;
}
const scope = self as unknown as WorkerScope;
const say = (message: WorkerMessage) => scope.postMessage(message);
const stateDead = 2;
/** What the engine printed last: the reason when it panics. */
let printed = "";

scope.onmessage = ({ data }: MessageEvent<WorkerStart>) => {
  start(data).catch((cause) => {
    const { code, message, hint } = asError(cause, "WORKER_FAILED");
    say({ say: "failed", code, message, hint });
  });
};
say({ say: "hello" });

async function start({ wasm, lock, indexedDB }: WorkerStart): Promise<void> {
  const waiting: (ArrayBuffer | Serve)[] = [];
  scope.onmessage = ({ data }: MessageEvent<ArrayBuffer | Serve>) => waiting.push(data);
  await holdLock(lock);
  const module = typeof wasm === "string" ? await loadWasm(wasm, (done, total) => say({ say: "progress", done, total })) : wasm;
  keepPrinted();
  const go = new Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  const exports = instance.exports as unknown as Exports;
  if (!exports.pg_request) throw new PocketGraphError("WASM_INVALID", "the WebAssembly is not PocketGraph's engine");
  const engine = new Host(exports, go);
  const soon = turns(() => engine.turn());
  const ready = new Promise<void>((onReady) => {
    (globalThis as any).pocketgraphHost = {
      onReady,
      onAnswer: (pointer: number, length: number) => engine.answer(pointer, length),
      onWake: soon,
      onCall: (pointer: number, length: number) => engine.call(exports.mem.buffer.slice(pointer, pointer + length)),
      memory: () => exports.mem.buffer.byteLength,
      indexedDB: (relaxed: boolean, only: string) => filesInIndexedDB(indexedDB, relaxed, only),
    };
  });
  const exit = go.run(instance);
  exit.then(
    () => engine.die("it exited"),
    (cause) => engine.die(String(cause)),
  );
  await Promise.race([ready, exit]);
  if (engine.dead) return;
  const take = (data: ArrayBuffer | Serve) => (data instanceof ArrayBuffer ? engine.request(data) : engine.serve(data));
  scope.onmessage = ({ data }: MessageEvent<ArrayBuffer | Serve>) => take(data);
  say({ say: "ready" });
  waiting.forEach(take);
}

/** A folder whose files are in IndexedDB; null where no database's name begins so, and undefined where there is no IndexedDB. */
async function filesInIndexedDB(module: string, relaxed: boolean, only: string): Promise<object | null | undefined> {
  const indexedDB = ownIndexedDB();
  if (!indexedDB) return;
  if (only && indexedDB.databases) {
    const all = await indexedDB.databases().catch(() => null); // the module's error says what that means
    if (all && !all.some(({ name }) => name?.startsWith(only))) return null;
  }
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ module)).root(relaxed);
  } catch (cause) {
    throw new Error(`${module} of the package cannot be loaded: ${cause}`);
  }
}

/** Firefox throws where the user lets nobody store anything. */
function ownIndexedDB(): IDBFactory | undefined {
  try {
    return self.indexedDB;
  } catch {
    return undefined;
  }
}

/**
 * Calls back in a later turn: after what the event loop already has to do, and sooner than a timer would.
 * A message does in a page. Node takes up to a thousand messages of a port at once, and would leave others waiting.
 */
function turns(turn: () => void): () => void {
  const { setImmediate } = globalThis as { setImmediate?: (turn: () => void) => void };
  if (setImmediate) return () => setImmediate(turn);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = turn;
  return () => port2.postMessage(0);
}

/** Holds a Web Lock until the worker ends: the page sees by it that it ended. */
function holdLock(name: string): Promise<void> {
  return new Promise((held) => {
    if (!scope.navigator.locks) return held(); // not a secure context; the page then knows less
    scope.navigator.locks.request(name, () => (held(), new Promise<void>(() => {}))).catch(() => held()); // nor where storage is blocked
  });
}

/** Go prints through fs.writeSync; the end of it is kept for the message of its death. */
function keepPrinted(): void {
  const fs = (globalThis as any).fs;
  const { writeSync } = fs;
  const utf8 = new TextDecoder();
  fs.writeSync = (fd: number, bytes: Uint8Array) => {
    printed = (printed + utf8.decode(bytes)).slice(-8192);
    return writeSync.call(fs, fd, bytes);
  };
}

function toPage(frames: ArrayBuffer): void {
  scope.postMessage(frames, [frames]);
}

/** The engine's memory and exports: frames in, frames out. */
class Host {
  dead = false;
  private hub: Hub | null = null;
  constructor(
    private readonly exports: Exports,
    private readonly go: InstanceType<typeof Go>,
  ) {}

  request(frames: ArrayBuffer): void {
    if (this.dead) return;
    const { exports } = this;
    try {
      const pointer = exports.pg_buffer(frames.byteLength);
      if (!pointer) throw new Error(`no memory for a request of ${frames.byteLength} bytes`);
      new Uint8Array(exports.mem.buffer).set(new Uint8Array(frames), pointer);
      const state = exports.pg_request(frames.byteLength);
      if (this.go.exited) return this.die("it exited");
      const status = exports.pg_status() >> 2;
      const words = new Uint32Array(exports.mem.buffer); // memory may have grown
      this.answer(words[status + 1], words[status + 2]);
      if (state === stateDead) this.die("it met a fault of its own");
    } catch (cause) {
      this.die(String(cause));
    }
  }

  /** Lets what works for long go on for a while. */
  turn(): void {
    if (this.dead) return;
    try {
      if (this.exports.pg_turn()) this.go._resume();
    } catch (cause) {
      this.die(String(cause));
    }
  }

  serve(how: Serve): void {
    this.hub?.retire();
    if (how.owner) this.hub = new Hub(how, (frames) => this.request(frames), toPage);
  }

  /** Copies answers out of the engine's memory and sends them off. */
  answer(pointer: number, length: number): void {
    if (!length) return;
    const copy = this.exports.mem.buffer.slice(pointer, pointer + length);
    if (this.hub) this.hub.route(copy);
    else toPage(copy);
  }

  /** A question for a function of a module. */
  call(question: ArrayBuffer): void {
    answer(question, (reply) => this.request(reply));
  }

  die(reason: string): void {
    if (this.dead) return;
    this.dead = true;
    const panic = /^(panic|fatal error|runtime): .*/m.exec(printed);
    say({ say: "dead", message: panic ? panic[0] : reason });
  }
}

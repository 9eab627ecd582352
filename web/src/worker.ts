// The worker: owns the WebAssembly and passes buffers of frames in and out.
// It knows nothing of what is in them. jsbridge/PROTOCOL.md, section 6, has
// the rules of calling the engine.

import "wasm-exec";
import type { WorkerMessage, WorkerStart } from "./engine.js";
import { asError, PocketGraphError } from "./errors.js";
import { answer } from "./functions.js";
import { Hub, type Serve } from "./hub.js";
import { loadWasm } from "./wasm.js";
import { smallMessage } from "./wire.js";

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
type Message = ArrayBuffer | Serve | "rest";
const stateDead = 2;
/** Words of the status block. */
const word = { pointer: 1, length: 2, inFlight: 3, transactions: 5 };
/** A worker rests when it was asked so often in a row and had nothing going and no new request; after so many times in all once is enough. */
const calmLooks = 4;
const patientLooks = 40;
const noLooks = () => ({ all: 0, calm: 0, requests: -1 });
/** What the engine printed last: the reason when it panics. */
let printed = "";

let ticking: ReturnType<typeof setInterval>;
scope.onmessage = ({ data }: MessageEvent<WorkerStart | { tick: number }>) => {
  if ("tick" in data) {
    clearInterval(ticking);
    if (data.tick) ticking = setInterval(() => say({ say: "hello" }), data.tick);
    return;
  }
  start(data).catch((cause) => {
    const { code, message, hint } = asError(cause, "WORKER_FAILED");
    say({ say: "failed", code, message, hint });
  });
};
say({ say: "hello" });

async function start({ wasm, progress, lock, indexedDB }: WorkerStart): Promise<void> {
  const waiting: Message[] = [];
  scope.onmessage = ({ data }: MessageEvent<Message>) => waiting.push(data);
  const load = () => loadWasm(wasm as string, ENGINE_BUILD, progress ? (done, total) => say({ say: "progress", done, total }) : undefined);
  const [module] = await Promise.all([typeof wasm === "string" ? load() : wasm, holdLock(lock)]);
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
      onCall: (pointer: number, length: number) => engine.call(engine.copy(pointer, length)),
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
  const take = (data: Message) => (data instanceof ArrayBuffer ? engine.request(data) : data === "rest" ? engine.rest() : engine.serve(data));
  scope.onmessage = ({ data }: MessageEvent<Message>) => take(data);
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
  return Object.assign(() => port2.postMessage(0), { port1 }); // kept, or a collector may take it
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

/** Where frames end that fill so many bytes at most: a length of 0 ends them sooner. */
function endOf(view: DataView, start: number, length: number): number {
  let at = 0;
  for (let more; at < length && (more = view.getUint32(start + at, true)); ) at += more;
  return Math.min(at, length);
}

/** The engine's memory and exports: frames in, frames out. */
class Host {
  dead = false;
  private hub: Hub | null = null;
  private bytes = new Uint8Array();
  private view = new DataView(this.bytes.buffer);
  private status = 0;
  /** What small answers are posted from. */
  private readonly small = new Uint8Array(smallMessage);
  private readonly smallView = new DataView(this.small.buffer);
  private limit = 0; // bytes of memory that are not said to be too much yet; 0: none are
  private serving = false;
  private resting = false;
  private requests = 0;
  private looks = noLooks();
  constructor(
    private readonly exports: Exports,
    private readonly go: InstanceType<typeof Go>,
  ) {}

  /** Looks at the engine's memory where it is now: any call may make it grow, which empties the views. */
  private look(): void {
    const { buffer } = this.exports.mem;
    if (this.bytes.buffer === buffer) return;
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    if (this.limit && buffer.byteLength > this.limit) {
      this.limit = 0;
      say({ say: "full" });
    }
  }

  request(frames: ArrayBuffer): void {
    if (this.dead || this.resting) return;
    this.requests++;
    this.run(frames);
  }

  /** Runs frames, which may be none, and tells what the engine has under way. */
  private run(frames?: ArrayBuffer): number {
    const { exports } = this;
    let length = frames?.byteLength ?? 0;
    try {
      if (frames) {
        const pointer = exports.pg_buffer(length) >>> 0; // WebAssembly's numbers have a sign
        if (!pointer) throw new Error(`no memory for a request of ${length} bytes`);
        this.look();
        this.bytes.set(new Uint8Array(frames), pointer);
        length = endOf(this.view, pointer, length);
      }
      const state = exports.pg_request(length);
      if (this.go.exited) throw "it exited";
      this.status ||= exports.pg_status();
      this.look();
      const underWay = this.statusWord(word.inFlight) + this.statusWord(word.transactions);
      this.answer(this.statusWord(word.pointer), this.statusWord(word.length));
      if (state === stateDead) throw "it met a fault of its own";
      return underWay;
    } catch (cause) {
      this.die(String(cause));
      return 0;
    }
  }

  private statusWord(n: number): number {
    return this.view.getUint32(this.status + 4 * n, true);
  }

  /** Lets what works for long go on for a while. */
  turn(): void {
    if (this.dead) return;
    try {
      if (this.exports.pg_turn()) this.go._resume();
      if (this.go.exited) throw "it exited";
      this.look();
    } catch (cause) {
      this.die(String(cause));
    }
  }

  serve(how: Serve): void {
    this.resting = false;
    this.looks = noLooks();
    this.hub?.retire();
    this.serving = !!how.owner;
    if (!how.owner) return;
    this.hub = new Hub(how, (frames) => this.request(frames), toPage);
    // A graph that needs more than the limit is not read again and again: it must have grown by half.
    this.limit = how.memoryLimit ? Math.max(how.memoryLimit, this.memory * 1.5) : 0;
  }

  private get memory(): number {
    return this.exports.mem.buffer.byteLength;
  }

  /** Takes nothing more from now on, if this is a calm moment. */
  rest(): void {
    const { looks } = this;
    looks.calm = looks.requests === this.requests ? looks.calm + 1 : 0;
    looks.requests = this.requests;
    looks.all++;
    if (this.dead || this.resting || !this.serving) return; // it was asked too late
    if (this.run() || (looks.calm < calmLooks && looks.all < patientLooks)) return;
    this.resting = true;
    this.hub?.retire();
    say({ say: "resting", memory: this.memory });
  }

  /** Copies answers out of the engine's memory and sends them off. */
  answer(pointer: number, length: number): void {
    if (!length) return;
    this.look();
    const { small } = this;
    if (this.hub && !this.ours(pointer, length)) return this.hub.route(this.copy(pointer, length));
    if (length > small.length) return toPage(this.copy(pointer, length));
    small.set(this.bytes.subarray(pointer, pointer + length));
    if (length < small.length) this.smallView.setUint32(length, 0, true);
    scope.postMessage(small.buffer);
  }

  /** Whether all frames are for the page of this worker. */
  private ours(pointer: number, length: number): boolean {
    const { view } = this;
    for (let at = pointer; at < pointer + length; at += view.getUint32(at, true)) if (view.getUint16(at + 6, true)) return false;
    return true;
  }

  copy(pointer: number, length: number): ArrayBuffer {
    return this.exports.mem.buffer.slice(pointer, pointer + length);
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

// The page's end of the wire: one worker with one engine. Requests get ids
// and go out together at the end of the turn; answers find their request by
// id. When the worker dies, whatever way, everything in flight is rejected.

import { doneOf, Frame } from "./decode.js";
import { aborted, asError, PocketGraphError } from "./errors.js";
import type { Serve } from "./hub.js";
import { explainWorker, indexedDBLocation, startWorker, wasmLocation } from "./start.js";
import type { AssetOptions, Progress, Value } from "./types.js";
import { Answer, Op, protocolVersion, Writer, type RequestName } from "./wire.js";

/** What the worker says beside frames, which are ArrayBuffers. */
export type WorkerMessage =
  | { say: "hello" } // the script runs
  | { say: "progress"; done: number; total: number }
  | { say: "ready" } // the engine takes frames
  | { say: "failed"; code: string; message: string; hint?: string } // it will not
  | { say: "dead"; message: string } // it does not any more
  | { say: "full" } // its memory has outgrown the limit
  | { say: "resting"; memory: number }; // it was asked to rest, and takes nothing more

/** The first message to the worker; from then on it gets ArrayBuffers of frames, and perhaps a Serve. */
export interface WorkerStart {
  wasm: string | WebAssembly.Module;
  /** Somebody asks how far the download is. */
  progress: boolean;
  /** Where the module is that keeps files in IndexedDB, for when it is needed. */
  indexedDB: string;
  /** The Web Lock it holds while it lives. */
  lock: string;
}

/** How long a worker's script may take to say that it runs. Downloading and compiling come later and may take longer. */
const helloTimeout = 15_000;
/** How long close() waits for the engine to flush and let go before it ends it anyway. Nothing acknowledged is lost by that. */
const closeTimeout = 10_000;

/** The frame's fields beside its body. */
export interface Header {
  database?: number;
  transaction?: number;
  /** Milliseconds; 0 or nothing for none. */
  timeout?: number;
  flags?: number;
  name?: RequestName;
}

/** What a database asks: an engine of its own, or whichever tab has one. */
export interface Link {
  /** Why nothing can be sent any more. */
  readonly dead: PocketGraphError | null;
  /** Computes what was registered; set with the first. */
  onCall: ((call: Frame) => void) | null;
  /** Sends a request and resolves with its DONE map. */
  request(kind: number, header: Header, body?: (w: Writer) => void, frame?: (frame: Frame) => void): Promise<{ [key: string]: Value }>;
  /** Sends a request and returns its id. Throws when it cannot be written; later failures go to the listener. */
  send(kind: number, header: Header, listener: Listener, body?: (w: Writer) => void): number;
  /** MORE and CANCEL: about a request in flight, without an answer of their own. */
  about(kind: typeof Op.more | typeof Op.cancel, id: number, database: number, body?: (w: Writer) => void): void;
  /** Answers a question of the engine's: with the map that the body ends with, or an error. */
  reply(question: Pick<Frame, "id" | "database">, call: number, error: string, map?: (w: Writer) => void): void;
  /** Tells other tabs that so many migrations have run now. */
  migrated?(version: number): void;
  /** Flushes and lets go of the database. What is in flight is answered with CLOSED, or with its outcome where that came first. */
  close(database: number): Promise<void>;
}

/** Where frames go; the answers come to Engine.receive. */
export interface Port {
  /** Takes what was written. */
  post(out: Writer): void;
  close(): void;
}

/** Who waits for the answers to one request. `done` or `fail` is called once, last. */
export interface Listener {
  frame?(frame: Frame): void;
  /** What came so far does not count: the request is asked again. */
  restart?(): void;
  done(result: { [key: string]: Value }): void;
  fail(error: PocketGraphError): void;
}

export class Engine implements Link {
  dead: PocketGraphError | null = null;
  /** Called once, when it dies or is ended. */
  onEnd: (() => void) | null = null;
  onCall: ((call: Frame) => void) | null = null;

  private readonly listeners = new Map<number, Listener>();
  private readonly out = new Writer();
  private readonly watch = new AbortController();
  /** Aborted when it dies or is ended. */
  readonly ended = this.watch.signal;
  private lastId = 0;
  private flushing = false;

  constructor(private readonly port: Port) {}

  /** Starts a worker and its engine, and shakes hands. */
  static async start(options: AssetOptions, signal?: AbortSignal, progress?: (p: Progress) => void): Promise<WorkerEngine> {
    if (signal?.aborted) throw aborted(signal);
    const engine = new WorkerEngine(startWorker(options));
    const abort = () => engine.end(aborted(signal!));
    signal?.addEventListener("abort", abort);
    try {
      await engine.boot(options, progress);
      progress?.({ stage: "start" });
      await engine.hello();
      return engine;
    } catch (cause) {
      const error = asError(cause);
      engine.end(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  hello(): Promise<unknown> {
    return this.request(Op.hello, {}, (w) => {
      w.u32(protocolVersion);
      w.string("pocketgraph");
    });
  }

  /** A terminated worker fires no event, but its Web Lock becomes free. */
  watchOver(lock: string): void {
    globalThis.navigator?.locks
      ?.request(lock, { signal: this.watch.signal }, () => this.end(died("the worker was terminated")))
      .catch(() => {}); // aborted by end()
  }

  request(kind: number, header: Header, body?: (w: Writer) => void, frame?: (frame: Frame) => void): Promise<{ [key: string]: Value }> {
    return new Promise((done, fail) => this.send(kind, header, { done, fail, frame }, body));
  }

  send(kind: number, header: Header, listener: Listener, body?: (w: Writer) => void): number {
    if (this.dead) throw this.dead;
    do this.lastId = (this.lastId + 1) >>> 0 || 1;
    while (this.listeners.has(this.lastId));
    const id = this.lastId;
    this.write(kind, id, header, body);
    this.listeners.set(id, listener);
    return id;
  }

  about(kind: typeof Op.more | typeof Op.cancel, id: number, database: number, body?: (w: Writer) => void): void {
    if (!this.dead && this.listeners.has(id)) this.write(kind, id, { database }, body);
  }

  reply(question: Pick<Frame, "id" | "database">, call: number, error: string, map?: (w: Writer) => void): void {
    if (this.dead) return;
    this.write(Op.reply, question.id, { database: question.database }, (w) => {
      w.u32(call);
      w.string(error);
      if (map) map(w);
      else w.varuint(0);
    });
  }

  private write(kind: number, id: number, header: Header, body?: (w: Writer) => void): void {
    const start = this.out.begin(kind, id, header.database, header.transaction, header.timeout, header.name, header.flags);
    try {
      body?.(this.out);
      this.out.end(start);
    } catch (error) {
      this.out.length = start; // what was half written was never there
      throw error;
    }
    if (this.out.length > flushSize) this.flush();
    else if (!this.flushing) {
      this.flushing = true;
      queueMicrotask(this.flush);
    }
  }

  private readonly flush = (): void => {
    this.flushing = false;
    if (this.dead || !this.out.length) return;
    this.port.post(this.out);
  };

  receive(buffer: ArrayBuffer): void {
    try {
      const whole = new DataView(buffer);
      for (let start = 0; start < buffer.byteLength && whole.getUint32(start, true); ) {
        const frame = new Frame(buffer, start, whole);
        this.dispatch(frame);
        start += frame.length;
      }
    } catch (cause) {
      this.end(new PocketGraphError("PROTOCOL", "the engine answered with something that cannot be read", { cause }));
    }
  }

  private dispatch(frame: Frame): void {
    if (frame.kind === Answer.call) return this.onCall?.(frame);
    if (frame.kind === Answer.there) return this.reply(frame, 0, ""); // any frame says that this page runs
    const listener = this.listeners.get(frame.id);
    if (!listener) return;
    if (frame.kind === Answer.done || frame.kind === Answer.hello) {
      this.listeners.delete(frame.id);
      listener.done(frame.kind === Answer.done ? doneOf(frame) : {});
    } else if (frame.kind === Answer.error) {
      this.listeners.delete(frame.id);
      const error = errorOf(frame.map());
      if (error.code === "DISK_FULL") void withRoom(error).then(() => listener.fail(error));
      else listener.fail(error);
    } else {
      listener.frame?.(frame);
    }
  }

  async close(database: number): Promise<void> {
    if (this.dead) return;
    const done = this.request(Op.close, { database });
    try {
      await within(closeTimeout, done);
    } finally {
      this.end(closed());
      done.catch(() => {});
    }
  }

  /** Ends the worker and rejects everything in flight with `error`. Only the first call counts. */
  end(error: PocketGraphError): void {
    if (this.dead) return;
    this.dead = error;
    this.watch.abort();
    this.port.close();
    this.rejectAll(error);
    this.onEnd?.();
  }

  /** Rejects everything in flight; what the engine still answers to it is dropped. */
  rejectAll(error: PocketGraphError): void {
    const listeners = [...this.listeners.values()];
    this.listeners.clear();
    for (const listener of listeners) listener.fail(error);
  }
}

/** The engine in a worker of this page. */
export class WorkerEngine extends Engine {
  /** Held by the worker while it lives. */
  readonly lock = `pocketgraph:alive:${unique()}`;

  constructor(private readonly worker: Worker) {
    super({ post: (out) => out.post(worker), close: () => worker.terminate() });
  }

  /** Called when its memory is above the limit that serve() gave. */
  onFull: (() => void) | null = null;
  private onRest = (_memory: number) => {};

  /** Makes it answer to other tabs too, or no longer. */
  serve(how: Serve): void {
    this.worker.postMessage(how);
  }

  /**
   * Has it take nothing more from a moment on in which nobody has anything
   * going; what comes later is dropped, until serve() is called. Resolves with
   * the bytes of its memory then, rejects when it ends. It is asked again and
   * again, so that no worker rests whose page is busy: nobody would go on.
   */
  rest(): Promise<number> {
    const asking = setInterval(() => this.worker.postMessage("rest"), restEvery);
    return new Promise<number>((done, fail) => {
      this.onRest = done;
      this.ended.addEventListener("abort", () => fail(this.dead));
    }).finally(() => clearInterval(asking));
  }

  boot(options: AssetOptions, progress?: (p: Progress) => void): Promise<void> {
    const { lock, worker } = this;
    return new Promise((resolve, reject) => {
      let spoke = false;
      const silent = async () => {
        if (!spoke) this.end(await explainWorker(options));
      };
      const timer = setTimeout(silent, helloTimeout);
      this.onEnd = () => (clearTimeout(timer), reject(this.dead));
      worker.onerror = (event) => {
        event.preventDefault();
        if (spoke) this.end(died(event.message));
        else void silent();
      };
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage | ArrayBuffer>) => {
        spoke = true;
        if (data instanceof ArrayBuffer) return this.receive(data);
        switch (data.say) {
          case "hello":
            return clearTimeout(timer);
          case "progress":
            return progress?.({ stage: "download", done: data.done, total: data.total || undefined });
          case "failed":
            return this.end(new PocketGraphError(data.code, data.message, { hint: data.hint }));
          case "dead":
            return this.end(died(data.message));
          case "full":
            return this.onFull?.();
          case "resting":
            return this.onRest(data.memory);
          case "ready":
            this.onEnd = null;
            this.watchOver(lock);
            resolve();
        }
      };
      worker.postMessage({ wasm: options.wasmModule ?? wasmLocation(options), indexedDB: indexedDBLocation(options), lock, progress: !!progress } satisfies WorkerStart);
    });
  }
}

/** Calls back what is not ours: what it throws is its own, and must not end an engine or keep a lock. */
export function later(tell: () => void): void {
  queueMicrotask(tell);
}

/** A name nobody else has. */
export function unique(): string {
  return crypto.randomUUID?.() ?? String(Math.random());
}

/** Waits for a promise, but no longer; rejects when it does. */
export async function within(milliseconds: number, done: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
}

export function closed(): PocketGraphError {
  return new PocketGraphError("CLOSED", "the database is closed");
}

/** How often a worker that is to rest is asked whether it can, in milliseconds. */
const restEvery = 250;

/** How long the browser may take to say how much room there is, in milliseconds. */
const estimateTimeout = 1000;

/** Bytes of frames that are not held back until the end of the turn. */
const flushSize = 1 << 20;

function died(message: string): PocketGraphError {
  return new PocketGraphError("ENGINE_DIED", `the engine stopped: ${message || "no reason given"}`);
}

/** Adds to a DISK_FULL what the browser says there is; it may know nothing, and is not waited for long. */
async function withRoom(error: PocketGraphError): Promise<void> {
  const asked = globalThis.navigator?.storage?.estimate?.().then(({ quota, usage }) => {
    if (quota !== undefined && usage !== undefined) error.available = Math.max(0, quota - usage);
  });
  await within(estimateTimeout, Promise.resolve(asked).catch(() => {}));
}

/** The error of an ERROR map. */
export function errorOf(map: { [key: string]: Value }): PocketGraphError {
  const text = (name: string) => (typeof map[name] === "string" ? (map[name] as string) : undefined);
  const line = map.line as number | undefined;
  const code = text("code") ?? "INTERNAL";
  const error = new PocketGraphError(code, text("message") ?? "", {
    applied: code === "OUTCOME_UNKNOWN" ? "unknown" : code === "OWNER_CHANGED" || code === "TX_EXPIRED" ? "no" : undefined,
    hint: text("hint"),
    phase: text("phase"),
    detail: text("detail"),
    caret: text("excerpt"),
    cause: text("file"),
    position: line ? { offset: map.offset as number, line, column: map.column as number } : undefined,
  });
  if (map.needed) error.needed = map.needed as number;
  if (map.oldest) error.oldest = map.oldest as number;
  return error;
}

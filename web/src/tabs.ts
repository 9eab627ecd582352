// One database in any number of tabs: this tab's end of docs/tabs.md. A Web
// Lock elects the tab whose worker owns the files; the others send their frames
// to that worker over a BroadcastChannel. When the owner goes, another takes
// over, and what was in flight is asked again under the same name.

import type { closed, Engine, Header, Link, Listener, unique, within, WorkerEngine } from "./engine.js";
import type { asError, PocketGraphError } from "./errors.js";
import type { announce } from "./holder.js";
import { inboxOf, lobbyOf, outboxOf, patience, tabLock, type LobbyMessage, type Restarted, type ToOwner, type ToTab, type Welcome } from "./hub.js";
import type { Frame } from "./decode.js";
import type { Value } from "./types.js";
import { Answer, Op, type Writer } from "./wire.js";

/**
 * What this module needs of the package. It is a file of its own that open()
 * loads when there are files to share, and must not bring second copies.
 */
export interface Kit {
  Engine: typeof Engine;
  Writer: typeof Writer;
  PocketGraphError: typeof PocketGraphError;
  asError: typeof asError;
  announce: typeof announce;
  closed: typeof closed;
  unique: typeof unique;
  within: typeof within;
}
let kit: Kit;

export function using(given: Kit) {
  kit = given;
  return { join: Tabs.join, whileNobodyHas };
}

type Answers = { [key: string]: Value };
export type Role = "owner" | "follower";

/** What a tab that has been elected needs to know. */
export interface Membership {
  name: string;
  durability: "strict" | "relaxed";
  storage: string;
  /** How many migrations this tab knows. */
  migrations: number;
  /** create() must not find one. */
  mustCreate: boolean;
  /** Starts a worker with an engine; `stay` is aborted when the tab leaves. */
  start(first: boolean, stay: AbortSignal): Promise<WorkerEngine>;
  /** Starts a worker that has nothing to do but call back, as often as its message {tick} says, in milliseconds; 0: no longer. */
  ticker(tick: () => void): Worker;
  /** Bytes of memory above which the worker is replaced; 0: never. */
  memoryLimit: number;
  onRestart(how: Restarted): void;
  /** Opens the database in it. `first`: as the caller of open() wants it; later it must be there, with the durability it had, and where it was. */
  open(engine: WorkerEngine, first: boolean, durability: string, storage: string): Promise<Answers>;
  onRole(role: Role): void;
  /** Another engine is asked from now on. */
  onOwner(role: Role): void;
  signal?: AbortSignal;
}

/** Whom to ask, and info as OPEN gives it. */
export interface Joined {
  link: Link;
  info: Answers;
}

/** A request that has not been answered. */
interface Call {
  key: number;
  kind: number;
  header: Header;
  body: Uint8Array;
  listener: Listener;
  /** Of its name; 0: it has none. */
  request: number;
  since: number;
  /** The engine it was sent to last, and its id there. */
  engine: Engine | null;
  id: number;
  sent: number;
  /** When its patience began, and when it was sent to its engine, by the clock of Tabs. */
  waits: number;
  at: number;
  /** The engine its transaction is in. */
  inside: Engine | null;
  /** A part of the answer has come. */
  begun: boolean;
  /** It sends rows when they are asked for. */
  stream: boolean;
  cancelled: boolean;
}

/**
 * Bodies of requests, which are kept until they are answered: one behind the
 * other in pieces of memory, which go with the last request that is in them.
 * Memory of its own for each would be a good part of what a small request costs.
 */
class Bodies {
  private piece = new Uint8Array(0);
  private used = 0;

  /** A copy of all that was written. */
  keep(w: Writer): Uint8Array {
    const { length } = w;
    if (length > pieceSize >> 3) return new Uint8Array(w.take());
    if (length > this.piece.length - this.used) {
      this.piece = new Uint8Array(pieceSize);
      this.used = 0;
    }
    const body = this.piece.subarray(this.used, (this.used += length));
    body.set(w.bytes.subarray(0, length));
    w.length = 0;
    return body;
  }
}

/** Bytes of a piece of Bodies: what one request that is open for long may hold on to. */
const pieceSize = 1 << 14;

/** Who waits for the answers of one engine to a call: they do not count when it has been given to another. */
class Asked implements Listener {
  constructor(
    private readonly tabs: Tabs,
    private readonly call: Call,
    private readonly engine: Engine,
  ) {}

  frame(frame: Frame): void {
    if (this.call.engine === this.engine) this.tabs.answered(this.call, frame);
  }
  done(result: Answers): void {
    if (this.call.engine === this.engine) this.tabs.settle(this.call, result);
  }
  fail(error: PocketGraphError): void {
    if (this.call.engine !== this.engine) return;
    if (error === this.engine.dead) this.tabs.recall(this.call, error);
    else this.tabs.settle(this.call, error);
  }
}

/** What sends more when it is asked, if its body begins with a credit. */
const streams = new Set<number>([Op.query, Op.queryWith, Op.changes, Op.export]);
/** What goes on until it is ended: it goes on at the next owner too, however long that takes. */
const lasting = new Set<number>([Op.live, Op.events]);
/** How often is looked after what takes long, in milliseconds. */
const tickEvery = 400;
/** A page whose timer comes later than this did not run meanwhile, in milliseconds: those of a hidden page come once a second. */
const longestTick = 1500;
/** A hidden page whose timers come later than this, in milliseconds, has a worker for them: Chromium lets one a minute come after some minutes, and no fewer in workers. */
const throttled = 5000;
/** An owner that is busy with itself, such as its collector, may be silent for so long, in milliseconds. */
const longestTurn = 1000;
/** An owner that has had a request for longer has worked at it, in milliseconds: more than a request waits behind a page that has gone. */
const worked = 3000;
/** A request is sent so often: one that kills every engine must not go round. */
const maxSent = 6;
/** How long leaving waits for the owner's answer, in milliseconds. */
const closeTimeout = 10_000;
/** A worker that could not be replaced is tried again after so long, in milliseconds. */
const retryAfter = 60_000;
/** Replacing it may take one part in so many of the time. */
const restShare = 20;
/** Memory that is soon taken again is given back ever more seldom, but so often at least, in milliseconds. */
const longestPause = 3_600_000;
/** Milliseconds after which a restart is waited for as any other take-over is. */
const longestRestart = 10_000;
/** How long a new owner waits for the files of the one before, in milliseconds. */
const openPatience = 20_000;

/** What may write, and so has a name. */
const writing = new Set<number>([Op.query, Op.queryWith, Op.createNode, Op.createRelationship, Op.commit]);

export class Tabs implements Link {
  dead: PocketGraphError | null = null;
  role: Role = "follower";

  private readonly tab = kit.unique();
  private readonly client = crypto.getRandomValues(new Uint8Array(16));
  private readonly calls = new Map<number, Call>();
  private readonly named = new Set<number>(); // numbers of requests that are not answered
  private acknowledged = 0; // all requests up to this one are
  private readonly transactions = new Map<number, { engine: Engine; id: number }>();
  /** What this tab has registered, by name, to be registered again with every owner. */
  private readonly registrations = new Map<string, Call>();
  /** The functions among it, by the id of their REGISTER at the engine that is asked. */
  private readonly callees = new Map<number, number>();
  private readonly asked = new WeakMap<object, { engine: Engine; id: number; database: number }>();
  onCall: Link["onCall"] = null;
  private readonly scratch = new kit.Writer();
  private readonly bodies = new Bodies();
  private lastId = 0;
  private lastRequest = 0;
  private lastTransaction = 0;
  private links = 0;
  private since = 0;

  private lobby: BroadcastChannel | null = null;
  /** Ended when this tab leaves, for good or until it comes back. */
  private stay = new AbortController();
  /** Frees the lock that says this tab is there. */
  private vanish = () => {};
  private engine: Engine | null = null;
  private owned: WorkerEngine | null = null; // from its start on
  private owner: Welcome | null = null; // whom the engine, or one that is being connected, belongs to
  private database = 0;
  private storeId: Value = null;
  private durability: string;
  private storage: string;
  private opened: { resolve(joined: Joined): void; reject(error: PocketGraphError): void } | null = null;
  private elected = false; // this tab holds the lock
  private spare: WorkerEngine | null = null; // takes over from the one that had grown
  private restarting: { since: number; memory: number } | null = null;
  private heardRestart = 0; // when the owner last said so
  private restarted = { at: -Infinity, pause: 0 };
  private silence = 0; // of the owner that is asked, in milliseconds, at the last tick
  private unheard = 0; // milliseconds without a word of who holds the lock
  private ticking: ReturnType<typeof setInterval> | undefined;
  private ticker: Worker | null = null;
  private ticked = 0;
  private ran = 0; // milliseconds that this page ran, as far as that was counted

  private constructor(private readonly how: Membership) {
    this.durability = how.durability;
    this.storage = how.storage;
  }

  /** Joins whoever has the database open, or opens it. Resolves with info as OPEN gives it. */
  static async join(this: void, how: Membership): Promise<Joined> {
    const tabs = new Tabs(how);
    const abort = () => tabs.end(new kit.PocketGraphError("CANCELLED", "the call was cancelled", { cause: how.signal!.reason }));
    how.signal?.addEventListener("abort", abort);
    try {
      const joined = await new Promise<Joined>((resolve, reject) => {
        tabs.opened = { resolve, reject };
        tabs.enter();
      });
      if (joined.link !== tabs) return joined;
      globalThis.addEventListener?.("pagehide", tabs);
      globalThis.addEventListener?.("pageshow", tabs);
      globalThis.document?.addEventListener("freeze", tabs);
      globalThis.document?.addEventListener("resume", tabs);
      return joined;
    } finally {
      how.signal?.removeEventListener("abort", abort);
    }
  }

  // ---- life of the page

  /** @internal */
  handleEvent(event: Event): void {
    if (event.type === "pagehide" || event.type === "freeze") this.leave();
    else if (!this.lobby && !this.dead) this.enter();
  }

  private enter(): void {
    const stay = (this.stay = new AbortController());
    const { name } = this.how;
    this.lobby = lobbyOf(name);
    this.lobby.onmessage = ({ data }) => this.hear(data);
    const gone = new Promise<void>((done) => (this.vanish = done));
    // Nobody must hear of a tab that does not hold its lock yet: it would seem to have gone.
    const there = () => {
      if (!stay.signal.aborted) {
        this.elect(stay.signal);
        this.look();
      }
      return gone;
    };
    // A site whose data the user blocks may not lock either: then there is nothing to share.
    navigator.locks.request(tabLock(this.tab), there).catch((cause) => this.end(kit.asError(cause, "UNAVAILABLE")));
  }

  /**
   * Lets go of everything, at once: nothing that waits for an answer may still
   * run in this page. What was acknowledged is in the files, and requests in
   * flight are asked again on the return.
   */
  private leave(): void {
    if (!this.lobby) return;
    this.lobby.close();
    this.lobby = null;
    this.stay.abort();
    this.lose(null);
    this.owned?.end(kit.closed());
    this.restarting = null;
    this.stopTicking();
    this.dropTicker();
    this.vanish();
  }

  private retire(engine: WorkerEngine): void {
    engine.serve({ name: this.how.name, owner: null, database: 0, lock: "", durability: "", storage: "" });
  }

  // ---- election

  private elect(stay: AbortSignal): void {
    navigator.locks
      .request(ownerLock(this.how.name), { signal: stay }, () => this.own(stay))
      .then(() => stay.aborted || this.dead || this.elect(stay))
      .catch((cause) => stay.aborted || this.end(kit.asError(cause)));
  }

  /** Holds the lock for as long as this returns not: owns the database until its engine ends. */
  private async own(stay: AbortSignal): Promise<void> {
    if (stay.aborted || this.dead) return;
    this.elected = true;
    try {
      do await this.rule(stay);
      while (this.spare && !stay.aborted && !this.dead);
    } finally {
      this.elected = false;
      this.spare?.end(kit.closed());
      this.spare = this.restarting = null;
    }
  }

  private electing(): void {
    this.lobby?.postMessage({ say: "electing", restart: this.restartsNow() } satisfies LobbyMessage);
  }

  /** While a worker is being replaced nobody gives up, unless it takes so long that something must be wrong. */
  private restartsNow(): boolean {
    return this.restarting !== null && performance.now() - this.restarting.since < longestRestart;
  }

  private async rule(stay: AbortSignal): Promise<void> {
    this.electing();
    this.lose(null); // whom it belonged to has gone
    const first = this.opened !== null;
    const { spare } = this;
    this.spare = null;
    const engine = spare && !spare.dead ? spare : await this.how.start(first, stay);
    if (stay.aborted) return engine.end(kit.closed());
    const ended = new Promise<void>((done) => (engine.onEnd = done));
    this.owned = engine;
    try {
      const info = await this.openFiles(engine, first);
      if (stay.aborted) return;
      if (info.storage === "memory") return this.alone(engine, info);
      await this.checkSchema(engine, info);
      if (stay.aborted) return;
      const { name, memoryLimit } = this.how;
      engine.onFull = () => void this.replace(engine, stay);
      engine.serve({ name, owner: kit.unique(), database: info.database as number, lock: engine.lock, durability: info.durability as string, storage: info.storage as string, memoryLimit });
      kit.announce(name, engine.ended);
      this.use(engine, info, "owner");
      await ended;
    } catch (cause) {
      engine.end(kit.asError(cause));
      if (!this.dead && !stay.aborted) this.end(kit.asError(cause));
      return;
    } finally {
      this.owned = engine.dead ? null : this.owned;
    }
    if (this.engine === engine) this.lose(engine.dead);
  }

  /**
   * WebAssembly memory never shrinks. When the worker's has outgrown the limit,
   * another is started, and when that is ready and nobody has anything going, the
   * first is closed and the other opens the files: a take-over within the tab.
   */
  private async replace(engine: WorkerEngine, stay: AbortSignal): Promise<void> {
    const again = (ms: number) => setTimeout(() => engine.dead || void this.replace(engine, stay), ms);
    const rest = this.restarted.at + this.restarted.pause - performance.now();
    if (rest > 0) return void again(rest);
    let spare: WorkerEngine;
    try {
      spare = await this.how.start(false, stay);
    } catch {
      return void (engine.dead || stay.aborted || again(retryAfter));
    }
    if (engine.dead || stay.aborted) return spare.end(kit.closed());
    try {
      const memory = await engine.rest();
      this.restarting = { since: performance.now(), memory };
      this.spare = spare;
    } catch {
      return spare.end(kit.closed());
    }
    this.electing();
    this.detach(engine, null);
    this.retire(engine); // it listens again
    await engine.close(this.database).catch(() => {});
  }

  /** Memory is each tab's own. */
  private alone(engine: WorkerEngine, info: Answers): void {
    engine.onEnd = null;
    this.owned = null;
    this.opened?.resolve({ link: engine, info });
    this.opened = null;
    this.end(kit.closed());
  }

  /** The files of an owner that has died may take a moment to be free. */
  private async openFiles(engine: WorkerEngine, first: boolean): Promise<Answers> {
    for (const begun = performance.now(); ; ) {
      try {
        return await this.how.open(engine, first, this.durability, this.storage);
      } catch (cause) {
        if (kit.asError(cause).code !== "LOCKED" || performance.now() - begun > (first ? patience : openPatience)) throw cause;
      }
    }
  }

  // ---- finding the owner

  private look(): void {
    this.startTicking();
    if (!this.engine && !this.elected) this.lobby?.postMessage({ say: "who" } satisfies LobbyMessage);
  }

  private hear(message: LobbyMessage): void {
    if (this.dead || !this.lobby) return;
    if (message.say === "destroy") return this.end(new kit.PocketGraphError("CLOSED", "the database was destroyed by another tab"));
    if (message.say === "migrated" && message.version > this.how.migrations) {
      return this.end(newerSchema(this.how.migrations));
    }
    if (message.say === "restarted") this.how.onRestart(message);
    if (message.say === "electing") {
      this.unheard = 0;
      if (message.restart) this.heardRestart = Date.now();
      if (!this.elected) this.lose(null);
    }
    // Until the worker answers, the page says that it is about to.
    if (message.say === "who" && this.elected && !this.usable) this.electing();
    if (message.say === "owner" && !this.elected && (!this.engine || this.owner?.owner !== message.owner)) void this.follow(message);
  }

  private async follow(owner: Welcome): Promise<void> {
    this.lose(null);
    if (this.opened && this.how.mustCreate) return this.end(new kit.PocketGraphError("EXISTS", `the database ${owner.name} exists, and another tab has it open`));
    if (this.opened && this.how.durability === "strict" && owner.durability !== "strict") {
      return this.end(new kit.PocketGraphError("INVALID_ARGUMENT", "another tab has the database open with relaxed durability", { hint: "Open it the same way in every tab." }));
    }
    if (this.opened && this.how.storage !== "auto" && this.how.storage !== owner.storage) {
      return this.end(new kit.PocketGraphError("INVALID_ARGUMENT", `another tab has a database of this name open in ${owner.storage}`, { hint: "Open it the same way in every tab." }));
    }
    this.owner = owner;
    this.durability = owner.durability;
    const { tab } = this;
    const link = `${tab}:${++this.links}`;
    const inbox = inboxOf(owner.owner!);
    const out = outboxOf(link);
    const engine = new kit.Engine({
      post: (out) => inbox.postMessage({ tab, link, at: Date.now(), frames: out.take() } satisfies ToOwner),
      close: () => (inbox.close(), out.close()),
    });
    this.ping = () => inbox.postMessage({ tab, link, at: Date.now() } satisfies ToOwner);
    out.onmessage = ({ data }: MessageEvent<ToTab>) => {
      this.silence = 0;
      if (data.leaving) engine.end(gone());
      else if (data.frames) engine.receive(data.frames);
    };
    engine.onEnd = () => this.engine === engine && this.lose(engine.dead);
    engine.watchOver(owner.lock);
    this.engine = engine;
    this.silence = 0;
    try {
      await engine.hello();
      const info = await engine.request(Op.info, { database: owner.database });
      await this.checkSchema(engine, info);
      if (this.engine === engine) this.use(engine, info, "follower");
    } catch (cause) {
      const error = kit.asError(cause);
      if (this.engine !== engine) return; // lost meanwhile
      if (error.code === "PROTOCOL" || error.code === "NEWER_SCHEMA") return this.end(error); // the owner's tab has another release
      this.lose(null); // look again
      engine.end(gone());
    }
  }

  /**
   * Whoever comes back from the back/forward cache has not heard of a migration
   * made meanwhile; with each new owner it is looked whether there was one.
   */
  private async checkSchema(engine: Engine, { database }: Answers): Promise<void> {
    const { migrations } = this.how;
    if (this.opened || migrations === Infinity) return; // open() looks, or nobody minds
    let newer = false;
    const text = `MATCH (m:__Migrations) WHERE m.version > ${migrations} RETURN 1 LIMIT 1`;
    const body = (w: Writer) => (w.u32(0), w.string(text), w.varuint(0));
    await engine.request(Op.query, { database: database as number }, body, (frame) => (newer ||= frame.kind === Answer.rows));
    if (newer) throw newerSchema(migrations);
  }

  private ping = () => {};

  /** From now on this engine is asked. */
  private use(engine: Engine, info: Answers, role: Role): void {
    if (this.storeId !== null && info.storeId !== this.storeId) {
      return this.end(new kit.PocketGraphError("CLOSED", "another database has taken the place of this one", { hint: "Open it again." }));
    }
    this.storeId = info.storeId;
    this.engine = engine;
    this.usable = engine;
    this.database = info.database as number;
    this.durability = info.durability as string;
    this.storage = info.storage as string;
    this.since = Math.max(this.since, info.sequence as number);
    this.unheard = 0;
    const changed = this.role !== role;
    this.role = role;
    this.callees.clear();
    engine.onCall = (frame) => this.call(engine, frame);
    for (const { kind, body, key } of this.registrations.values()) {
      const id = engine.send(kind, { database: this.database }, { done() {}, fail() {} }, (w) => w.bare(body));
      this.callees.set(id, key);
    }
    for (const call of this.calls.values()) if (!call.engine) this.post(call);
    if (this.restarting) this.tellRestarted(info.memory as number);
    if (this.opened) this.opened.resolve({ link: this, info: { ...info, role } });
    else {
      if (changed) this.how.onRole(role);
      this.how.onOwner(role);
    }
    this.opened = null;
  }

  private tellRestarted(memoryAfter: number): void {
    const { since, memory } = this.restarting!;
    this.restarting = null;
    const now = performance.now();
    const milliseconds = now - since;
    const { at, pause } = this.restarted;
    this.restarted = { at: now, pause: Math.min(Math.max(restShare * milliseconds, since - at < restShare * pause ? 2 * pause : 0), longestPause) };
    const how: Restarted = { say: "restarted", memoryBefore: memory, memoryAfter, milliseconds };
    this.lobby?.postMessage(how satisfies LobbyMessage);
    this.how.onRestart(how);
  }

  private usable: Engine | null = null;

  /** The engine is not to be asked any more: what it has not answered is for the next. */
  private lose(why: PocketGraphError | null): void {
    const { engine } = this;
    if (!engine) return;
    this.detach(engine, why);
    engine.end(why ?? gone());
    if (this.role === "owner") this.how.onRole((this.role = "follower"));
    if (this.lobby && !this.dead) this.look();
  }

  private detach(engine: Engine, why: PocketGraphError | null): void {
    this.engine = this.usable = this.owner = null;
    for (const call of this.calls.values()) if (call.engine === engine) this.recall(call, why);
    this.unheard = 0;
  }

  /** @internal Decides what becomes of a call whose engine is lost. */
  recall(call: Call, why: PocketGraphError | null): void {
    const late = this.late(call);
    call.engine = null;
    if (call.inside && call.kind !== Op.commit) return this.settle(call, ownerChanged("transaction", "no"));
    if (call.cancelled) return this.settle(call, unanswered("CANCELLED", "the call was cancelled", call)); // before what says that it may go on
    if (call.begun && call.stream) return this.settle(call, ownerChanged("stream", call.request ? "unknown" : "no"));
    if (call.sent >= maxSent && !lasting.has(call.kind)) return this.settle(call, unanswered("ENGINE_DIED", `${call.sent} engines stopped before they had answered: ${why?.message ?? "their tabs have gone"}`, call));
    if (late) return this.giveUp(call);
    if (call.begun) call.listener.restart?.();
    call.begun = false;
  }

  // ---- requests

  request(kind: number, header: Header, body?: (w: Writer) => void, frame?: (frame: Frame) => void): Promise<Answers> {
    return new Promise((done, fail) => this.send(kind, header, { done, fail, frame }, body));
  }

  send(kind: number, header: Header, listener: Listener, body?: (w: Writer) => void): number {
    if (this.dead) throw this.dead;
    this.startTicking();
    const { scratch } = this;
    scratch.length = 0;
    body?.(scratch);
    const stream = streams.has(kind) && scratch.view.getUint32(0) !== 0; // the credit
    const call: Call = { kind, header, listener, body: this.bodies.keep(scratch), request: 0, since: this.since, engine: null, id: 0, sent: 0, waits: this.clock(), at: 0, inside: null, begun: false, cancelled: false, key: ++this.lastId, stream };
    const id = call.key;
    this.calls.set(id, call);
    if (header.transaction) {
      const transaction = this.transactions.get(header.transaction);
      if (kind === Op.commit || kind === Op.rollback) this.transactions.delete(header.transaction);
      if (!transaction || transaction.engine !== this.usable) {
        // The transaction went with its owner.
        queueMicrotask(() => this.settle(call, kind === Op.rollback ? {} : ownerChanged("transaction", "no")));
        return id;
      }
      call.inside = transaction.engine;
      call.header = { ...header, transaction: transaction.id };
    }
    if (writing.has(kind) && (!header.transaction || kind === Op.commit)) this.named.add((call.request = ++this.lastRequest));
    if (this.usable) this.post(call);
    return id;
  }

  private post(call: Call): void {
    const engine = this.usable!;
    const repeated = call.sent++ > 0;
    call.engine = engine;
    call.at = this.clock();
    const { transaction, timeout, flags } = call.header;
    const header: Header = { database: this.database, transaction, timeout, flags };
    if (repeated) header.transaction = 0; // a COMMIT: its transaction is gone
    if (call.request) {
      while (this.acknowledged < this.lastRequest && !this.named.has(this.acknowledged + 1)) this.acknowledged++;
      header.name = { client: this.client, request: call.request, acknowledged: this.acknowledged, since: call.since, repeated };
    }
    try {
      call.id = engine.send(call.kind, header, new Asked(this, call, engine), (w) => w.bare(call.body));
      if (call.kind === Op.register) this.callees.set(call.id, call.key);
    } catch (cause) {
      this.settle(call, kit.asError(cause));
    }
  }

  /** @internal A part of an answer. */
  answered(call: Call, f: Frame): void {
    const engine = call.engine!;
    if (f.kind === Answer.read) this.asked.set(f, { engine, id: f.id, database: f.database });
    else call.begun = true;
    call.listener.frame?.(f);
  }

  /** @internal */
  settle(call: Call, result: Answers | PocketGraphError): void {
    if (!this.calls.delete(call.key)) return;
    this.named.delete(call.request);
    if (result instanceof kit.PocketGraphError) return call.listener.fail(result);
    if (typeof result.sequence === "number" && call.request) this.since = Math.max(this.since, result.sequence);
    if (call.kind === Op.begin) {
      const transaction = ++this.lastTransaction;
      this.transactions.set(transaction, { engine: call.engine!, id: result.transaction as number });
      result = { ...result, transaction };
    }
    if (call.kind === Op.registerTable || call.kind === Op.register) this.registrations.set(registered(call), call);
    if (call.kind === Op.unregister) this.registrations.delete(registered(call));
    call.listener.done(result);
  }

  /** A question about a function of this tab, which knows it by the id that send gave. */
  private call(engine: Engine, frame: Frame): void {
    const { id, database } = frame;
    this.asked.set(frame, { engine, id, database });
    (frame as { id: number }).id = this.callees.get(id) ?? 0;
    this.onCall?.(frame);
  }

  reply(question: Pick<Frame, "id" | "database">, call: number, error: string, map?: (w: Writer) => void): void {
    const asked = this.asked.get(question);
    (asked?.engine ?? this.usable)?.reply(asked ?? question, call, error, map);
  }

  about(kind: typeof Op.more | typeof Op.cancel, id: number, _: number, body?: (w: Writer) => void): void {
    const call = this.calls.get(id);
    if (!call) return;
    call.cancelled ||= kind === Op.cancel;
    if (call.engine) call.engine.about(kind, call.id, this.database, body);
    else if (call.cancelled) this.settle(call, unanswered("CANCELLED", "the call was cancelled", call));
  }

  migrated(version: number): void {
    this.lobby?.postMessage({ say: "migrated", version } satisfies LobbyMessage);
  }

  // ---- time

  private startTicking(): void {
    if (this.ticking !== undefined) return;
    this.count();
    this.ticking = setInterval(() => this.tick(), tickEvery);
    this.ticker?.postMessage({ tick: tickEvery });
  }

  private stopTicking(): void {
    clearInterval(this.ticking);
    this.ticking = undefined;
    this.ticker?.postMessage({ tick: 0 });
  }

  private dropTicker(): void {
    this.ticker?.terminate();
    this.ticker = null;
  }

  /** Has a worker for what the browser keeps from the timers of this page; one that cannot be started is done without. */
  private hasten(late: boolean): void {
    if (!globalThis.document?.hidden) return this.dropTicker();
    if (!late || this.ticker || this.elected) return;
    try {
      this.ticker = this.how.ticker(() => this.tick());
      this.ticker.postMessage({ tick: tickEvery });
    } catch {}
  }

  /** Milliseconds that this page ran: not what it slept. */
  private clock(): number {
    return this.ran + Math.min(Math.max(Date.now() - this.ticked, 0), longestTick);
  }

  private count(): number {
    const before = this.ran;
    this.ran = this.clock();
    this.ticked = Date.now();
    return this.ran - before;
  }

  /**
   * Whether a call whose engine is silent, or lost, or not there yet has waited
   * too long. What it has waited is one sum, whatever for: only an engine that
   * had worked at it lets it begin anew.
   */
  private late(call: Call): boolean {
    const heard = this.clock() - (call.engine === this.owned ? 0 : this.silence);
    if (call.engine && heard - call.at > worked) call.waits = heard;
    return this.clock() - call.waits > patience && !lasting.has(call.kind);
  }

  private tick(): void {
    this.hasten(Date.now() - this.ticked > throttled);
    const passed = this.count();
    if (this.engine && this.engine !== this.owned && (this.calls.size || !this.usable)) {
      const pinged = this.silence > 0;
      this.silence += passed;
      // What it answered while this page did not run is still to be read.
      const silent = pinged && passed < longestTick && this.silence > longestTurn;
      if (silent) for (const call of this.calls.values()) if (call.engine && this.late(call)) this.giveUp(call);
      if (this.silence > patience) {
        this.lose(null);
        this.unheard = patience;
        for (const call of this.calls.values()) if (call.sent) this.giveUp(call);
      } else this.ping();
    } else this.silence = 0;
    if (!this.usable) {
      this.look();
      this.unheard = this.elected ? 0 : this.unheard + passed;
      const restart = this.restartsNow() || Date.now() - this.heardRestart < patience / 2;
      for (const call of this.calls.values()) {
        const own = ownTime(call); // its caller waits no longer, whatever goes on
        if (restart && !own) call.waits = this.ran;
        if (this.late(call) || (own && this.ran - call.waits > own)) this.giveUp(call);
      }
      if (this.opened && this.unheard > patience) this.end(frozenOwner());
    } else if (!this.calls.size) this.stopTicking();
  }

  /** Nobody has answered in time. */
  private giveUp(call: Call): void {
    if (lasting.has(call.kind)) return;
    const applied = mayBeApplied(call);
    if (ownTime(call)) this.settle(call, unanswered("TIMEOUT", `the request took longer than its time-out of ${call.header.timeout} ms`, call));
    else if (call.engine || Math.max(this.silence, this.unheard) > patience / 2) this.settle(call, frozenOwner(applied)); // who holds the lock would have said that it is about to begin
    else {
      const certain = applied === "no";
      this.settle(call, new kit.PocketGraphError(certain ? "NO_OWNER" : "OUTCOME_UNKNOWN", `no tab has taken the database over in ${patience / 1000} s`, { applied }));
    }
  }

  // ---- the end

  async close(): Promise<void> {
    if (this.dead) return;
    // What no engine has yet is not waited for.
    for (const call of this.calls.values()) if (!call.engine) this.settle(call, kit.closed());
    const { usable: engine, owned, lobby } = this;
    this.stay.abort();
    if (owned) {
      if (lobby) this.retire(owned);
      await owned.close(this.database).catch(() => {});
    } else if (engine) {
      await bye(engine);
    }
    this.end(kit.closed());
  }

  /** Rejects everything and lets go. Only the first call counts. */
  private end(error: PocketGraphError): void {
    if (this.dead) return;
    this.dead = error;
    const { engine, owned } = this;
    this.stay.abort();
    this.lobby?.close();
    this.lobby = null;
    this.stopTicking();
    this.dropTicker();
    for (const call of this.calls.values()) this.settle(call, error);
    if (owned && owned === this.usable && !owned.dead) {
      this.retire(owned);
      void owned.close(this.database).catch(() => {});
    } else (owned ?? engine)?.end(error);
    this.opened?.reject(error);
    this.vanish();
    globalThis.removeEventListener?.("pagehide", this);
    globalThis.removeEventListener?.("pageshow", this);
    globalThis.document?.removeEventListener("freeze", this);
    globalThis.document?.removeEventListener("resume", this);
  }
}

/** What is registered under which name, as REGISTER, UNREGISTER and REGISTER_TABLE say it: a procedure's, as it is, or a function's, in small letters. */
function registered({ kind, body }: Call): string {
  let at = kind === Op.registerTable ? 0 : 4; // the credit
  const count = () => {
    let n = 0;
    for (let shift = 1, byte = 0x80; byte & 0x80; shift *= 128) n += ((byte = body[at++]) & 0x7f) * shift;
    return n;
  };
  const text = () => {
    const length = count();
    return new TextDecoder().decode(body.subarray(at, (at += length)));
  };
  const name = text().split("(")[0].trim();
  const procedure = kind === Op.registerTable || (count() > 0 && text() === "procedure");
  return procedure ? `()${name}` : name.toLowerCase();
}

/** Tells an owner that this tab is leaving; it has answered everything then. */
function bye(engine: Engine): Promise<void> {
  return kit.within(closeTimeout, engine.request(Op.bye, {}).catch(() => {}));
}

/** Held by the page whose worker owns the database. */
const ownerLock = (name: string) => `pocketgraph:owner:${name}`;

/** Asks every tab to close the database, and calls `act` when none has it any more. */
async function whileNobodyHas<T>(name: string, act: () => Promise<T>): Promise<T> {
  const lobby = lobbyOf(name);
  lobby.postMessage({ say: "destroy" } satisfies LobbyMessage);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), patience);
  try {
    return await navigator.locks.request(ownerLock(name), { signal: late.signal }, () => (clearTimeout(timer), act()));
  } catch (cause) {
    if (!late.signal.aborted) throw kit.asError(cause, "UNAVAILABLE"); // the user may block the site's locks
    throw new kit.PocketGraphError("LOCKED", "the tab that has the database open was asked to close it and did not");
  } finally {
    clearTimeout(timer);
    lobby.close();
  }
}

function newerSchema(known: number): PocketGraphError {
  return new kit.PocketGraphError("NEWER_SCHEMA", `another tab has migrated the database, and this release of the app knows ${known} migrations`);
}

function gone(): PocketGraphError {
  return new kit.PocketGraphError("OWNER_CHANGED", "the tab that had the database open has gone");
}

/** A transaction or a stream that went with its owner. */
function ownerChanged(what: string, applied: "no" | "unknown"): PocketGraphError {
  return new kit.PocketGraphError("OWNER_CHANGED", `the tab that ran the ${what} has gone`, { applied });
}

function frozenOwner(applied: "no" | "unknown" = "no"): PocketGraphError {
  return new kit.PocketGraphError("OWNER_FROZEN", `the tab that has the database open has not answered for ${patience / 1000} s`, { applied });
}

function unanswered(code: string, message: string, call: Call): PocketGraphError {
  return new kit.PocketGraphError(code, message, { applied: mayBeApplied(call) });
}

/** The time-out of a call that no engine has had, if it is shorter than the patience with owners; else 0. */
function ownTime({ sent, header: { timeout = 0 } }: Call): number {
  return !sent && timeout < patience ? timeout : 0;
}

function mayBeApplied(call: Call): "no" | "unknown" {
  return call.sent > 0 && writing.has(call.kind) ? "unknown" : "no";
}

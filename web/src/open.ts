// open, create, recover, destroy, list.

import { OpenDatabase } from "./database.js";
import { closed, Engine, later, unique, within, type Link } from "./engine.js";
import { aborted, asError, PocketGraphError } from "./errors.js";
import { announce, explainLocked } from "./holder.js";
import { startWorker } from "./start.js";
import type { AssetOptions, Database, Migration, OpenOptions, Progress, RecoverOptions, RecoveryReport, StoreInfo, Value } from "./types.js";
import { Answer, Op, Writer } from "./wire.js";

// The numbers of the wire for what options say in words.
const createModes = { ifMissing: 0, mustCreate: 1, mustExist: 2 };
const storages = { auto: 0, opfs: 1, indexeddb: 2, memory: 3 };
const durabilities = { strict: 0, relaxed: 1 };
const recoveries = { strict: 0, salvage: 1 };

/** Opens a database: creates it when there is none, else recovers it. */
export async function open(name: string, options: OpenOptions = {}): Promise<Database> {
  return start(name, options, options.create === false ? createModes.mustExist : createModes.ifMissing);
}

/** Creates a database; one that is there already is `EXISTS`. */
export async function create(name: string, options: Omit<OpenOptions, "create"> = {}): Promise<Database> {
  return start(name, options, createModes.mustCreate);
}

/** Recovers a database that must be there, closes it, and says what was found and done. */
export async function recover(name: string, options: RecoverOptions = {}): Promise<RecoveryReport> {
  const db = await start(name, { ...options, recovery: options.mode }, createModes.mustExist, true);
  await db.close();
  return db.info.recovery;
}

/** Deletes a database and all its data. Tabs that have it open close it; if one does not, it is `LOCKED`. */
export async function destroy(name: string, options: AssetOptions & Pick<OpenOptions, "storage"> = {}): Promise<void> {
  const storage = choose("storage", storages, options.storage ?? "auto");
  const ask = (engine: Engine) =>
    engine.request(Op.destroy, {}, (w) => {
      w.string(name);
      w.u8(storage);
    });
  const act = () => using(options, ask);
  try {
    await (shareable(storage, options) ? (await tabs()).whileNobodyHas(name, act) : act());
  } catch (error) {
    if ((error as PocketGraphError).code === "LOCKED") await explainLocked(error as PocketGraphError, name);
    throw error;
  }
}

/** The databases of this origin. */
export async function list(options: AssetOptions & Pick<OpenOptions, "storage"> = {}): Promise<StoreInfo[]> {
  const storage = choose("storage", storages, options.storage ?? "auto");
  const { databases } = await using(options, (engine) => engine.request(Op.list, {}, (w) => w.u8(storage)));
  return databases as unknown as StoreInfo[];
}

/** What tabs share a database with; not needed for one in memory. */
async function tabs() {
  try {
    return (await import("./tabs.js")).using({ Engine, Writer, PocketGraphError, asError, announce, closed, unique, within });
  } catch (cause) {
    throw new PocketGraphError("WORKER_FAILED", "tabs.js of the package cannot be loaded", { cause, hint: "Serve dist/tabs.js beside the module." });
  }
}

/** Whether tabs can find each other here, and may have something in common. Where no worker can be started, nothing can be loaded on use either. */
function shareable(storage: number, { createWorker }: AssetOptions): boolean {
  return storage !== storages.memory && !!(createWorker ?? globalThis.Worker) && !!globalThis.location && !!globalThis.navigator?.locks && typeof BroadcastChannel === "function";
}

async function start(name: string, options: OpenOptions, createMode: number, alone = false): Promise<OpenDatabase> {
  const storage = choose("storage", storages, options.storage ?? "auto");
  const durability = choose("durability", durabilities, options.durability ?? "strict");
  const recovery = choose("recovery", recoveries, options.recovery ?? "strict");
  const { signal, onProgress } = options;
  const [historyBytes, historyAge, limit] = (["historyBytes", "historyAge", "memoryLimit"] as const).map((option) => {
    const amount = options[option] ?? 0;
    if (!(amount >= 0)) throw new PocketGraphError("INVALID_ARGUMENT", `${option}: ${amount} is no amount`);
    return Math.min(Math.ceil(amount), Number.MAX_SAFE_INTEGER); // of anything: without bound
  });
  const memoryLimit = options.memoryLimit === Infinity ? 0 : limit;
  const open = (engine: Engine, create: number, durable: number, where = storage) =>
    engine.request(
      Op.open,
      {},
      (w) => {
        w.string(name);
        for (const choice of [create, where, durable, recovery]) w.u8(choice);
        w.u32(options.flushInterval ?? 0);
        for (const bound of [historyBytes, historyAge, memoryLimit]) w.i64(BigInt(bound));
      },
      (frame) => {
        if (frame.kind !== Answer.progress) return;
        const progress = progressOf(frame.map());
        later(() => onProgress?.(progress));
      },
    );
  if (signal?.aborted) throw aborted(signal);
  try {
    let db: OpenDatabase | undefined;
    const single = () => exclusive(options, name, (engine) => open(engine, createMode, durability));
    const { link, info } = await (alone || !shareable(storage, options)
      ? single()
      : (await tabs()).join({
          name,
          durability: durability ? "relaxed" : "strict",
          storage: options.storage ?? "auto",
          migrations: options.migrations?.length ?? Infinity,
          mustCreate: createMode === createModes.mustCreate,
          signal,
          start: (first, stay) => Engine.start(options, stay, first ? onProgress : undefined),
          open: (engine, first, durable, where) => open(engine, first ? createMode : createModes.mustExist, durable === "relaxed" ? 1 : 0, storages[where as keyof typeof storages]),
          onRole: (role) => {
            if (!db) return;
            db.info.role = role;
            if (!db.closed) later(() => options.onRole?.(role));
          },
          ticker: (tick) => Object.assign(startWorker(options), { onmessage: tick, onerror: (event: Event) => event.preventDefault() }),
          memoryLimit,
          onRestart: ({ say, ...how }) => {
            if (!db || db.closed) return;
            db.info.restarts!++;
            db.info.memory = how.memoryAfter;
            later(() => options.onEvent?.({ kind: "restart", time: new Date(), ...how }));
          },
          onOwner: (role) => db?.closed || later(() => options.onEvent?.({ kind: "owner", time: new Date(), role })),
        }).catch((error) => (error.code === "UNAVAILABLE" ? single() : Promise.reject(error))));
    db = new OpenDatabase(link, info, options);
    if (link.migrated) db.info.restarts = 0; // tabs share it
    if (options.migrations && !alone) await migrate(db, link, options.migrations, signal);
    askToPersist(db);
    if (options.onEvent) db.listen(options.onEvent, options.slowerThan);
    return db;
  } catch (cause) {
    const error = asError(cause);
    if (error.code === "LOCKED" || error.code === "OWNER_FROZEN") await explainLocked(error, name);
    throw error;
  }
}

/** Runs what of the migrations has not run; a database that they do not fit is closed again. */
async function migrate(db: OpenDatabase, link: Link, migrations: readonly Migration[], signal?: AbortSignal): Promise<void> {
  try {
    const { migrate } = await import("./migrations.js");
    await migrate(
      db,
      migrations,
      (...args) => new PocketGraphError(...args),
      (version) => link.migrated?.(version),
      signal,
    );
  } catch (error) {
    await db.close().catch(() => {});
    throw signal?.aborted ? aborted(signal) : error;
  }
}

/** Opens in an engine that nobody else asks. */
async function exclusive(options: OpenOptions, name: string, open: (engine: Engine) => Promise<{ [key: string]: Value }>): Promise<{ link: Link; info: { [key: string]: Value } }> {
  const { signal } = options;
  const engine = await Engine.start(options, signal, options.onProgress);
  const abort = () => engine.end(aborted(signal!));
  signal?.addEventListener("abort", abort);
  try {
    const info = await open(engine);
    if (info.storage !== "memory") announce(name, engine.ended);
    return { link: engine, info };
  } catch (cause) {
    engine.end(asError(cause));
    throw cause;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** What the engine says of its work; 0 of 0 stands for numbers that are not known. */
function progressOf(map: { [key: string]: Value }): Progress {
  const { stage, done, total } = map as { stage: Progress["stage"]; done: number; total: number };
  return done || total ? { stage, done, total: total || undefined } : { stage };
}

/** Asks the browser not to evict the data. Not awaited: Firefox answers when the user does. */
function askToPersist({ info }: OpenDatabase): void {
  if (info.storage === "memory" || info.persisted) return;
  globalThis.navigator?.storage?.persist?.().then(
    (persisted) => (info.persisted = persisted),
    () => {}, // then the answer stays no
  );
}

/** An engine for one request. */
async function using<T>(options: AssetOptions, ask: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await Engine.start(options);
  try {
    return await ask(engine);
  } finally {
    engine.end(new PocketGraphError("CLOSED", "the engine was needed no longer"));
  }
}

function choose<T extends { [word: string]: number }>(option: string, words: T, word: string): number {
  if (Object.hasOwn(words, word)) return words[word];
  throw new PocketGraphError("INVALID_ARGUMENT", `${option}: ${JSON.stringify(word)} is none of ${Object.keys(words).join(", ")}`);
}

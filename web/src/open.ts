// open, create, recover, destroy, list.

import { OpenDatabase } from "./database.js";
import { Engine } from "./engine.js";
import { aborted, asError, PocketGraphError } from "./errors.js";
import { announce, explainLocked } from "./holder.js";
import type { AssetOptions, Database, OpenOptions, Progress, RecoverOptions, RecoveryReport, StoreInfo, Value } from "./types.js";
import { Answer, Op } from "./wire.js";

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
  const db = await start(name, { ...options, recovery: options.mode }, createModes.mustExist);
  await db.close();
  return db.info.recovery;
}

/** Deletes a database and all its data. One that is open anywhere is `LOCKED`. */
export async function destroy(name: string, options: AssetOptions & Pick<OpenOptions, "storage"> = {}): Promise<void> {
  const storage = choose("storage", storages, options.storage ?? "auto");
  const ask = (engine: Engine) =>
    engine.request(Op.destroy, {}, (w) => {
      w.string(name);
      w.u8(storage);
    });
  try {
    await using(options, ask);
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

async function start(name: string, options: OpenOptions, createMode: number): Promise<OpenDatabase> {
  const storage = choose("storage", storages, options.storage ?? "auto");
  const durability = choose("durability", durabilities, options.durability ?? "strict");
  const recovery = choose("recovery", recoveries, options.recovery ?? "strict");
  const { signal, onProgress } = options;
  const engine = await Engine.start(options, signal, onProgress);
  const abort = () => engine.end(aborted(signal!));
  signal?.addEventListener("abort", abort);
  try {
    const info = await engine.request(
      Op.open,
      {},
      (w) => {
        w.string(name);
        for (const choice of [createMode, storage, durability, recovery]) w.u8(choice);
        w.u32(options.flushInterval ?? 0);
        for (const bound of [options.historyBytes, options.historyAge]) w.i64(BigInt(Math.ceil(bound ?? 0)));
      },
      (frame) => {
        if (frame.kind === Answer.progress) onProgress?.(progressOf(frame.map()));
      },
    );
    const db = new OpenDatabase(engine, info, options);
    askToPersist(db);
    if (db.info.storage === "opfs") announce(name, engine.ended);
    if (options.onEvent) db.listen(options.onEvent, options.slowerThan);
    return db;
  } catch (cause) {
    const error = asError(cause);
    if (error.code === "LOCKED") await explainLocked(error, name);
    engine.end(error);
    throw error;
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
  if (info.storage !== "opfs" || info.persisted) return;
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

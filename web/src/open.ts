// open, create, recover, destroy, list.

import { OpenDatabase } from "./database.js";
import { Engine } from "./engine.js";
import { aborted, asError, PocketGraphError } from "./errors.js";
import type { AssetOptions, Database, OpenOptions, RecoverOptions, RecoveryReport, StoreInfo } from "./types.js";
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
  await using(options, (engine) =>
    engine.request(Op.destroy, {}, (w) => {
      w.string(name);
      w.u8(storage);
    }),
  );
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
      },
      (frame) => {
        if (frame.kind === Answer.progress) onProgress?.(frame.map() as any);
      },
    );
    const db = new OpenDatabase(engine, info, options.integers ?? "auto");
    askToPersist(db);
    return db;
  } catch (cause) {
    const error = asError(cause);
    engine.end(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
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

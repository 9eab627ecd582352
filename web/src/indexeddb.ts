// The origin private file system as the engine knows it, over IndexedDB, for
// browsers and windows that have no files. The worker loads it when a database
// is to be there. package opfs drives it; where its methods give promises, that
// package waits.
//
// One IndexedDB database for each of ours, "pocketgraph/NAME", with three stores:
//
//   names   path → {size, modified} of a file, or {} of a directory
//   blocks  [path, number] → the bytes of a block; what is short or missing is zeros
//   owner   "owner" → {token, last}: who may write, and the number of its last transaction
//
// Every write is one transaction, complete before it is acknowledged: strict,
// or in a relaxed database relaxed and made durable by the next flush. It looks
// first whether the files are still its owner's, and whether it is there
// already: after a connection was lost, the same transaction is tried again, and
// either finds its number or writes it.

/** The folder of the origin that the engine keeps its databases in. */
const home = "pocketgraph";
const prefix = `${home}/`;
/** Bytes of a block. A commit rewrites the last block of the log; Chromium keeps values of 64 KiB and more outside of its table. */
const blockSize = 16 << 10;
/** How often a transaction is tried whose connection was lost, the first time at once; each pause is twice as long. */
const tries = 6;
const firstPause = 50;
/** How long IndexedDB may take to open or delete a database, in milliseconds. Some browsers never answer. */
const patience = 10_000;
const stores = ["names", "blocks", "owner"];

/** What the names store has of a path; without a size it is a directory. */
interface Entry {
  size?: number;
  modified?: number;
}
interface Owner {
  token: string;
  last: number;
}
/** Errors have the names that the File System standard gives them. */
const failure = (name: string, message: string) => new DOMException(message, name);
const nameOf = (cause: unknown) => (cause as { name?: string } | null)?.name ?? "";

/**
 * Says NotSupportedError where IndexedDB stores nothing at all: in some private
 * windows it opens nothing, and where the user has blocked storage Chromium calls
 * that an unknown error.
 */
function refusal(cause: unknown): unknown {
  const message = (cause as Error | null)?.message ?? "";
  const none = nameOf(cause) === "InvalidStateError" || (nameOf(cause) === "UnknownError" && message.includes("denied permission"));
  return none ? failure("NotSupportedError", message) : cause;
}

/** Where the paths below a directory lie: "0" is what follows "/". */
const below = (path: string) => (path ? IDBKeyRange.bound(`${path}/`, `${path}0`, false, true) : IDBKeyRange.lowerBound(""));
const blocksBelow = (path: string) => IDBKeyRange.bound([`${path}/`], [`${path}0`], false, true);
/** The blocks of a file from a number on: an empty list follows every number. */
const blocksFrom = (path: string, first: number) => IDBKeyRange.bound([path, first], [path, []]);

/** The origin's root, with one folder. Databases that are opened through it are flushed as it says. */
export function root(relaxed: boolean): object {
  return {
    async getDirectoryHandle(name: string) {
      if (name === home) return new Home(relaxed);
      throw failure("NotFoundError", `there is no ${name}`);
    },
  };
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(failure("TimeoutError", `${what} has not ended after ${patience / 1000} s`)), patience)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Opens the IndexedDB database of a volume. One that is not there is made only if that is asked for. */
function connect(name: string, create: boolean): Promise<IDBDatabase> {
  let late = false;
  const opening = new Promise<IDBDatabase>((resolve, reject) => {
    let absent = false;
    const request = indexedDB.open(prefix + name, 1);
    request.onupgradeneeded = () => {
      absent = !create;
      if (absent) request.transaction!.abort(); // which makes it as it was: not there
      else for (const store of stores) request.result.createObjectStore(store);
    };
    request.onsuccess = () => (late ? request.result.close() : resolve(request.result));
    request.onerror = (event) => {
      event.preventDefault();
      reject(absent ? failure("NotFoundError", `there is no ${name}`) : refusal(request.error));
    };
  });
  return inTime("opening IndexedDB", opening).catch((cause) => {
    late = true;
    throw cause;
  });
}

/** The names of the volumes of this origin. */
async function volumeNames(): Promise<string[]> {
  if (!indexedDB.databases) throw failure("NotSupportedError", "this browser cannot list the databases in IndexedDB");
  const all = await indexedDB.databases().catch((cause) => Promise.reject(refusal(cause)));
  return all.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}

/** The folder of databases. */
class Home {
  readonly kind = "directory";
  readonly name = home;
  constructor(private readonly relaxed: boolean) {}

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<DirectoryHandle> {
    const volume = volumeOf(name);
    await volume.connected(create);
    if (!volume.uses) volume.relaxed = this.relaxed;
    return new DirectoryHandle(volume, "", name);
  }

  async getFileHandle(name: string): Promise<never> {
    await volumeOf(name).connected(false);
    throw failure("TypeMismatchError", `${name} is a folder`);
  }

  async removeEntry(name: string): Promise<void> {
    const volume = volumeOf(name);
    await volume.connected(false);
    await volume.owning(async () => {
      volume.disconnect();
      await inTime("deleting from IndexedDB", answerOf(indexedDB.deleteDatabase(prefix + name)));
    });
  }

  async *values(): AsyncGenerator<DirectoryHandle> {
    for (const name of (await volumeNames()).sort()) yield new DirectoryHandle(volumeOf(name), "", name);
  }
}

const volumes = new Map<string, Volume>();

function volumeOf(name: string): Volume {
  let volume = volumes.get(name);
  if (!volume) volumes.set(name, (volume = new Volume(name)));
  return volume;
}

/** One IndexedDB database: a tree of files that one worker at a time has open. */
class Volume {
  /** Whether a write waits for the disk only when it is flushed. */
  relaxed = false;
  /** How many hold it. */
  uses = 0;
  /** The files that are open. */
  readonly open = new Map<string, SyncAccessHandle>();

  private connection: Promise<IDBDatabase> | null = null;
  private readonly token = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  /** What the owner store must hold, if nobody else has been there since. */
  private owner: Owner | undefined;
  /** Something is complete that a power cut may take. */
  private soft = false;
  /** Why it is not known what is there: until it is opened again nothing is written. */
  private lost: unknown = null;
  private free = () => {};
  /** Ends when the lock of before is free again. */
  private freed: Promise<unknown> = Promise.resolve();
  private taking: Promise<void> | null = null;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(readonly name: string) {}

  connected(create = false): Promise<IDBDatabase> {
    if (!this.connection) {
      const connection = connect(this.name, create).then((db) => {
        const gone = () => this.connection === connection && this.disconnect();
        db.onclose = gone;
        db.onversionchange = () => this.uses || gone(); // who deletes it without owning it waits
        return db;
      });
      this.connection = connection;
      connection.catch(() => this.connection === connection && (this.connection = null));
    }
    return this.connection;
  }

  disconnect(): void {
    this.connection?.then((db) => db.close()).catch(() => {});
    this.connection = null;
  }

  /** One after the other: "the last transaction" is then one. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => {});
    return turn;
  }

  /** Reads in one transaction. A connection that was lost is opened again. */
  read<T>(work: (tx: IDBTransaction) => Promise<T>): Promise<T> {
    return this.inTurn(() => this.insistently(async () => work((await this.connected()).transaction(stores))));
  }

  /**
   * Writes in one transaction and waits until it is complete. What it throws
   * has not happened, unless the connection stays lost: then nobody knows, and
   * everything fails until the files are opened again.
   */
  write(work: (tx: IDBTransaction) => unknown): Promise<void> {
    return this.commit(work, !this.relaxed);
  }

  /** Makes everything durable that was written; null if it is. */
  flush(): Promise<void> | null {
    return this.soft ? this.commit(() => {}, true) : null;
  }

  private commit(work: (tx: IDBTransaction) => unknown, strict: boolean): Promise<void> {
    return this.inTurn(async () => {
      if (this.lost) throw this.lost;
      const { owner: before, token } = this;
      const after: Owner = { token, last: (before?.token === token ? before.last : 0) + 1 };
      let unsure = false; // an attempt may be there
      const attempt = async () => {
        const db = await this.connected();
        try {
          await transact(db, strict, before, after, work);
        } catch (cause) {
          unsure = breaks(cause);
          throw cause;
        }
      };
      try {
        await this.insistently(attempt);
      } catch (cause) {
        if (unsure) this.lost = failure("OperationError", `the connection to IndexedDB was lost, and with it whether the last write is there: ${cause}`);
        else if (nameOf(cause) === "OperationError") this.lost = cause;
        throw this.lost ?? cause;
      }
      this.owner = after;
      this.soft = !strict;
    });
  }

  /** Tries again what fails with its connection. */
  private async insistently<T>(work: () => Promise<T>): Promise<T> {
    for (let tried = 1, pause = firstPause; ; tried++, pause *= 2) {
      try {
        return await work();
      } catch (cause) {
        if (!breaks(cause) || tried === tries) throw cause;
        this.disconnect();
        if (tried > 1) await new Promise((wake) => setTimeout(wake, pause));
      }
    }
  }

  /** Takes the files for this worker, or counts that it has them. */
  async acquire(): Promise<void> {
    this.uses++;
    try {
      await (this.taking ??= this.take());
    } catch (cause) {
      this.release();
      throw cause;
    }
  }

  release(): void {
    if (--this.uses) return;
    this.taking = null;
    this.free();
    this.free = () => {};
    this.disconnect();
  }

  async owning<T>(work: () => Promise<T>): Promise<T> {
    await this.acquire();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  private async take(): Promise<void> {
    const { locks } = self.navigator;
    if (!locks) throw failure("NotSupportedError", "without Web Locks nothing keeps other tabs from the files");
    await this.freed;
    await new Promise<void>((held, refused) => {
      const hold = (lock: unknown) => (lock ? new Promise<void>((free) => ((this.free = free), held())) : refused(failure("NoModificationAllowedError", `${this.name} is open elsewhere`)));
      this.freed = locks.request(`pocketgraph:indexeddb:${this.name}`, { ifAvailable: true }, hold).catch(refused);
    });
    // A worker that has died may have left transactions on their way: from now on they find that the files are not theirs.
    this.owner = { token: this.token, last: 0 };
    try {
      await this.inTurn(() =>
        this.insistently(async () => {
          const tx = (await this.connected()).transaction(stores, "readwrite", { durability: "strict" });
          tx.objectStore("owner").put(this.owner, "owner");
          await complete(tx);
        }),
      );
    } catch (cause) {
      if (nameOf(cause) !== "QuotaExceededError") throw cause;
      // There is no room for a word, but what is there can be read. The first write finds out whether it has changed since.
      this.owner = await this.read((tx) => answerOf<Owner | undefined>(tx.objectStore("owner").get("owner")));
    }
    this.soft = false;
    this.lost = null;
  }
}

/** Whether this may be the connection's end, and not IndexedDB's answer. */
function breaks(cause: unknown): boolean {
  return !["QuotaExceededError", "NotFoundError", "NoModificationAllowedError", "InvalidModificationError", "TypeMismatchError", "SecurityError", "NotSupportedError", "OperationError", "TimeoutError"].includes(nameOf(cause));
}

function complete(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? failure("AbortError", "the transaction was aborted"));
  });
}

/** One transaction of an owner, which leaves its number. That it is there already is as good. */
async function transact(db: IDBDatabase, strict: boolean, before: Owner | undefined, after: Owner, work: (tx: IDBTransaction) => unknown): Promise<void> {
  const tx = db.transaction(stores, "readwrite", { durability: strict ? "strict" : "relaxed" });
  const end = complete(tx);
  let why: Error | "there" | null = null;
  try {
    const owner = tx.objectStore("owner");
    const looking: IDBRequest<Owner | undefined> = owner.get("owner");
    looking.onsuccess = () => {
      const is = (owner: Owner | undefined) => looking.result?.token === owner?.token && looking.result?.last === owner?.last;
      if (is(after)) why = "there";
      else if (!is(before)) why = failure("OperationError", "another tab has taken the files");
      if (why) tx.abort();
      else tx.commit?.();
    };
    owner.put(after, "owner");
    work(tx);
  } catch (cause) {
    end.catch(() => {});
    try {
      tx.abort();
    } catch {
      // it has ended
    }
    throw cause;
  }
  await end.catch((cause) => {
    if (why !== "there") throw why ?? cause;
  });
}

function child(path: string, name: string): string {
  if (!name || name === "." || name === ".." || name.includes("/")) throw new TypeError(`${JSON.stringify(name)} is no name of a file`);
  return path ? `${path}/${name}` : name;
}

class DirectoryHandle {
  readonly kind = "directory";
  constructor(
    private readonly volume: Volume,
    private readonly path: string,
    readonly name: string,
  ) {}

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<DirectoryHandle> {
    const path = child(this.path, name);
    if ((await this.make(path, create, {})).size !== undefined) throw failure("TypeMismatchError", `${path} is no folder`);
    return new DirectoryHandle(this.volume, path, name);
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<FileHandle> {
    const path = child(this.path, name);
    if ((await this.make(path, create, { size: 0, modified: Date.now() })).size === undefined) throw failure("TypeMismatchError", `${path} is no file`);
    return new FileHandle(this.volume, path, name);
  }

  async removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    const path = child(this.path, name);
    const { volume } = this;
    await volume.owning(async () => {
      await lookUp(volume, path);
      if ([...volume.open.keys()].some((file) => file === path || file.startsWith(`${path}/`))) throw failure("NoModificationAllowedError", `${path} is open`);
      const inside = await volume.read((tx) => answerOf(tx.objectStore("names").count(below(path))));
      if (inside && !recursive) throw failure("InvalidModificationError", `${path} is not empty`);
      await volume.write((tx) => {
        tx.objectStore("names").delete(path);
        tx.objectStore("names").delete(below(path));
        tx.objectStore("blocks").delete(blocksFrom(path, 0));
        tx.objectStore("blocks").delete(blocksBelow(path));
      });
    });
  }

  async *values(): AsyncGenerator<FileHandle | DirectoryHandle> {
    const { volume, path } = this;
    const start = path ? path.length + 1 : 0;
    const [paths, entries] = await volume.read((tx) => {
      const names = tx.objectStore("names");
      return Promise.all([answerOf(names.getAllKeys(below(path))) as Promise<string[]>, answerOf<Entry[]>(names.getAll(below(path)))]);
    });
    for (const [i, found] of paths.entries()) {
      const name = found.slice(start);
      if (name.includes("/")) continue;
      yield entries[i].size === undefined ? new DirectoryHandle(volume, found, name) : new FileHandle(volume, found, name);
    }
  }

  private async make(path: string, create: boolean, fresh: Entry): Promise<Entry> {
    const { volume } = this;
    const there = await find(volume, path);
    if (there) return there;
    if (!create) throw failure("NotFoundError", `there is no ${path}`);
    await volume.owning(() => volume.write((tx) => tx.objectStore("names").put(fresh, path)));
    return fresh;
  }
}

function find(volume: Volume, path: string): Promise<Entry | undefined> {
  return volume.read((tx) => answerOf<Entry | undefined>(tx.objectStore("names").get(path)));
}

async function lookUp(volume: Volume, path: string): Promise<Entry> {
  const entry = await find(volume, path);
  if (entry) return entry;
  throw failure("NotFoundError", `there is no ${path}`);
}

class FileHandle {
  readonly kind = "file";
  constructor(
    private readonly volume: Volume,
    private readonly path: string,
    readonly name: string,
  ) {}

  async getFile(): Promise<{ size: number; lastModified: number }> {
    const { size = 0, modified = 0 } = await lookUp(this.volume, this.path);
    return { size, lastModified: modified };
  }

  async createSyncAccessHandle(): Promise<SyncAccessHandle> {
    const { volume, path } = this;
    await volume.acquire();
    try {
      const { size = 0 } = await lookUp(volume, path);
      if (volume.open.has(path)) throw failure("NoModificationAllowedError", `${path} is open`);
      const handle = new SyncAccessHandle(volume, path, size);
      volume.open.set(path, handle);
      return handle;
    } catch (cause) {
      volume.release();
      throw cause;
    }
  }
}

/**
 * An open file. Unlike the browser's own, what needs IndexedDB gives a promise:
 * read() of bytes that are not at hand one of the bytes, the others of their result.
 */
class SyncAccessHandle {
  private closed = false;
  /** Blocks at the edges of what was written last, for the next write to go on in. */
  private readonly edges = new Map<number, Uint8Array<ArrayBuffer>>();
  /** What the next write begins with. */
  private staged: { at: number; end: number; parts: Uint8Array[] } | null = null;
  /** Changes go one after the other: the next one begins with what the one before left. */
  private changing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly volume: Volume,
    private readonly path: string,
    private size: number,
  ) {}

  getSize(): number {
    this.check();
    return this.size;
  }

  read(view: Uint8Array, { at: from = 0 }: { at?: unknown } = {}): number | Promise<Uint8Array> {
    this.check();
    const at = Number(from);
    const length = Math.min(view.length, this.size - at);
    if (length <= 0) return 0;
    const first = Math.floor(at / blockSize);
    const last = Math.floor((at + length - 1) / blockSize);
    const near = first === last && this.edges.get(first);
    if (near) {
      view.fill(0, 0, length);
      view.set(near.subarray(at - first * blockSize, at + length - first * blockSize));
      return length;
    }
    return this.load(first, last).then((blocks) => {
      const bytes = new Uint8Array(length);
      for (const [number, block] of blocks) {
        const start = number * blockSize - at;
        const part = block.subarray(Math.max(0, -start), Math.max(0, length - start));
        bytes.set(part, Math.max(0, start));
      }
      return bytes;
    });
  }

  /** Keeps bytes that the next write, which goes on where they end, writes in its own transaction. */
  stage(view: Uint8Array, { at: to = 0 }: { at?: unknown } = {}): number {
    this.check();
    const at = Number(to);
    if (!this.staged) this.staged = { at, end: at, parts: [] };
    if (this.staged.end !== at) {
      this.staged = null;
      throw new TypeError("what is written at once lies side by side");
    }
    this.staged.parts.push(view.slice()); // the view is the engine's, which goes on
    this.staged.end += view.length;
    return view.length;
  }

  write(view: Uint8Array, options: { at?: unknown } = {}): Promise<number> {
    this.stage(view, options);
    const { at, end, parts } = this.staged!;
    this.staged = null;
    if (at === end) return Promise.resolve(0);
    return this.change(() => this.put(at, end, parts)).then(() => view.length);
  }

  private change(work: () => Promise<void>): Promise<void> {
    const change = this.changing.then(work);
    this.changing = change.catch(() => {});
    return change;
  }

  private async put(at: number, end: number, parts: Uint8Array[]): Promise<void> {
    const first = Math.floor(at / blockSize);
    const last = Math.floor((end - 1) / blockSize);
    const old = new Map<number, Uint8Array>();
    for (const number of new Set([first, last])) {
      const start = number * blockSize;
      const keeps = start < at || end < Math.min(start + blockSize, this.size);
      if (!keeps || start >= this.size) continue;
      const near = this.edges.get(number) ?? (await this.load(number, number)).get(number);
      if (near) old.set(number, near);
    }
    const fresh = new Map<number, Uint8Array<ArrayBuffer>>();
    for (let number = first; number <= last; number++) {
      const start = number * blockSize;
      const before = old.get(number);
      const block = new Uint8Array(Math.max(before?.length ?? 0, Math.min(blockSize, end - start)));
      if (before) block.set(before);
      fresh.set(number, block);
    }
    let to = at;
    for (const part of parts) {
      for (let done = 0; done < part.length; ) {
        const within = to % blockSize;
        const bytes = part.subarray(done, done + blockSize - within);
        fresh.get((to - within) / blockSize)!.set(bytes, within);
        done += bytes.length;
        to += bytes.length;
      }
    }
    const size = Math.max(this.size, end);
    try {
      await this.volume.write((tx) => {
        tx.objectStore("names").put({ size, modified: Date.now() } satisfies Entry, this.path);
        for (const [number, block] of fresh) tx.objectStore("blocks").put(block, [this.path, number]);
      });
    } catch (cause) {
      // Recovery writes again what is there, which must not need room.
      if (nameOf(cause) === "QuotaExceededError" && size === this.size && (await this.holds(fresh))) return;
      throw cause;
    }
    this.size = size;
    this.edges.clear();
    for (const number of [first, last]) this.edges.set(number, fresh.get(number)!);
  }

  /** Whether these blocks are what is there. */
  private async holds(blocks: Map<number, Uint8Array>): Promise<boolean> {
    const numbers = [...blocks.keys()];
    const there = await this.load(numbers[0], numbers[numbers.length - 1]);
    return numbers.every((number) => {
      const block = blocks.get(number)!;
      const old = there.get(number) ?? block.subarray(0, 0);
      return old.length <= block.length && block.every((byte, i) => byte === (old[i] ?? 0));
    });
  }

  truncate(to: unknown): Promise<void> {
    this.check();
    const size = Number(to);
    return this.change(() => this.cut(size));
  }

  private async cut(size: number): Promise<void> {
    const number = Math.floor(size / blockSize);
    const within = size - number * blockSize;
    const block = size < this.size && within ? (await this.load(number, number)).get(number) : undefined;
    await this.volume.write((tx) => {
      tx.objectStore("names").put({ size, modified: Date.now() } satisfies Entry, this.path);
      if (size >= this.size) return;
      tx.objectStore("blocks").delete(blocksFrom(this.path, number));
      if (block) tx.objectStore("blocks").put(block.slice(0, within), [this.path, number]);
    });
    this.size = size;
    this.edges.clear();
  }

  flush(): Promise<void> | undefined {
    this.check();
    return this.volume.flush() ?? undefined;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.volume.open.delete(this.path);
    this.volume.release();
  }

  private check(): void {
    if (this.closed) throw failure("InvalidStateError", "the file is closed");
  }

  private async load(first: number, last: number): Promise<Map<number, Uint8Array>> {
    const [keys, values] = await this.volume.read((tx) => {
      const blocks = tx.objectStore("blocks");
      const range = IDBKeyRange.bound([this.path, first], [this.path, last]);
      return Promise.all([answerOf(blocks.getAllKeys(range)) as Promise<[string, number][]>, answerOf<Uint8Array[]>(blocks.getAll(range))]);
    });
    return new Map(keys.map(([, number], i) => [number, values[i]]));
  }
}

/// <reference lib="esnext.disposable" preserve="true" />
// The whole public API of the package, in one place to read; formats-types.ts
// has that of files, load-types.ts that of columns.

import type { Files } from "./formats-types.js";
import type { Loads } from "./load-types.js";

/** A value of the query language as JavaScript sees it. Every one survives `structuredClone`. */
export type Value =
  | null
  | boolean
  | number // Float, or an Integer that a number holds exactly
  | bigint // an Integer beyond 2^53, or every Integer with `integers: "bigint"`
  | string
  | Uint8Array // Bytes
  | Float32Array // Vector
  | Value[]
  | { [key: string]: Value }
  | Node
  | Relationship
  | Path
  | Temporal
  | Point;

/** What may be given as a parameter: values, and what stands for one. */
export type Parameter = Value | undefined | Date | ArrayBuffer | readonly Parameter[] | { readonly [key: string]: Parameter };
/** Parameters of a statement by name, without the dollar sign. */
export type Parameters = { readonly [name: string]: Parameter };

/** `id` is the element's identity (`elementId()`): unique across stores, never used again. */
export interface Node<P = { [key: string]: Value }> {
  id: string;
  labels: string[];
  properties: P;
}
/** A relationship; `start` and `end` are the ids of its nodes. */
export interface Relationship<P = { [key: string]: Value }> {
  id: string;
  type: string;
  start: string;
  end: string;
  properties: P;
}
/** `relationships[i]` joins `nodes[i]` and `nodes[i + 1]`, in either direction. */
export interface Path {
  nodes: Node[];
  relationships: Relationship[];
}

/** Temporal values are one-key objects around their ISO 8601 text; given back as a parameter they mean the same. */
export type Temporal =
  | { $date: string }
  | { $localtime: string }
  | { $time: string }
  | { $localdatetime: string }
  | { $datetime: string }
  | { $duration: string };
/** A point: in the plane (srid 7203, 9157) or on the globe (4326, 4979; x is the longitude). */
export interface Point {
  $point: { srid: number; x: number; y: number; z?: number };
}

/** A row, keyed by column. */
export type Row = { [column: string]: Value };

/** How a database is opened. */
export interface OpenOptions extends AssetOptions {
  /** Create the store when there is none (default true). With false, a missing store is `NOT_FOUND`. */
  create?: boolean;
  /** "auto" takes OPFS, IndexedDB where the browser has no OPFS, or memory where it has neither; `db.info.storage` says which. A database that is in IndexedDB already stays there; naming another storage than the one it is in is INVALID_ARGUMENT. "directory" is for Node and Bun. */
  storage?: "auto" | "opfs" | "indexeddb" | "memory" | "directory";
  /** "strict" (default): an answered write survives a power cut. "relaxed": a power cut may take the last 100 ms. */
  durability?: "strict" | "relaxed";
  /** "strict" (default) refuses a damaged store; "salvage" takes what is whole and keeps the rest aside. */
  recovery?: "strict" | "salvage";
  /** How Integers come back: "auto" (default) as number when safe, else bigint; "bigint" always. */
  integers?: "auto" | "bigint";
  /** With relaxed durability: milliseconds between flushes (default 100). */
  flushInterval?: number;
  /**
   * Steps that bring the database to the form that this release of the app
   * wants, the oldest first; a release only ever adds to the list. Each runs once,
   * in a transaction of its own, before `open()` returns, whichever tab does it.
   */
  migrations?: readonly Migration[];
  /** Told when this tab becomes the one whose worker owns the files, or another does. `db.info.role` has changed then. */
  onRole?: (role: "owner" | "follower") => void;
  /** Keep so many bytes of past transactions for `db.changes()`, with what was there before each change; `Infinity`: all of them. */
  historyBytes?: number;
  /** Keep past transactions for so many milliseconds. Where both are given, what is beyond one of them goes; `Infinity` is no bound. */
  historyAge?: number;
  /**
   * Bytes. WebAssembly memory never shrinks: when the engine's is above this, and
   * has grown by half since the database was opened, its worker is replaced by a
   * fresh one in a moment in which no tab has anything going; what is asked
   * meanwhile waits. The limit is that of the tab that owns the files. A
   * statement that would come above it ends with `LIMIT`. In memory, and in Node,
   * nothing can be replaced: there only statements are bounded.
   */
  memoryLimit?: number;
  /** Told about slow statements, failed flushes, snapshots and the like. Say `slowerThan` to be told about statements. */
  onEvent?: (event: DatabaseEvent) => void;
  /** Milliseconds from which a statement counts as slow for `onEvent` (default 100). */
  slowerThan?: number;
  /** Origins, such as "https://data.example.org", whose files `LOAD CSV` and `import` may fetch. None unless they are named. */
  allowOrigins?: readonly string[];
  /** Told about what takes long while opening. */
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** A step of `migrations`: Cypher statements with semicolons between them, or a function that gets the transaction. What it throws rolls the step back. */
export type Migration = string | ((tx: Transaction) => unknown);

/** Where the worker and the WebAssembly come from. Without them: beside the module. */
export interface AssetOptions {
  wasmURL?: string | URL;
  /** A compiled module, for pages that keep one. */
  wasmModule?: WebAssembly.Module;
  workerURL?: string | URL;
  /** Makes the worker itself; it must run `pocketgraph/worker.js`. */
  createWorker?: () => Worker;
  /** In Node and Bun: the folder that has the databases, a folder each. Without one, storage "auto" is memory. */
  directory?: string | URL;
}

/** How far opening is. Stages come in this order; what there is nothing of is left out. */
export interface Progress {
  /**
   * "download" of the engine, in bytes; "start" of it; then "recovery" begins:
   * "snapshot" is read, in a unit of its own; "indexes" are built; "replay" of
   * the log, in bytes.
   */
  stage: "download" | "start" | "recovery" | "snapshot" | "indexes" | "replay";
  /** Where they are known: done ≤ total, which for "replay" is known at its end only. */
  done?: number;
  total?: number;
}

/** Who has a database open, as far as a page can know. */
export interface Holder {
  /** It is this very page. */
  here: boolean;
  /** Path and title of the page that opened it, and when, in ISO 8601. */
  page: string;
  title: string;
  since: string;
}

/** How one statement is run and answered. */
export interface QueryOptions {
  signal?: AbortSignal;
  /** Milliseconds; a statement that runs longer is stopped with `TIMEOUT` and changes nothing. */
  timeout?: number;
  /** Who wrote, why, for what: kept with the transaction and shown by `changes()`. At most 16 KiB. */
  metadata?: { readonly [key: string]: string };
  /** "object" (default): rows keyed by column; "array": rows as arrays in column order. */
  rows?: "object" | "array";
  integers?: "auto" | "bigint";
  /**
   * What `LOAD CSV FROM "name"` (or "file:///name") reads, by name. Files are read
   * in parts; a stream can be read once.
   */
  files?: { readonly [name: string]: FileSource };
  /** Instead of those given to `open`. */
  allowOrigins?: readonly string[];
}

/** Where a file of LOAD CSV comes from. */
export type FileSource = Blob | string | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array>;

/**
 * What computes a function or procedure: a function of the page, which may be
 * asynchronous, or a module that the engine's worker imports. Of a module it is
 * the export that has the last part of the name, or the default export. A module
 * of another origin must be marked as such.
 */
export type FunctionSource = ((...args: any[]) => unknown) | { module: string | URL; crossOrigin?: boolean };

/** How a function or procedure of your own is called. */
export interface FunctionOptions {
  /** The function takes an array of argument lists and gives an array of results, for as many rows as the engine computes at once. */
  batch?: boolean;
}

/** The answer to a statement. */
export interface Result<T = Row> {
  columns: string[];
  /** Decoded when first looked at. */
  rows: T[];
  summary: Summary;
}

/** What a statement did. */
export interface Summary {
  /** nodesCreated, propertiesSet, …: counters that stayed at 0 may be missing. */
  counters: { [name: string]: number };
  /** Whether the statement could write. */
  writes: boolean;
  /** The place in the log of the commit this made, or of the state it read. */
  sequence: number;
  /** From the call to the last answer. */
  milliseconds: number;
  /** The plan, for EXPLAIN and PROFILE. */
  plan?: string;
}

/** What a database and a transaction have in common. */
export interface Queryable {
  /** Runs a statement; all its rows come at once. `query<{ name: string }>(…)` types them. */
  query<T = Row>(text: string, params?: Parameters, options?: QueryOptions & { rows?: "object" }): Promise<Result<T>>;
  /** The same with rows as arrays. */
  query<T = Value[]>(text: string, params: Parameters | undefined, options: QueryOptions & { rows: "array" }): Promise<Result<T>>;
  /** A tagged template; values become parameters, never text. */
  cypher<T = Row>(text: TemplateStringsArray, ...values: Parameter[]): Promise<Result<T>>;
  /** Rows as they are found. The engine stays two batches ahead of the loop (in a transaction it does not wait). */
  stream<T = Row>(text: string, params?: Parameters, options?: QueryOptions): AsyncIterableIterator<T>;
  /** Creates a node. */
  createNode(labels: readonly string[], properties?: Parameters, options?: Omit<QueryOptions, "metadata">): Promise<Node>;
  /** Creates a relationship between two nodes of this database, given as such or by id. */
  createRelationship(start: Node | string, type: string, end: Node | string, properties?: Parameters, options?: Omit<QueryOptions, "metadata">): Promise<Relationship>;
}

/** Requests of a transaction run one after another, in the order they were made. */
export interface Transaction extends Queryable {}

/** How a transaction runs. */
export interface TransactionOptions {
  /** A transaction that only reads (default false) sees one state and blocks nobody. */
  readOnly?: boolean;
  /** Rolls back when aborted; what `fn` still asks of the transaction is then rejected. */
  signal?: AbortSignal;
  /** As of a query: kept with what the transaction writes. */
  metadata?: { readonly [key: string]: string };
  /** Milliseconds for the whole of it. The engine ends one that is idle for 5 s or older than 60 s in any case. */
  timeout?: number;
}

/** An open database. */
export interface Database extends Queryable, Files, Loads, AsyncDisposable {
  readonly info: Info;
  /** True once the database was closed or its engine died. */
  readonly closed: boolean;
  /** Runs `fn` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(fn: (tx: Transaction) => Promise<T> | T, options?: TransactionOptions): Promise<T>;
  /**
   * A procedure that answers from a table, for as long as the database is open:
   * `registerTable("my.names(id :: INTEGER?) :: (name :: STRING?)", [[1, "Ada"]])`.
   * A row has a value for each argument, then one for each result; a call
   * yields the results of the rows whose arguments equal those given.
   */
  registerTable(signature: string, rows: readonly (readonly Parameter[])[]): Promise<void>;
  /**
   * The committed transactions in order: those that are there, then those that
   * come, until the loop is left or the signal is aborted. It shows what is
   * durable: nothing it has shown is ever taken back. Throws `HISTORY_DROPPED`
   * (with `oldest`) when what was asked for is not kept any more, and
   * `HISTORY_CHANGED` when `since` is of another store or of what a salvage or a
   * power cut has taken.
   */
  changes(options?: ChangesOptions): AsyncIterableIterator<CommittedTransaction>;
  /**
   * Answers to a query that reads: one at once, and another whenever commits of
   * anybody have made it a different one. Commits that come in a burst, or while
   * the loop's body runs, make one update. With `onUpdate` it runs by itself
   * until `return()` is called or the signal is aborted.
   */
  live<T = Row>(text: string, params?: Parameters, options?: LiveOptions<T>): Live<T>;
  /**
   * Makes a function of the query language, known to this connection until it is
   * closed: `registerFunction("my.slug", "(title :: STRING) :: STRING", slug)`.
   * Types are those of `IS ::`; a question mark behind one allows null. One that
   * was registered under the name is replaced; what the language has is `EXISTS`.
   * What it throws is `FUNCTION`.
   */
  registerFunction(name: string, signature: string, source: FunctionSource, options?: FunctionOptions): Promise<void>;
  /**
   * The same for a procedure, which gives an array of rows, each an array or an
   * object: `registerProcedure("my.words", "(text :: STRING) :: (word :: STRING)", words)`.
   */
  registerProcedure(name: string, signature: string, source: FunctionSource, options?: FunctionOptions): Promise<void>;
  /** False when nothing was registered under the name. */
  unregisterFunction(name: string): Promise<boolean>;
  /** Takes a procedure of your own away. */
  unregisterProcedure(name: string): Promise<boolean>;
  /** Writes the whole graph into one file, so that opening has no log to read. It also happens by itself, now and then. */
  snapshot(): Promise<SnapshotInfo>;
  /** Walks everything and returns every broken invariant: none in a healthy store. */
  check(): Promise<string[]>;
  /** Counts, memory, log and runtime. */
  stats(): Promise<Stats>;
  /** For a bug report: versions, slots, log extents, last recovery, counters; no user data. */
  diagnostics(): Promise<Diagnostics>;
  /** Flushes and lets go of the files. What is in flight is rejected with `CLOSED`. */
  close(): Promise<void>;
}

/** Where the change feed begins and ends. */
export interface ChangesOptions {
  /** A `cursor` to go on behind, a sequence number, or "now". Without it: all that is kept. */
  since?: string | number;
  /** With false it ends where the newest transaction is. */
  follow?: boolean;
  signal?: AbortSignal;
  integers?: "auto" | "bigint";
}

/** A transaction of the change feed. */
export interface CommittedTransaction {
  /** Names the place behind it, for `since`, also after a reload. */
  cursor: string;
  sequence: number;
  time: Date;
  metadata: { [key: string]: string };
  changes: Change[];
}

/**
 * One change. `before` is missing where it is not known, because no history was
 * kept at the time (`historyBytes`, `historyAge`).
 */
export type Change =
  | { kind: "createNode"; id: string; before: null; after: NodeContent }
  | { kind: "deleteNode"; id: string; before?: NodeContent; after: null }
  | { kind: "createRelationship"; id: string; before: null; after: RelationshipContent }
  | { kind: "deleteRelationship"; id: string; before?: RelationshipContent; after: null }
  | { kind: "setNodeProperty" | "setRelationshipProperty"; id: string; key: string; before?: Value; after: Value }
  | { kind: "addLabel" | "removeLabel"; id: string; label: string }
  | { kind: "createIndex" | "createConstraint"; name: string; before: null; after: SchemaContent }
  | { kind: "dropIndex" | "dropConstraint"; name: string; before?: SchemaContent; after: null };

/** A node without its id. */
export type NodeContent = Omit<Node, "id">;
/** A relationship without its id. */
export type RelationshipContent = Omit<Relationship, "id">;
/** What an index or a constraint is on. */
export interface SchemaContent {
  label?: string;
  type?: string;
  properties: string[];
  constraint?: "unique" | "exists" | "key" | "type";
  /** The types that a type constraint allows, as a set of bits. */
  types?: number;
}

/** How a live query is followed. */
export interface LiveOptions<T> extends Omit<QueryOptions, "timeout" | "metadata"> {
  onUpdate?: (update: LiveUpdate<T>) => void;
  /** With `onUpdate`: told why it has ended, if it was not by `return()`. */
  onError?: (error: Error) => void;
}

/** What a live query shows now, and how that differs from what it showed before, whatever the order. */
export interface LiveUpdate<T = Row> {
  rows: T[];
  added: T[];
  removed: T[];
  /** Rows that show the same nodes and relationships as before, with other content. */
  changed: { before: T; after: T }[];
  /** The newest transaction that is in it. */
  sequence: number;
}

/** The updates of a live query. */
export interface Live<T = Row> extends AsyncIterableIterator<LiveUpdate<T>> {
  /** Ends it. */
  return(): Promise<IteratorResult<LiveUpdate<T>>>;
}

/** What `onEvent` is told. */
export type DatabaseEvent =
  | { kind: "slow-statement"; time: Date; text: string; milliseconds: number }
  | { kind: "stall"; time: Date; milliseconds: number }
  | { kind: "flush-error" | "snapshot-error" | "history-error"; time: Date; message: string }
  | { kind: "snapshot"; time: Date; sequence: number; bytes: number; milliseconds: number }
  /** Another worker has the files now: one of this tab, or of another that this one asks. */
  | { kind: "owner"; time: Date; role: "owner" | "follower" }
  /** The owner's worker has been replaced to give memory back (`memoryLimit`); bytes before and after, and for how long requests had to wait. */
  | { kind: "restart"; time: Date; memoryBefore: number; memoryAfter: number; milliseconds: number };

/** What is known of an open database. */
export interface Info {
  name: string;
  storage: "opfs" | "indexeddb" | "memory" | "directory";
  /** Why storage is not OPFS, when it was "auto". */
  storageReason?: string;
  /** Whether the browser promised not to evict the data (false while it has not said). */
  persisted: boolean;
  /** Whether the files are open in a worker of this page, or in another tab's. It changes when tabs come and go. */
  role: "owner" | "follower";
  /** Of the engine. */
  version: string;
  storeId: string;
  /** The newest commit that opening found. */
  sequence: number;
  durability: "strict" | "relaxed";
  /** Bytes of WebAssembly memory when it was opened, or its worker replaced; `stats().runtime.wasmMemory` has what it is now. */
  memory: number;
  /** How often its worker was replaced to give memory back while this tab had it open; undefined where that cannot be, such as in memory. */
  restarts?: number;
  /** What opening found and did. */
  recovery: RecoveryReport;
}

/** How a database is recovered. */
export interface RecoverOptions extends Omit<OpenOptions, "create" | "recovery"> {
  mode?: "strict" | "salvage";
}

/** What recovery found and did; docs/durability.md has the words. */
export type RecoveryReport = { [name: string]: Value };
/** Counts and sizes, for people: names may come and go. */
export type Stats = { [name: string]: Value };
/** For a bug report: names may come and go. */
export type Diagnostics = { [name: string]: Value };
/** A snapshot that was written: the commit it is of, its size, and how long it took. */
export interface SnapshotInfo {
  sequence: number;
  bytes: number;
  milliseconds: number;
}

/** What the browser says about this site's storage; see `storageInfo()`. */
export interface StorageInfo {
  /** Bytes that the site stores, not only in databases; undefined where the browser does not say. */
  usage: number | undefined;
  /** Bytes that it may store; undefined as above. */
  quota: number | undefined;
  /** The browser promised not to evict it when space is short. */
  persisted: boolean;
}

/** One database as `list()` finds it. */
export interface StoreInfo {
  name: string;
  storage: "opfs" | "indexeddb" | "memory" | "directory";
}

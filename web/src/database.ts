// One open database.

import { encodeValue } from "./encode.js";
import { closed, later, type Link } from "./engine.js";
import { aborted, asError, PocketGraphError } from "./errors.js";
import type { Frame } from "./decode.js";
import type { FilesPlace, FormatsHome } from "./formats.js";
import type { ExportOptions, FileReport, ImportOptions, ImportSource, Preview, PreviewOptions } from "./formats-types.js";
import type { LoadOptions, LoadReport, Tables } from "./load-types.js";
import { explain, Queries, queryBody } from "./queries.js";
import { rowsOf } from "./result.js";
import { ahead, RowStream } from "./stream.js";
import { transact, type Home } from "./transaction.js";
import type { ChangesOptions, CommittedTransaction, Database, DatabaseEvent, Diagnostics, FunctionOptions, FunctionSource, Info, Live, LiveOptions, OpenOptions, Parameter, Parameters, SnapshotInfo, Stats, Transaction, TransactionOptions, Value } from "./types.js";
import { Answer, Op, type Writer } from "./wire.js";

export class OpenDatabase extends Queries implements Database {
  readonly info: Info;
  private closing: Promise<void> | null = null;
  private readonly place: FilesPlace | undefined;

  /** `opened` is the info map of OPEN. */
  constructor(engine: Link, opened: { [key: string]: Value }, options: OpenOptions) {
    super(engine, opened.database as number, opened.elementPrefix as string, options.integers ?? "auto", options.allowOrigins);
    this.info = infoOf(opened);
    this.place = (options as { place?: FilesPlace }).place; // node.ts gives it
  }

  get closed(): boolean {
    return this.closing !== null || this.engine.dead !== null;
  }

  protected override transactionId(): number {
    if (this.closing) throw closed();
    return 0;
  }

  async transaction<T>(fn: (tx: Transaction) => Promise<T> | T, options: TransactionOptions = {}): Promise<T> {
    return transact(this.home(), fn, options);
  }

  private home(): Home {
    this.transactionId();
    const { engine, database, elementPrefix, integers, allowOrigins } = this;
    return { engine, database, elementPrefix, integers, allowOrigins };
  }

  async registerFunction(name: string, signature: string, source: FunctionSource, options?: FunctionOptions): Promise<void> {
    return (await import("./functions.js")).register(this.home(), invalid, false, name, signature, source, options);
  }

  async registerProcedure(name: string, signature: string, source: FunctionSource, options?: FunctionOptions): Promise<void> {
    return (await import("./functions.js")).register(this.home(), invalid, true, name, signature, source, options);
  }

  async unregisterFunction(name: string): Promise<boolean> {
    return (await import("./functions.js")).unregister(this.home(), false, name);
  }

  async unregisterProcedure(name: string): Promise<boolean> {
    return (await import("./functions.js")).unregister(this.home(), true, name);
  }

  async registerTable(signature: string, rows: readonly (readonly Parameter[])[]): Promise<void> {
    await this.ask(Op.registerTable, (w) => {
      w.string(signature);
      w.varuint(rows.length);
      rows.forEach((row, i) => encodeValue(w, row, ["rows", i], 1));
    });
  }

  changes(options: ChangesOptions = {}): AsyncIterableIterator<CommittedTransaction> {
    return new Later(async () => {
      const { transactions } = await subscribing();
      // The place of "now" has a name, from which the next owner can go on.
      const since = options.since === "now" ? ((await this.ask(Op.info)).cursor as string) : options.since;
      return transactions(this.elementPrefix, (cursor = since) => {
        const rows = new RowStream<any>(true, this.decoding(options));
        let id = 0;
        return rows.from({
          begin: () => {
            const to = { frame: (f: Frame) => rows.take(f), done: () => rows.done(), fail: (e: PocketGraphError) => rows.fail(explain(e, options.signal)) };
            id = this.send(Op.changes, options, this.transactionId(), to, (w) => {
              w.u32(ahead);
              w.u8(options.follow === false ? 0 : 1);
              w.string(String(cursor ?? ""));
            });
          },
          more: () => this.engine.about(Op.more, id, this.database, (w) => w.u32(1)),
          cancel: () => this.engine.about(Op.cancel, id, this.database),
        });
      });
    });
  }

  live<T>(text: string, params?: Parameters, options: LiveOptions<T> = {}): Live<T> {
    const live = new Later(async () => {
      const { LiveRows } = await subscribing();
      let id = 0;
      return new LiveRows<T>({
        begin: (to) => {
          let columns: string[] = [];
          let batches: Frame[] = [];
          const frame = (f: Frame) => {
            if (f.kind === Answer.head) columns = f.strings();
            else if (f.kind === Answer.rows) batches.push(f);
            else {
              const rows = batches.flatMap((batch) => [...rowsOf<T>(batch, columns, options.rows === "array", this.decoding(options))]);
              batches = [];
              to.update(rows, f.map().sequence as number);
            }
          };
          id = this.send(Op.live, options, this.transactionId(), { frame, restart: () => (batches = []), done: () => to.end(), fail: (e) => to.end(explain(e, options.signal, text)) }, queryBody(text, params, 1));
        },
        more: () => this.engine.about(Op.more, id, this.database, (w) => w.u32(1)),
        cancel: () => this.engine.about(Op.cancel, id, this.database),
      });
    });
    if (options.onUpdate) void each(live, options.onUpdate, options.onError);
    return live as Live<T>;
  }

  /** @internal */
  listen(tell: (event: DatabaseEvent) => void, slowerThan = 100): void {
    const frame = (f: Frame) => {
      const event = f.map();
      later(() => tell({ ...event, time: new Date(event.time as number) } as unknown as DatabaseEvent));
    };
    this.engine.request(Op.events, { database: this.database }, (w) => w.u32(Math.ceil(slowerThan)), frame).catch(() => {}); // it ends with the database
  }

  async snapshot(): Promise<SnapshotInfo> {
    return (await this.ask(Op.snapshot)) as unknown as SnapshotInfo;
  }

  async load(tables: Tables, options?: LoadOptions): Promise<LoadReport> {
    this.transactionId();
    return (await import("./load.js")).load(this.formatsHome(), tables, options);
  }

  async import(source: ImportSource | readonly ImportSource[], options?: ImportOptions): Promise<FileReport> {
    return (await this.formats()).importFiles(this.formatsHome(), source, options);
  }

  async preview(source: ImportSource | readonly ImportSource[], options?: PreviewOptions): Promise<Preview> {
    return (await this.formats()).preview(this.formatsHome(), source, options);
  }

  async export(options?: ExportOptions): Promise<Blob> {
    return (await this.formats()).exportBlob(this.formatsHome(), options);
  }

  async exportStream(options?: ExportOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return (await this.formats()).exportStream(this.formatsHome(), options);
  }

  /** What reads and writes files, loaded when it is asked for. */
  private async formats() {
    this.transactionId();
    try {
      return await import("./formats.js");
    } catch (cause) {
      throw new PocketGraphError("WORKER_FAILED", "dist/formats.js of the package cannot be loaded", { cause });
    }
  }

  private formatsHome(): FormatsHome {
    const { engine, database, allowOrigins, place } = this;
    return { engine, database, allowOrigins, place, query: (text) => this.query(text), error: (...args) => new PocketGraphError(...args), aborted, asError, ...assets };
  }

  async check(): Promise<string[]> {
    return (await this.ask(Op.check)).problems as string[];
  }

  async stats(): Promise<Stats> {
    return this.ask(Op.stats);
  }

  async diagnostics(): Promise<Diagnostics> {
    return { ...(await this.ask(Op.diagnostics)), restarts: this.info.restarts ?? null };
  }

  close(): Promise<void> {
    return (this.closing ??= this.engine.close(this.database));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async ask(kind: number, body?: (w: Writer) => void): Promise<{ [key: string]: Value }> {
    this.transactionId();
    return this.engine.request(kind, { database: this.database }, body);
  }
}

function invalid(message: string, hint?: string): PocketGraphError {
  return new PocketGraphError("INVALID_ARGUMENT", message, { hint });
}

/** What of OPEN's answer concerns the user. */
function infoOf(opened: { [key: string]: Value }): Info {
  const { database, protocol, elementPrefix, cursor, fallback, ...info } = opened;
  return { ...info, ...(fallback ? { storageReason: fallback } : {}) } as unknown as Info;
}

/** Feeds and live queries are in a module of their own, loaded when somebody subscribes. */
const subscribing = () => import("./subscribe.js");

/** An iterator that is made when it is first asked. */
class Later<T> implements AsyncIterableIterator<T> {
  private made: Promise<AsyncIterableIterator<T>> | undefined;
  constructor(private readonly make: () => Promise<AsyncIterableIterator<T>>) {}
  async next(): Promise<IteratorResult<T>> {
    return (await (this.made ??= this.make())).next();
  }
  async return(): Promise<IteratorResult<T>> {
    return this.made ? (await this.made).return!() : { done: true, value: undefined };
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The callback form of an iterator. */
async function each<T>(values: AsyncIterable<T>, take: (value: T) => void, failed: (error: Error) => void = reportError): Promise<void> {
  try {
    for await (const value of values) take(value);
  } catch (error) {
    failed(error as Error);
  }
}

/** Where the files lie that read and write files. They are named here, since a bundled script knows its own place only while it begins. */
const assets = {
  worker: () => new Worker(new URL("./formats-worker.js", import.meta.url), { type: "module" }),
  workerURL: () => new URL("./formats-worker.js", import.meta.url),
  wasmURL: () => new URL("./importers.wasm", import.meta.url),
};

// One open database.

import { encodeValue } from "./encode.js";
import type { Engine } from "./engine.js";
import { PocketGraphError } from "./errors.js";
import { Queries } from "./queries.js";
import { transact } from "./transaction.js";
import type { Database, Diagnostics, Info, Parameter, SnapshotInfo, Stats, Transaction, TransactionOptions, Value } from "./types.js";
import { Op, type Writer } from "./wire.js";

/** How long close() waits for the engine to flush and let go before it ends the worker anyway. Nothing acknowledged is lost by that. */
const closeTimeout = 10_000;

export class OpenDatabase extends Queries implements Database {
  readonly info: Info;
  private closing: Promise<void> | null = null;

  /** `opened` is the info map of OPEN. */
  constructor(engine: Engine, opened: { [key: string]: Value }, integers: "auto" | "bigint") {
    super(engine, opened.database as number, opened.elementPrefix as string, integers);
    this.info = infoOf(opened);
  }

  get closed(): boolean {
    return this.closing !== null || this.engine.dead !== null;
  }

  protected override transactionId(): number {
    if (this.closing) throw closed();
    return 0;
  }

  async transaction<T>(fn: (tx: Transaction) => Promise<T> | T, options: TransactionOptions = {}): Promise<T> {
    this.transactionId();
    const { engine, database, elementPrefix, integers } = this;
    return transact({ engine, database, elementPrefix, integers }, fn, options);
  }

  async registerTable(signature: string, rows: readonly (readonly Parameter[])[]): Promise<void> {
    await this.ask(Op.registerTable, (w) => {
      w.string(signature);
      w.varuint(rows.length);
      rows.forEach((row, i) => encodeValue(w, row, ["rows", i], 1));
    });
  }

  async snapshot(): Promise<SnapshotInfo> {
    return (await this.ask(Op.snapshot)) as unknown as SnapshotInfo;
  }

  async check(): Promise<string[]> {
    return (await this.ask(Op.check)).problems as string[];
  }

  async stats(): Promise<Stats> {
    return this.ask(Op.stats);
  }

  async diagnostics(): Promise<Diagnostics> {
    return this.ask(Op.diagnostics);
  }

  close(): Promise<void> {
    return (this.closing ??= this.shut());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async ask(kind: number, body?: (w: Writer) => void): Promise<{ [key: string]: Value }> {
    this.transactionId();
    return this.engine.request(kind, { database: this.database }, body);
  }

  // The engine answers everything in flight with CLOSED, or with its outcome
  // where that came first, and then CLOSE.
  private async shut(): Promise<void> {
    if (this.engine.dead) return;
    let timer: ReturnType<typeof setTimeout>;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeTimeout)));
    const done = this.engine.request(Op.close, { database: this.database });
    try {
      await Promise.race([done, late]);
    } finally {
      clearTimeout(timer!);
      this.engine.end(closed());
      done.catch(() => {});
    }
  }
}

function closed(): PocketGraphError {
  return new PocketGraphError("CLOSED", "the database is closed");
}

/** What of OPEN's answer concerns the user. */
function infoOf(opened: { [key: string]: Value }): Info {
  const { database, protocol, elementPrefix, fallback, ...info } = opened;
  return { ...info, ...(fallback ? { storageReason: fallback } : {}) } as unknown as Info;
}

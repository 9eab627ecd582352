// neo4j-driver's sessions and transactions, on a database of ours.

import { Neo4jError, translated } from "./neo4j-errors.js";
import { Result, type Context, type Query } from "./neo4j-result.js";
import type { Database, Transaction as OurTransaction } from "./types.js";

type Dict = { [key: string]: any };

/** Of a session or transaction: whether it may write. */
export type AccessMode = "READ" | "WRITE";
/** What a transaction is begun with. */
export interface TransactionConfig {
  /** Milliseconds. */
  timeout?: number | bigint | { toNumber(): number };
  /** Taken, and not kept. */
  metadata?: Dict;
}

const milliseconds = ({ timeout }: TransactionConfig = {}) => (timeout === undefined || !Number(timeout) ? undefined : Number(timeout));

/** A transaction whose end is the driver's business: `executeRead` and `executeWrite` give one. */
export class ManagedTransaction {
  /** @internal */
  constructor(
    protected readonly begun: Promise<OurTransaction>,
    protected readonly context: Context,
  ) {}
  run<R extends Dict = Dict>(query: Query, parameters?: Dict): Result<R> {
    return new Result<R>(query, parameters, this.context, async (ask) => ask(await this.begun));
  }
}

/** A transaction that the caller ends. */
export class Transaction extends ManagedTransaction {
  private open = true;
  /** @internal */
  constructor(
    begun: Promise<OurTransaction>,
    context: Context,
    /** Settles when the transaction has ended as it was asked to. */
    private readonly ended: Promise<unknown>,
    private readonly decide: { commit(): void; rollback(): void },
  ) {
    super(begun, context);
  }
  isOpen(): boolean {
    return this.open;
  }
  async commit(): Promise<void> {
    if (!this.open) throw new Neo4jError("Cannot commit this transaction, because it has already been committed or rolled back.", "N/A");
    await this.end(() => this.decide.commit());
  }
  async rollback(): Promise<void> {
    if (!this.open) throw new Neo4jError("Cannot rollback this transaction, because it has already been committed or rolled back.", "N/A");
    await this.end(() => this.decide.rollback());
  }
  /** Rolls back if it is still open. */
  async close(): Promise<void> {
    if (this.open) await this.rollback();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
  private async end(decide: () => void): Promise<void> {
    this.open = false;
    await this.begun.catch((error) => Promise.reject(translated(error)));
    decide();
    await this.ended.catch((error) => Promise.reject(translated(error)));
  }
}

/** Statements and transactions one after another. */
export class Session {
  private readonly transactions = new Set<Transaction>();
  private closed = false;

  /** @internal */
  constructor(
    private readonly db: () => Promise<Database>,
    private readonly context: Context,
    private readonly mode: AccessMode,
  ) {}

  /** One statement in a transaction of its own. */
  run<R extends Dict = Dict>(query: Query, parameters?: Dict, config?: TransactionConfig): Result<R> {
    return new Result<R>(query, parameters, this.context, async (ask) => ask(await this.opened(), { timeout: milliseconds(config) }));
  }

  beginTransaction(config?: TransactionConfig): Promise<Transaction> & Transaction {
    let commit!: () => void, rollback!: (why: unknown) => void, granted!: (tx: OurTransaction) => void, refused!: (why: unknown) => void;
    const rolledBack = Symbol("rolled back");
    const begun = new Promise<OurTransaction>((resolve, reject) => ([granted, refused] = [resolve, reject]));
    const decided = new Promise<void>((resolve, reject) => ([commit, rollback] = [resolve, reject]));
    const work = async (db: Database) =>
      db.transaction(
        (tx) => {
          granted(tx);
          return decided;
        },
        { readOnly: this.mode === "READ", timeout: milliseconds(config) },
      );
    const ended = this.opened()
      .then(work)
      .catch((error) => {
        refused(error);
        if (error !== rolledBack) throw error;
      });
    for (const promise of [begun, decided, ended]) promise.catch(() => {}); // whoever asks is told
    const transaction = new Transaction(begun, this.context, ended, { commit, rollback: () => rollback(rolledBack) });
    this.transactions.add(transaction);
    void ended.catch(() => {}).then(() => this.transactions.delete(transaction));
    // As in neo4j-driver it can be used before it is awaited.
    const ready = begun.then(
      () => transaction,
      (error) => Promise.reject(translated(error)),
    );
    ready.catch(() => {});
    return Object.assign(Object.create(transaction), {
      then: ready.then.bind(ready),
      catch: ready.catch.bind(ready),
      finally: ready.finally.bind(ready),
      commit: () => transaction.commit(),
      rollback: () => transaction.rollback(),
      close: () => transaction.close(),
      isOpen: () => transaction.isOpen(),
    });
  }

  executeRead<T>(work: (tx: ManagedTransaction) => Promise<T> | T, config?: TransactionConfig): Promise<T> {
    return this.execute("READ", work, config);
  }
  executeWrite<T>(work: (tx: ManagedTransaction) => Promise<T> | T, config?: TransactionConfig): Promise<T> {
    return this.execute("WRITE", work, config);
  }
  /** @deprecated `executeRead` */
  readTransaction<T>(work: (tx: ManagedTransaction) => Promise<T> | T, config?: TransactionConfig): Promise<T> {
    return this.executeRead(work, config);
  }
  /** @deprecated `executeWrite` */
  writeTransaction<T>(work: (tx: ManagedTransaction) => Promise<T> | T, config?: TransactionConfig): Promise<T> {
    return this.executeWrite(work, config);
  }

  /** There is one database and no cluster: nothing to wait for. */
  lastBookmarks(): string[] {
    return [];
  }
  /** Rolls back what is open. The database stays open until the driver is closed. */
  async close(): Promise<void> {
    this.closed = true;
    for (const transaction of this.transactions) await transaction.close().catch(() => {});
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async execute<T>(mode: AccessMode, work: (tx: ManagedTransaction) => Promise<T> | T, config?: TransactionConfig): Promise<T> {
    try {
      const db = await this.opened();
      return await db.transaction((tx) => work(new ManagedTransaction(Promise.resolve(tx), this.context)), { readOnly: mode === "READ", timeout: milliseconds(config) });
    } catch (error) {
      throw translated(error);
    }
  }
  private opened(): Promise<Database> {
    if (this.closed) return Promise.reject(new Neo4jError("Cannot run query in a closed session.", "N/A"));
    return this.db();
  }
}

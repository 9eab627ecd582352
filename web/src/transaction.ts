// Interactive transactions: begin, run the caller's function, commit or roll back.

import type { Link } from "./engine.js";
import { aborted, asError, PocketGraphError } from "./errors.js";
import { encodeMap } from "./encode.js";
import { checkTimeout, Queries } from "./queries.js";
import type { Transaction, TransactionOptions } from "./types.js";
import { Op } from "./wire.js";

/** The database a transaction is on. */
export interface Home {
  engine: Link;
  database: number;
  elementPrefix: string;
  integers: "auto" | "bigint";
  allowOrigins?: readonly string[];
}

class OpenTransaction extends Queries implements Transaction {
  /** Why nothing runs in it any more. */
  ended: PocketGraphError | null = null;

  constructor(home: Home, readonly id: number) {
    super(home.engine, home.database, home.elementPrefix, home.integers, home.allowOrigins);
  }

  protected override transactionId(): number {
    if (this.ended) throw this.ended;
    return this.id;
  }

  end(error: PocketGraphError): void {
    this.ended ??= error;
  }
}

/** Runs fn in a transaction: committed when it returns, rolled back when it throws, is aborted or takes too long. */
export async function transact<T>(home: Home, fn: (tx: Transaction) => Promise<T> | T, options: TransactionOptions): Promise<T> {
  const { engine, database } = home;
  const { signal, timeout } = options;
  checkTimeout(timeout);
  if (signal?.aborted) throw aborted(signal);
  const limit = deadline(signal, timeout);
  try {
    const begun = await begin(home, options, limit);
    const tx = new OpenTransaction(home, begun);
    try {
      if (options.metadata) await engine.request(Op.metadata, { database, transaction: tx.id }, (w) => encodeMap(w, options.metadata, ["metadata"]));
      const result = await Promise.race([fn(tx), limit.reached]);
      tx.end(over());
      await engine.request(Op.commit, { database, transaction: tx.id });
      return result;
    } catch (cause) {
      // What fn still asks for gets the reason; the engine answers ROLLBACK also for a transaction that is gone.
      tx.end(cause instanceof PocketGraphError ? cause : over());
      await engine.request(Op.rollback, { database, transaction: tx.id }).catch(() => {});
      throw cause;
    }
  } finally {
    limit.clear();
  }
}

/** A transaction that is granted only after its caller has given up is rolled back, or it would hold the writer. */
async function begin({ engine, database }: Home, options: TransactionOptions, limit: Limit): Promise<number> {
  const granted = engine
    .request(Op.begin, { database }, (w) => w.u8(options.readOnly ? 0 : 1))
    .then((done) => done.transaction as number);
  try {
    return await Promise.race([granted, limit.reached]);
  } catch (cause) {
    granted.then((transaction) => engine.request(Op.rollback, { database, transaction })).catch(() => {});
    throw asError(cause);
  }
}

interface Limit {
  /** Rejects when the signal or the clock says so; never resolves. */
  reached: Promise<never>;
  clear(): void;
}

function deadline(signal: AbortSignal | undefined, timeout: number | undefined): Limit {
  let clear = () => {};
  const reached = new Promise<never>((_, reject) => {
    const abort = () => reject(aborted(signal!));
    const timer = timeout === undefined || timeout > maxTimer ? undefined : setTimeout(() => reject(late(timeout)), timeout);
    signal?.addEventListener("abort", abort);
    clear = () => (clearTimeout(timer), signal?.removeEventListener("abort", abort));
  });
  reached.catch(() => {}); // nobody may be waiting at that moment
  return { reached, clear };
}

/** The longest setTimeout; above it, it fires at once. */
const maxTimer = 2 ** 31 - 1;

function late(timeout: number): PocketGraphError {
  return new PocketGraphError("TIMEOUT", `the transaction took longer than ${timeout} ms and was rolled back`);
}

function over(): PocketGraphError {
  return new PocketGraphError("TX_EXPIRED", "the transaction has ended", {
    hint: "Await every query inside the function given to transaction().",
  });
}

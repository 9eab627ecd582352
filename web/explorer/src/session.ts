// The open store, and the worker it runs in, which the page holds itself so
// that it can be killed.

import { open, type Database, type RecoveryReport } from "pocketgraph";

export type State = "opening" | "open" | "dead" | "closed";

export class Session {
  name = "";
  state: State = "closed";
  db: Database | null = null;
  /** What this page knows of the last snapshot. */
  lastSnapshot: { sequence: number; bytes: number; milliseconds: number } | null = null;
  private worker: Worker | null = null;

  constructor(private readonly changed: () => void) {}

  /** Opens (creates, recovers) a store, and lets go of the one before. */
  async open(name: string, recovery: "strict" | "salvage" = "strict"): Promise<Database> {
    await this.close();
    this.name = name;
    this.lastSnapshot = null;
    this.become("opening");
    try {
      this.db = await open(name, { recovery, createWorker: () => (this.worker = makeWorker()) });
      this.become("open");
      return this.db;
    } catch (error) {
      this.worker?.terminate();
      this.become("closed");
      throw error;
    }
  }

  /** The open database, or an error that says it is not. */
  database(): Database {
    if (this.db && this.state === "open" && !this.db.closed) return this.db;
    throw Object.assign(new Error("no store is open"), { code: "CLOSED", hint: "Open the store again with the button above." });
  }

  get recovery(): RecoveryReport | null {
    return this.db?.info.recovery ?? null;
  }

  /** Ends the worker as a crash would: no flush, no goodbye. */
  kill(): void {
    this.worker?.terminate();
    this.worker = null;
    this.become("dead");
  }

  async close(): Promise<void> {
    const { db } = this;
    this.db = null;
    if (db && !db.closed && this.state === "open") await db.close();
    this.become("closed");
  }

  private become(state: State): void {
    this.state = state;
    this.changed();
  }
}

function makeWorker(): Worker {
  return new Worker(new URL("worker.js", document.baseURI), { type: "module", name: "pocketgraph" });
}

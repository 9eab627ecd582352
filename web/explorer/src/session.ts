// The open store, and the worker it runs in, which the page holds itself so
// that it can be killed.

import { open, type Database, type Progress, type RecoveryReport } from "pocketgraph";

type State = "opening" | "open" | "dead" | "closed";

export class Session {
  name = "";
  state: State = "closed";
  /** What opening is about, in words; empty when nothing is. */
  doing = "";
  db: Database | null = null;
  /** What this page knows of the last snapshot. */
  lastSnapshot: { sequence: number; bytes: number; milliseconds: number } | null = null;
  private worker: Worker | null = null;
  /** The connection whose worker was killed is letting go. */
  private ending: Promise<void> | null = null;

  /** `changed` hears of every state, `opened` of each database. */
  constructor(private readonly changed: () => void, private readonly opened: (db: Database) => void) {}

  /** Opens (creates, recovers) a store, and lets go of the one before. */
  async open(name: string, recovery: "strict" | "salvage" = "strict"): Promise<Database> {
    await this.close();
    this.name = name;
    this.lastSnapshot = null;
    this.become("opening");
    try {
      this.db = await open(name, { recovery, createWorker: () => (this.worker = makeWorker()), onRole: () => this.changed(), onProgress: (progress) => this.tell(progress) });
      this.become("open");
      this.opened(this.db);
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

  /** Whether another tab has the files, and this one asks it. */
  get follows(): boolean {
    return this.state === "open" && this.db?.info.role === "follower";
  }

  /**
   * Ends the worker as a crash would: no flush, no goodbye. The connection goes
   * with it, or the package would start another worker at once, as it does when
   * the tab that has the files is gone.
   */
  kill(): void {
    this.worker?.terminate();
    this.worker = null;
    this.ending = this.db?.close().catch(() => {}) ?? null;
    this.become("dead");
  }

  async close(): Promise<void> {
    const { db } = this;
    this.db = null;
    await this.ending;
    this.ending = null;
    if (db && !db.closed && this.state === "open") await db.close();
    this.become("closed");
  }

  private tell({ stage, done, total }: Progress): void {
    if (this.state !== "opening") return; // this tab takes the files over from another, in passing
    const words = { download: "loading the engine…", start: "starting the engine…", recovery: "opening…", snapshot: "reading the snapshot…", indexes: "building indexes…", replay: "reading the log…" };
    this.doing = words[stage] + (done && total && done < total ? ` ${Math.floor((100 * done) / total)} %` : "");
    this.changed();
  }

  private become(state: State): void {
    this.doing = "";
    this.state = state;
    this.changed();
  }
}

function makeWorker(): Worker {
  return new Worker(new URL("worker.js", document.baseURI), { type: "module", name: "pocketgraph" });
}

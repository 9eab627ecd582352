// One transaction that is filled in many requests: of an import, of a load.

import type { Link } from "./engine.js";
import type { Value } from "./types.js";
import { Op, type Writer } from "./wire.js";

export class Pieces {
  private transaction = 0;
  /** The commit was asked for: from here on the engine's answer counts. */
  committing = false;
  /** It was rolled back, perhaps before it began. */
  private over = false;
  /** Ids of requests in flight: to be cancelled. */
  private readonly running = new Set<number>();

  constructor(
    private readonly engine: Link,
    private readonly database: number,
  ) {}

  get begun(): boolean {
    return this.transaction !== 0;
  }

  async begin(): Promise<void> {
    this.transaction = (await this.ask(Op.begin, (w) => w.u8(1))).transaction as number;
    if (this.over) return this.rollBack(); // nobody waits for it any more
  }

  /** Sends a request in the transaction and awaits its answer; rollBack cancels it. */
  ask(kind: number, body: (w: Writer) => void): Promise<{ [key: string]: Value }> {
    return new Promise((resolve, reject) => {
      const settled = () => this.running.delete(id);
      const id = this.engine.send(kind, { database: this.database, transaction: this.transaction }, { done: (map) => (settled(), resolve(map)), fail: (e) => (settled(), reject(e)) }, body);
      this.running.add(id);
    });
  }

  /** Resolves with the sequence, if anything was begun. */
  async commit(): Promise<number | undefined> {
    this.committing = true;
    return this.begun ? ((await this.ask(Op.commit, () => {})).sequence as number) : undefined;
  }

  /** Nothing of it stays. */
  async rollBack(): Promise<void> {
    const { engine, database } = this;
    if (this.committing) return;
    this.over = true;
    for (const id of this.running) engine.about(Op.cancel, id, database);
    if (!this.begun) return;
    await engine.request(Op.rollback, { database, transaction: this.transaction }).catch(() => {});
  }
}

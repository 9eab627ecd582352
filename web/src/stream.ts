// Rows one by one, with back-pressure by batches: the engine may send two
// batches, and one more for each that was used up.

import type { Decoding, Frame } from "./decode.js";
import type { PocketGraphError } from "./errors.js";
import { rowsOf } from "./result.js";
import { Answer } from "./wire.js";

/** Batches the engine may be ahead of the reader: one that is read, one on its way. */
export const ahead = 2;

/** What a stream needs of the query behind it. */
export interface Source {
  /** Sends the query; answers go to the stream. */
  begin(): void;
  more(): void;
  cancel(): void;
}

export class RowStream<T> implements AsyncIterableIterator<T> {
  private source: Source | null = null;
  private columns: string[] = [];
  private batches: Frame[] = [];
  private rows: Iterator<T> | null = null;
  private state: "idle" | "running" | "ended" = "idle";
  private error: PocketGraphError | null = null;
  private wake: (() => void) | null = null;

  constructor(
    private readonly asArrays: boolean,
    private readonly decoding: Decoding,
  ) {}

  from(source: Source): this {
    this.source = source;
    return this;
  }

  // ---- what the engine says

  take(frame: Frame): void {
    if (frame.kind === Answer.head) this.columns = frame.strings();
    else if (frame.kind === Answer.rows) this.batches.push(frame);
    this.wake?.();
  }
  done(): void {
    this.state = "ended";
    this.wake?.();
  }
  fail(error: PocketGraphError): void {
    this.error = error;
    this.done();
  }

  // ---- what the reader asks

  async next(): Promise<IteratorResult<T>> {
    if (this.state === "idle") {
      this.state = "running"; // the query is sent when the loop begins, so that a stream nobody reads costs nothing
      this.source!.begin();
    }
    for (;;) {
      const row = this.rows?.next();
      if (row && !row.done) return row;
      if (this.rows) this.source!.more();
      this.rows = null;
      const batch = this.batches.shift();
      if (batch) this.rows = rowsOf<T>(batch, this.columns, this.asArrays, this.decoding)[Symbol.iterator]();
      else if (this.error) throw this.error;
      else if (this.state === "ended") return { done: true, value: undefined };
      else await new Promise<void>((wake) => (this.wake = wake));
    }
  }

  /** Leaving the loop ends the query. */
  async return(): Promise<IteratorResult<T>> {
    if (this.state === "running") this.source!.cancel();
    this.state = "ended";
    this.batches = [];
    this.rows = null;
    this.error = null;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

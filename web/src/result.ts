// Results: the frames of one query, turned into rows when somebody looks.

import { Batch, type Decoding, type Frame } from "./decode.js";
import { PocketGraphError } from "./errors.js";
import type { Result, Summary, Value } from "./types.js";
import { Answer } from "./wire.js";

/** Collects the answers to a query. */
export class Collected {
  columns: string[] = [];
  batches: Frame[] = [];
  private readonly begun = performance.now();

  take(frame: Frame): void {
    if (frame.kind === Answer.head) this.columns = frame.strings();
    else if (frame.kind === Answer.rows) this.batches.push(frame);
  }

  /** The result as the caller gets it: `rows` is a property like the others, but computed when first read. */
  result<T>(done: { [key: string]: Value }, asArrays: boolean, decoding: Decoding): Result<T> {
    const { columns } = this;
    let frames: Frame[] | null = this.batches;
    let rows: T[] = [];
    const read = () => {
      if (frames) rows = frames.flatMap((frame) => [...rowsOf<T>(frame, columns, asArrays, decoding)]);
      frames = null;
      return rows;
    };
    const result = { columns, rows, summary: summaryOf(done, performance.now() - this.begun) };
    return Object.defineProperty(result, "rows", { get: read, enumerable: true });
  }
}

/** The rows of one ROWS frame. */
export function rowsOf<T>(frame: Frame, columns: readonly string[], asArrays: boolean, decoding: Decoding): Iterable<T> {
  try {
    const batch = new Batch(frame, decoding);
    return (asArrays ? batch.arrays() : batch.objects(columns)) as Iterable<unknown> as Iterable<T>;
  } catch (cause) {
    throw new PocketGraphError("PROTOCOL", "the engine sent rows that cannot be read", { cause });
  }
}

export function summaryOf(done: { [key: string]: Value }, milliseconds: number): Summary {
  return { counters: {}, writes: false, sequence: 0, ...done, milliseconds } as Summary;
}

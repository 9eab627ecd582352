// Results: the frames of one query, turned into rows when somebody looks.

import type { Listener } from "./engine.js";
import { Batch, nothingWritten, type Decoding, type Frame } from "./decode.js";
import { PocketGraphError } from "./errors.js";
import type { Result, Summary, Value } from "./types.js";
import { Answer } from "./wire.js";

/** Collects the answers to a query. */
export class Collected<T> implements Listener {
  private columns: string[] = [];
  private batches: Frame[] = [];
  private readonly begun = performance.now();

  constructor(
    private readonly asArrays: boolean,
    private readonly decoding: Decoding,
    private readonly resolve: (result: Result<T>) => void,
    readonly fail: (error: PocketGraphError) => void,
  ) {}

  frame(frame: Frame): void {
    if (frame.kind === Answer.head) this.columns = frame.strings();
    else if (frame.kind === Answer.rows) this.batches.push(frame);
  }

  restart(): void {
    this.columns = [];
    this.batches = [];
  }

  done(map: { [key: string]: Value }): void {
    let result: Result<T>;
    try {
      result = this.result(map);
    } catch (cause) {
      return this.fail(cause as PocketGraphError);
    }
    this.resolve(result);
  }

  /** The result as the caller gets it: `rows` is a property like the others, but of a large answer computed when first read. */
  private result(done: { [key: string]: Value }): Result<T> {
    const { columns, batches, asArrays, decoding } = this;
    const summary = summaryOf(done, performance.now() - this.begun);
    if (!batches.length) return { columns, rows: [], summary };
    if (batches.length === 1 && batches[0].length < lazyFrom) return { columns, rows: rowsOf<T>(batches[0], columns, asArrays, decoding), summary };
    let frames: Frame[] | null = batches;
    let rows: T[] = [];
    const read = () => {
      if (frames) rows = frames.flatMap((frame) => rowsOf<T>(frame, columns, asArrays, decoding));
      frames = null;
      return rows;
    };
    return Object.defineProperty({ columns, rows, summary }, "rows", { get: read, enumerable: true });
  }
}

/** Bytes of rows from which on they are decoded when they are first looked at. */
const lazyFrom = 4096;

/** The rows of one ROWS frame. */
export function rowsOf<T>(frame: Frame, columns: readonly string[], asArrays: boolean, decoding: Decoding): T[] {
  try {
    const batch = new Batch(frame, decoding);
    return (asArrays ? batch.arrays() : batch.objects(columns)) as unknown[] as T[];
  } catch (cause) {
    throw new PocketGraphError("PROTOCOL", "the engine sent rows that cannot be read", { cause });
  }
}

export function summaryOf(done: { [key: string]: Value }, milliseconds: number): Summary {
  // Nearly always; copying an object of unknown properties takes many times as long.
  if (done === nothingWritten) return { counters: { containsUpdates: false }, writes: false, sequence: 0, milliseconds } as unknown as Summary;
  const summary: { [key: string]: Value } = { counters: {}, writes: false, sequence: 0, milliseconds: 0 };
  for (const key in done) summary[key] = done[key]; // names of ours; a copy by spreading takes several times as long
  summary.milliseconds = milliseconds;
  return summary as unknown as Summary;
}

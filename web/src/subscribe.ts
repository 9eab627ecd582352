// What comes without being asked each time: the change feed and live queries.
// A module of its own, loaded when somebody subscribes; what it needs of the
// page's module it is given, so that nothing is loaded twice.

import { textOf } from "./text.js";
import type { Change, Live, LiveUpdate, CommittedTransaction, Value } from "./types.js";

/** One live query as the page's module runs it. */
export interface LiveSource<T> {
  /** Sends the query; each update goes to `update`, the end to `end`. */
  begin(to: { update(rows: T[], sequence: number): void; end(error?: Error): void }): void;
  /** Asks for one more update. */
  more(): void;
  cancel(): void;
}

/** A row of the feed: a change as Committed.Raw of Go's package storage has it, and, on the last of a transaction, the transaction. */
type FeedRow = [unknown[] | null, { [key: string]: Value } | null];

/**
 * Groups the rows of the change feed by transaction. `prefix` begins the ids of
 * elements; `open` begins the feed, behind a cursor or where it was asked for.
 * When the owner of the files goes, it goes on at the next.
 */
export function transactions(prefix: string, open: (cursor?: string) => AsyncIterableIterator<FeedRow>): AsyncIterableIterator<CommittedTransaction> {
  let rows = open();
  let cursor: string | undefined;
  let changes: Change[] = [];
  return {
    async next() {
      for (;;) {
        let row;
        try {
          row = await rows.next();
        } catch (error) {
          if ((error as { code?: string }).code !== "OWNER_CHANGED") throw error;
          rows = open(cursor);
          changes = [];
          continue;
        }
        if (row.done) return { done: true, value: undefined };
        const [change, transaction] = row.value;
        if (change) changes.push(changeOf(prefix, change as any[]));
        if (!transaction) continue;
        const whole = { ...transaction, sequence: Number(transaction.sequence), time: new Date(transaction.time as number), changes } as CommittedTransaction;
        changes = [];
        cursor = whole.cursor;
        return { done: false, value: whole };
      }
    },
    return: () => rows.return!() as Promise<IteratorReturnResult<undefined>>,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const kinds = "createNode createRelationship deleteNode deleteRelationship setNodeProperty setRelationshipProperty addLabel removeLabel createIndex dropIndex createConstraint dropConstraint".split(" ");
const constraints = [, "unique", "exists", "key", "type"];

/** A change as the user gets it. What was there before and is not known is left out. */
function changeOf(prefix: string, [code, ...v]: any[]): Change {
  const op = Number(code); // integers may come as bigints
  const kind = kinds[op - 4];
  const node = (counter: unknown) => `${prefix}:n:${counter}`;
  const rel = (counter: unknown) => `${prefix}:r:${counter}`;
  const sides = (created: boolean, what: unknown[], content: (...what: any[]) => unknown) =>
    created ? { before: null, after: content(...what) } : { ...(what.length ? { before: content(...what) } : {}), after: null };
  const nodeContent = (labels: string[], properties: unknown) => ({ labels, properties });
  const relContent = (start: unknown, end: unknown, type: string, properties: unknown) => ({ type, start: node(start), end: node(end), properties });
  const index = (_: string, nodes: boolean, of: string, properties: string[]) => ({ [nodes ? "label" : "type"]: of, properties });
  const constraint = (kind: number, types: number, ...rest: Parameters<typeof index>) => ({ ...index(...rest), constraint: constraints[Number(kind)], ...(types ? { types: Number(types) } : {}) });
  switch (op) {
    case 4:
    case 6:
      return { kind, id: node(v[0]), ...sides(op === 4, v.slice(1), nodeContent) } as Change;
    case 5:
    case 7:
      return { kind, id: rel(v[0]), ...sides(op === 5, v.slice(1), relContent) } as Change;
    case 8:
    case 9:
      return { kind, id: op === 8 ? node(v[0]) : rel(v[0]), key: v[1], ...(v.length > 3 ? { before: v[3] } : {}), after: v[2] } as Change;
    case 10:
    case 11:
      return { kind, id: node(v[0]), label: v[1] } as Change;
    case 12:
      return { kind, name: v[0], ...sides(true, v, index) } as Change;
    case 13:
      return { kind, name: v[0], ...sides(false, v.slice(1), index) } as Change;
    case 14:
      return { kind, name: v[2], ...sides(true, v, constraint) } as Change;
    default:
      return { kind, name: v[0], ...sides(false, v.slice(1), constraint) } as Change;
  }
}

/** The updates of a live query: each has the rows, and how they differ from the ones before. */
export class LiveRows<T> implements Live<T> {
  private state: "idle" | "running" | "ended" = "idle";
  private asked = true; // the query itself asks for the first update
  private latest: { rows: T[]; sequence: number } | null = null;
  private before: Map<string, Shown<T>[]> = new Map();
  private error: Error | undefined;
  private wake: (() => void) | null = null;

  constructor(private readonly source: LiveSource<T>) {}

  async next(): Promise<IteratorResult<LiveUpdate<T>>> {
    if (this.state === "idle") {
      this.state = "running";
      this.source.begin({
        update: (rows, sequence) => ((this.latest = { rows, sequence }), this.wake?.()),
        end: (error) => ((this.error = error), (this.state = "ended"), this.wake?.()),
      });
    }
    if (!this.asked && this.state === "running") this.source.more();
    this.asked = true;
    for (;;) {
      if (this.latest) {
        const { rows, sequence } = this.latest;
        this.latest = null;
        this.asked = false;
        return { done: false, value: { rows, sequence, ...this.differences(rows) } };
      }
      if (this.error) {
        const error = this.error;
        this.error = undefined;
        throw error;
      }
      if (this.state === "ended") return { done: true, value: undefined };
      await new Promise<void>((wake) => (this.wake = wake));
    }
  }

  async return(): Promise<IteratorResult<LiveUpdate<T>>> {
    if (this.state === "running") this.source.cancel();
    this.state = "ended";
    this.latest = null;
    this.error = undefined;
    this.before = new Map();
    this.wake?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Compares rows as a multiset, whatever their order. Rows that show elements are the same row when they show the same ones. */
  private differences(rows: T[]): { added: T[]; removed: T[]; changed: { before: T; after: T }[] } {
    const { before } = this;
    const now = (this.before = new Map<string, Shown<T>[]>());
    for (const row of rows) {
      const key = keyOf(row);
      const shown = { row, text: textOf(row) };
      now.get(key)?.push(shown) ?? now.set(key, [shown]);
    }
    const added: T[] = [];
    const removed: T[] = [];
    const changed: { before: T; after: T }[] = [];
    for (const key of new Set([...before.keys(), ...now.keys()])) {
      const [gone, come] = without(before.get(key) ?? [], now.get(key) ?? []);
      const same = key === "" ? 0 : Math.min(gone.length, come.length);
      for (let i = 0; i < same; i++) changed.push({ before: gone[i].row, after: come[i].row });
      removed.push(...gone.slice(same).map(({ row }) => row));
      added.push(...come.slice(same).map(({ row }) => row));
    }
    return { added, removed, changed };
  }
}

interface Shown<T> {
  row: T;
  text: string;
}

/** What of two multisets the other does not have. */
function without<T>(before: Shown<T>[], now: Shown<T>[]): [Shown<T>[], Shown<T>[]] {
  const counts = new Map<string, number>();
  for (const { text } of now) counts.set(text, (counts.get(text) ?? 0) + 1);
  const take = ({ text }: Shown<T>) => {
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left > 0;
  };
  const gone = before.filter((shown) => !take(shown));
  // What is left of now's: the counts are now those of rows that are new.
  const come: Shown<T>[] = [];
  for (let i = now.length - 1; i >= 0; i--) {
    const left = counts.get(now[i].text)!;
    if (left > 0) come.unshift(now[i]);
    counts.set(now[i].text, left - 1);
  }
  return [gone, come];
}

/** The identities of the elements that a row shows; empty when it shows none. */
function keyOf(row: unknown): string {
  let key = "";
  Object.values(row as object).forEach((value, i) => {
    if (value && typeof value === "object" && typeof value.id === "string" && (value.labels || value.type)) key += `${i} ${value.id} `;
  });
  return key;
}

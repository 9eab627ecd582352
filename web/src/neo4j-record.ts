// neo4j-driver's Record: a row, by key and by index.

import { Neo4jError } from "./neo4j-errors.js";

type Dict = { [key: string]: any };

/** A row. `Entries` types its keys and their values. */
export class Record<Entries extends Dict = Dict, Key extends keyof Entries = keyof Entries> implements Iterable<Entries[Key]> {
  readonly length: number;

  constructor(
    readonly keys: Key[],
    private readonly fields: any[],
  ) {
    this.length = keys.length;
  }

  /** The value under a key or at an index; one that is not there is an error. */
  get<K extends Key>(key: K): Entries[K];
  get(index: number): any;
  get(key: Key | number): any {
    const index = typeof key === "number" ? key : this.keys.indexOf(key);
    if (index in this.fields) return this.fields[index];
    const wanted = typeof key === "number" ? `index '${key}'` : `key '${String(key)}'`;
    throw new Neo4jError(`This record has no field with ${wanted}, available keys are: [${this.keys.join(",")}].`, "N/A");
  }
  /** Whether there is such a key or index. */
  has(key: Key | string | number): boolean {
    return typeof key === "number" ? key in this.fields : this.keys.includes(key as Key);
  }
  toObject(): Entries {
    return Object.fromEntries(this.keys.map((key, i) => [key, this.fields[i]])) as Entries;
  }
  forEach(visit: (value: Entries[Key], key: Key, record: this) => void): void {
    this.keys.forEach((key, i) => visit(this.fields[i], key, this));
  }
  map<T>(visit: (value: Entries[Key], key: Key, record: this) => T): T[] {
    return this.keys.map((key, i) => visit(this.fields[i], key, this));
  }
  *entries(): IterableIterator<[Key, Entries[Key]]> {
    for (let i = 0; i < this.length; i++) yield [this.keys[i], this.fields[i]];
  }
  *values(): IterableIterator<Entries[Key]> {
    yield* this.fields;
  }
  [Symbol.iterator](): IterableIterator<Entries[Key]> {
    return this.values();
  }
}

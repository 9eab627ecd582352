// The API of loading columns.

import type { Parameter } from "./types.js";

/**
 * A value for each row. Of an array each is what it would be as a parameter, and
 * `null` or `undefined` is no property. Of a typed array all are of one kind:
 * Integers, or of Float32Array and Float64Array Floats, also where they are whole.
 */
export type Column =
  | readonly Parameter[]
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** Columns by property, all of one length. */
export type Columns = { readonly [property: string]: Column };

/** Nodes with the same labels. */
export interface NodeTable {
  labels?: readonly string[];
  properties?: Columns;
  /** How many there are, where there are no properties to tell. */
  count?: number;
}

/**
 * Where relationships start or end: row `rows[i]` of `nodes[table]` of the same
 * load; or the one node with the label whose property equals `values[i]` (whole
 * or other numbers, or strings), be it of the same load or there before.
 */
export type Ends =
  | { table: number; rows: readonly number[] | Int32Array | Uint32Array }
  | { label: string; property: string; values: Column };

/** Relationships of one type. */
export interface RelationshipTable {
  type: string;
  from: Ends;
  to: Ends;
  properties?: Columns;
}

/** What is loaded. */
export interface Tables {
  nodes?: readonly NodeTable[];
  relationships?: readonly RelationshipTable[];
}

/** How it is loaded. */
export interface LoadOptions {
  signal?: AbortSignal;
  /** Nodes and relationships that the engine has taken, of so many. */
  onProgress?: (progress: { done: number; total: number }) => void;
  /** As of a query: kept with the transaction. */
  metadata?: { readonly [key: string]: string };
}

/** What was loaded. */
export interface LoadReport {
  nodes: number;
  relationships: number;
  /** The place in the log of the load's transaction; missing where there was nothing to load. */
  sequence?: number;
}

/** What takes graphs from the page's memory. */
export interface Loads {
  /**
   * Creates nodes and relationships from columns, in one transaction: all of
   * them, or with an error none. It is the fastest way in: typed arrays are taken
   * as they are, no statement is run. Errors name the table and the row, but for a
   * property that an existence constraint asks for, which is looked at in the end.
   *
   * ```ts
   * await db.load({
   *   nodes: [{ labels: ["Person"], properties: { id: Int32Array.of(1, 2), name: ["Ada", "Grace"] } }],
   *   relationships: [{ type: "KNOWS", from: { table: 0, rows: [0] }, to: { label: "Person", property: "id", values: [2] } }],
   * });
   * ```
   */
  load(tables: Tables, options?: LoadOptions): Promise<LoadReport>;
}

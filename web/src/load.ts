// Graphs from the page's memory: tables of columns, which become bodies of BULK
// (jsbridge/PROTOCOL.md, section 10) in one transaction. In an entry of its own,
// which the package loads when somebody loads; errors come from the caller, so
// that there is one class of them.

import { encodeMap, encodeValue } from "./encode.js";
import type { FormatsHome } from "./formats.js";
import type { Column, Columns, Ends, LoadOptions, LoadReport, Tables } from "./load-types.js";
import { Pieces } from "./pieces.js";
import type { Parameter } from "./types.js";
import { Op, Writer } from "./wire.js";

/** Rows of one body: the engine works on it for some ten milliseconds, and takes no more than 65,536. */
const pieceRows = 1 << 14;
/** Bytes that a body of several rows may have: of long values it takes fewer rows. */
const pieceBytes = 8 << 20;
/** Bodies in flight, by rows and by bytes: the page prepares one while the engine works on another, or on many small ones. */
const ahead = 2;

/** How values lie in a body. */
const Form = { values: 1, int32: 2, int64: 4, float: 5, text: 7 } as const;

/** Any table, with its columns checked to be of one length. */
interface Table {
  place: string;
  rows: number;
  /** Nodes before this table of nodes. */
  before: number;
  properties: [string, Column][];
}

export async function load(home: FormatsHome, tables: Tables, options: LoadOptions = {}): Promise<LoadReport> {
  const { signal, onProgress, metadata } = options;
  const pieces = new Pieces(home.engine, home.database);
  const abort = () => void pieces.rollBack();
  signal?.addEventListener("abort", abort);
  try {
    const whole = new Whole(home, tables);
    const aborting = () => {
      if (signal?.aborted) throw home.aborted(signal);
    };
    aborting();
    if (whole.total) await pieces.begin();
    if (whole.total && metadata) await pieces.ask(Op.metadata, (w) => encodeMap(w, metadata, ["metadata"]));
    const flying: Promise<void>[] = [];
    let [rowsAhead, bytesAhead, done] = [0, 0, 0];
    for (const { rows, bytes } of whole.bodies()) {
      const { length } = bytes;
      while (flying.length && (rowsAhead + rows > ahead * pieceRows || bytesAhead + length > ahead * pieceBytes)) await flying.shift();
      aborting();
      rowsAhead += rows;
      bytesAhead += length;
      const taken = pieces.ask(Op.bulk, (w) => w.raw(bytes)).then(() => {
        rowsAhead -= rows;
        bytesAhead -= length;
        onProgress?.({ done: (done += rows), total: whole.total });
      });
      taken.catch(() => {}); // it is met in its turn
      flying.push(taken);
    }
    for (const taken of flying) await taken;
    aborting();
    const sequence = await pieces.commit();
    return { nodes: whole.nodes, relationships: whole.total - whole.nodes, ...(sequence ? { sequence } : {}) };
  } catch (cause) {
    await pieces.rollBack();
    if (signal?.aborted && !pieces.committing) throw home.aborted(signal);
    const error = home.asError(cause);
    // The codec's own errors are of this file's copy of the class.
    throw error !== cause && (cause as typeof error).code ? home.error((cause as typeof error).code, error.message, { hint: (cause as typeof error).hint }) : error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

class Whole {
  total = 0;
  nodes = 0;
  private readonly tables: (Table & { labels?: readonly string[]; ends?: [Ends, Ends]; type?: string })[] = [];

  constructor(
    private readonly home: FormatsHome,
    { nodes = [], relationships = [] }: Tables,
  ) {
    nodes.forEach(({ labels = [], properties = {}, count }, i) => {
      const place = `nodes[${i}]`;
      if (!Array.isArray(labels) || labels.some((label) => typeof label !== "string")) throw this.invalid(`${place}.labels are no strings`);
      this.tables.push({ ...this.table(place, properties, [["count", count]]), labels });
    });
    this.nodes = this.total;
    relationships.forEach(({ type, from, to, properties = {} }, i) => {
      const place = `relationships[${i}]`;
      if (typeof type !== "string") throw this.invalid(`${place}.type is no string`);
      const ends = [["from", endsOf(from)?.length], ["to", endsOf(to)?.length]] as [string, number | undefined][];
      for (const [name, length] of ends) if (!(length! >= 0)) throw this.invalid(`${place}.${name} has neither rows of a table nor values of a label and a property`);
      const table = { ...this.table(place, properties, ends), type, ends: [from, to] as [Ends, Ends] };
      table.ends.forEach((end, i) => this.checkEnd(end, `${place}.${ends[i][0]}`, nodes.length));
      this.tables.push(table);
    });
  }

  private invalid(message: string) {
    return this.home.error("INVALID_ARGUMENT", message);
  }

  private table(place: string, columns: Columns, lengths: [string, number | undefined][]): Table {
    const properties = Object.entries(columns);
    const all = [...lengths, ...properties.map(([name, column]) => [`properties.${name}`, isColumn(column) ? column.length : NaN] as [string, number])];
    const known = all.filter(([, length]) => length !== undefined) as [string, number][];
    const rows = known[0]?.[1] ?? 0;
    for (const [name, length] of known) {
      if (!Number.isSafeInteger(length) || length < 0) throw this.invalid(`${place}.${name} is no column`);
      if (length !== rows) throw this.invalid(`${place}.${name} has ${length} rows, ${known[0][0]} has ${rows}`);
    }
    const before = this.total;
    this.total += rows;
    return { place, rows, before, properties };
  }

  private checkEnd(end: Ends, place: string, tables: number): void {
    if (!("table" in end)) return;
    const table = this.tables[end.table];
    if (!(end.table >= 0 && end.table < tables) || !table) throw this.invalid(`${place}: there is no nodes[${end.table}]`);
    const { rows } = end;
    for (let i = 0; i < rows.length; i++) {
      if (!(rows[i] >= 0 && rows[i] < table.rows) || !Number.isInteger(rows[i])) throw this.invalid(`${place}.rows[${i}] is ${rows[i]}: nodes[${end.table}] has ${table.rows} rows`);
    }
  }

  /** The bytes of a body are there until the next one is asked for. */
  *bodies(): Generator<{ rows: number; bytes: Uint8Array }> {
    const w = new Writer();
    for (const table of this.tables) {
      let rows = pieceRows;
      for (let from = 0; from < table.rows; ) {
        rows = Math.min(rows, table.rows - from);
        w.length = 0;
        if (this.body(w, table, from, from + rows)) {
          yield { rows, bytes: w.bytes.subarray(0, w.length) };
          from += rows;
        } else rows = Math.ceil(rows / 2);
      }
    }
  }

  /** Writes a body; false: it becomes too large, and is not complete. */
  private body(w: Writer, table: (typeof this.tables)[number], from: number, to: number): boolean {
    const { place, labels, ends, type, properties } = table;
    const names = labels ? [...labels] : [type!];
    const kinds = names.length;
    for (const end of ends ?? []) if (!("table" in end)) names.push(end.label, end.property);
    const first = names.length;
    names.push(...properties.map(([name]) => name));
    w.varuint(Number(/\d+/.exec(place)![0]));
    w.varuint(from);
    w.u8(labels ? 0 : 1);
    w.varuint(to - from);
    w.varuint(names.length);
    for (const name of names) w.string(String(name));
    w.varuint(1);
    if (labels) w.varuint(kinds);
    for (let i = 0; i < kinds; i++) w.varuint(i);
    let name = kinds;
    const most = to - from > 1 ? pieceBytes : Infinity;
    ends?.forEach((end, i) => {
      const at = `${place}.${i ? "to" : "from"}`;
      if ("table" in end) {
        w.u8(0);
        const { before } = this.tables[end.table];
        w.bare(bytesOf(Uint32Array.from(end.rows.slice(from, to), (row) => before + row)));
      } else {
        w.u8(1);
        w.varuint(name++);
        w.varuint(name++);
        encodeColumn(w, end.values, from, to, most, [`${at}.values`]);
      }
    });
    w.varuint(properties.length);
    return w.length <= most && properties.every(([name, column], i) => {
      w.varuint(first + i);
      encodeColumn(w, column, from, to, most, [`${place}.properties.${name}`]);
      return w.length <= most;
    });
  }
}

function endsOf(end: Ends): Column | undefined {
  const column = end && ("table" in end ? end.rows : typeof end.label === "string" && typeof end.property === "string" ? end.values : undefined);
  return isColumn(column) ? column : undefined;
}

function isColumn(column: unknown): column is Column {
  return Array.isArray(column) || (ArrayBuffer.isView(column) && !(column instanceof DataView) && !(column instanceof BigUint64Array));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Writes rows of a column: typed arrays as they are, arrays in the form that fits
 * what is in them. It ends when there is more than `most` in w.
 */
function encodeColumn(w: Writer, column: Column, from: number, to: number, most: number, at: string[]): void {
  if (!Array.isArray(column)) return encodeTyped(w, column as Exclude<Column, readonly Parameter[]>, from, to);
  const form = formOf(column, from, to);
  w.u8(form);
  if (form === Form.values) {
    w.u8(0);
    for (let i = from; i < to && w.length <= most; i++) encodeValue(w, column[i], placed(at, i), 1);
    return;
  }
  const rows = to - from;
  const nulls = new Uint8Array((rows + 7) >> 3);
  let some = 0;
  for (let i = 0; i < rows; i++) {
    if (column[from + i] == null) {
      nulls[i >> 3] |= 1 << (i & 7);
      some = 1;
    }
  }
  w.u8(some);
  if (some) w.bare(nulls);
  if (form === Form.text) return encodeTexts(w, column, from, to, most, at);
  const numbers = column.slice(from, to).map((x) => x ?? 0) as number[];
  w.bare(bytesOf(form === Form.int32 ? Int32Array.from(numbers) : form === Form.int64 ? int64(numbers) : Float64Array.from(numbers)));
}

/** Whole numbers in 64 bits. */
function int64(numbers: ArrayLike<number>): Uint32Array {
  const halves = new Uint32Array(numbers.length * 2);
  for (let i = 0; i < numbers.length; i++) {
    halves[2 * i] = numbers[i];
    halves[2 * i + 1] = Math.floor(numbers[i] / 2 ** 32);
  }
  return halves;
}

function placed(at: string[], i: number): (string | number)[] {
  return [at[0], i];
}

function encodeTyped(w: Writer, column: Exclude<Column, readonly Parameter[]>, from: number, to: number): void {
  const rows = column.subarray(from, to);
  const [form, slots] =
    rows instanceof Int32Array ? [Form.int32, rows]
    : rows instanceof BigInt64Array ? [Form.int64, rows]
    : rows instanceof Float64Array ? [Form.float, rows]
    : rows instanceof Float32Array ? [Form.float, Float64Array.from(rows)]
    : rows instanceof Uint32Array ? [Form.int64, int64(rows)]
    : [Form.int32, Int32Array.from(rows)];
  w.u8(form);
  w.u8(0);
  w.bare(bytesOf(slots));
}

/** The form of all that is not null; `values` where nothing else fits. */
function formOf(column: readonly Parameter[], from: number, to: number): number {
  let form = 0;
  for (let i = from; i < to; i++) {
    const x = column[i];
    if (x == null) continue;
    let one: number = Form.values;
    if (typeof x === "string") one = Form.text;
    else if (typeof x === "number") one = x === (x | 0) && !Object.is(x, -0) ? Form.int32 : Number.isSafeInteger(x) && x !== 0 ? Form.int64 : Form.float;
    if (one === form) continue;
    if (form === 0 || (form === Form.int32 && one === Form.int64)) form = one;
    else if (form !== Form.int64 || one !== Form.int32) return Form.values;
  }
  return form || Form.values;
}

const utf8 = new TextEncoder();

/** Strings: where each ends, then all of them, encoded at once where that tells where they end. */
function encodeTexts(w: Writer, column: readonly Parameter[], from: number, to: number, most: number, at: string[]): void {
  const texts = column.slice(from, to) as (string | null | undefined)[];
  const ends = new Uint32Array(texts.length);
  let units = 0;
  texts.forEach((text, i) => (ends[i] = units += text?.length ?? 0));
  if (w.length + units > most) {
    w.length += units; // it would have that many bytes at least
    return;
  }
  let bytes = utf8.encode(texts.join(""));
  if (bytes.length !== units) {
    // Not all of it is ASCII: half a surrogate pair may stand at the end of a string, or alone.
    const parts = new Writer();
    texts.forEach((text, i) => {
      if (text && !wellFormedText(text)) throw Object.assign(new Error(`${at[0]}[${from + i}] has half a surrogate pair, which UTF-8 cannot hold`), { code: "INVALID_ARGUMENT", hint: "text.toWellFormed() replaces such halves by U+FFFD." });
      if (text) parts.bare(utf8.encode(text));
      ends[i] = parts.length;
    });
    bytes = parts.bytes.slice(0, parts.length) as Uint8Array<ArrayBuffer>;
  }
  w.bare(bytesOf(ends));
  w.bare(bytes);
}

/** Where the browser cannot say, the halves become U+FFFD. */
function wellFormedText(text: string): boolean {
  return !text.isWellFormed || text.isWellFormed();
}

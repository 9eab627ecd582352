// The wire to JavaScript values (jsbridge/PROTOCOL.md, sections 3 to 5).
//
// The engine is of the same package, so a frame that does not make sense is a
// fault of ours: reading outside it throws RangeError, which the caller turns
// into a PROTOCOL error. Nothing here can loop or allocate without end.

import { rowTemplate, setOwn } from "./objects.js";
import { dateOf, dateTimeOf, durationOf, localDateTimeOf, localTimeOf, timeOf } from "./temporal.js";
import type { Node, Path, Relationship, Row, Value } from "./types.js";
import { Tag } from "./wire.js";

/** How values become JavaScript. */
export interface Decoding {
  /** What element ids begin with: "prefix:n:17". */
  prefix: string;
  /** Integers always as bigint. */
  bigint: boolean;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true }); // a string may begin with U+FEFF
const plain: Decoding = { prefix: "", bigint: false };

/** One frame: a window on a buffer that other frames may share. */
export class Frame {
  readonly length: number;
  readonly kind: number;
  readonly id: number;
  readonly view: DataView;
  /** Where the next value is read, from the start of the frame. */
  at = 16;

  /** `start` must be a multiple of 8; `whole` is the whole buffer. */
  constructor(
    readonly buffer: ArrayBuffer,
    readonly start: number,
    whole = new DataView(buffer),
  ) {
    const length = whole.getUint32(start, true);
    if (length < 16 || length & 7) throw new RangeError(`a frame of ${length} bytes`);
    this.length = length;
    this.kind = whole.getUint8(start + 4);
    this.id = whole.getUint32(start + 8, true);
    this.view = new DataView(buffer, start, length);
  }

  get database(): number {
    return this.view.getUint32(12, true);
  }

  u8(): number {
    return this.view.getUint8(this.at++);
  }
  u32(): number {
    return this.view.getUint32((this.at += 4) - 4, true);
  }
  i32(): number {
    return this.view.getInt32((this.at += 4) - 4, true);
  }
  i64(): bigint {
    return this.view.getBigInt64((this.at += 8) - 8, true);
  }
  u64(): bigint {
    return this.view.getBigUint64((this.at += 8) - 8, true);
  }
  f64(): number {
    return this.view.getFloat64((this.at += 8) - 8, true);
  }

  varuint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      if (scale > 2 ** 28) throw new RangeError("a varuint of more than 5 bytes");
    }
  }

  /** A window on so many bytes, not a copy. */
  window(length: number): Uint8Array<ArrayBuffer> {
    if (this.at + length > this.length) throw new RangeError("bytes beyond the frame");
    return new Uint8Array(this.buffer, this.start + (this.at += length) - length, length);
  }

  string(): string {
    return utf8.decode(this.window(this.varuint()));
  }

  /** A string that probably came before: a key, a column. */
  name(): string {
    const length = this.varuint();
    if (length > longestName) return utf8.decode(this.window(length));
    const { view, at } = this;
    let hash = length;
    for (let i = 0; i < length; i++) hash = (hash * 31 + view.getUint8(at + i)) | 0;
    const known = names[hash & (namesKept - 1)];
    if (known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === view.getUint8(at + i)) i++;
      if (i === length) return (this.at += length), known;
    }
    // Of UTF-8 that is not ASCII the length differs, so it is never taken for known.
    return (names[hash & (namesKept - 1)] = utf8.decode(this.window(length)));
  }

  strings(): string[] {
    const strings = [];
    for (let n = this.count(); n > 0; n--) strings.push(this.name());
    return strings;
  }

  /** A count of things that take at least one byte each. */
  count(): number {
    const count = this.varuint();
    if (count > this.length - this.at) throw new RangeError("a count beyond the frame");
    return count;
  }

  /** A map without tag, for DONE and ERROR. */
  map(decoding = plain): { [key: string]: Value } {
    return readMap(this, decoding, null);
  }
}

/** What DONE says of a statement that wrote nothing, as one object that nobody sees or changes. */
export const nothingWritten: { [key: string]: Value } = { counters: { containsUpdates: false }, writes: false };
/** The frame that says so, once one came. */
let nothing: Frame | null = null;

/** The map of a DONE frame. */
export function doneOf(frame: Frame): { [key: string]: Value } {
  if (nothing?.length === frame.length) {
    let at = 16;
    while (at < frame.length && frame.view.getInt32(at) === nothing.view.getInt32(at)) at += 4;
    if (at === frame.length) return nothingWritten;
  }
  const map = frame.map();
  if (!nothing && map.writes === false && JSON.stringify(map) === JSON.stringify(nothingWritten)) nothing = new Frame(frame.buffer.slice(frame.start, frame.start + frame.length), 0);
  return map;
}

/** Names by a hash of their bytes, so that few are decoded twice; any may be pushed out by another. */
const namesKept = 256;
const longestName = 32;
const names: string[] = new Array(namesKept).fill("");

function integer(value: bigint, d: Decoding): number | bigint {
  const number = Number(value);
  return d.bigint || !Number.isSafeInteger(number) ? value : number;
}

function small(value: number, d: Decoding): number | bigint {
  return d.bigint ? BigInt(value) : value;
}

function readMap(f: Frame, d: Decoding, elements: Elements | null): { [key: string]: Value } {
  const map = {};
  for (let n = f.count(); n > 0; n--) setOwn(map, f.name(), readValue(f, d, elements));
  return map;
}

/** A value with its tag. `elements` are those of the batch it is in. */
export function readValue(f: Frame, d: Decoding, elements: Elements | null): Value {
  const tag = f.u8();
  switch (tag) {
    case Tag.null:
      return null;
    case Tag.false:
      return false;
    case Tag.true:
      return true;
    case Tag.int8:
      return small((f.u8() << 24) >> 24, d);
    case Tag.int32:
      return small(f.i32(), d);
    case Tag.int64:
      return integer(f.i64(), d);
    case Tag.float:
      return f.f64();
    case Tag.string:
      return f.string();
    case Tag.bytes:
      return f.window(f.varuint()).slice();
    case Tag.list:
      return Array.from({ length: f.count() }, () => readValue(f, d, elements));
    case Tag.map:
      return readMap(f, d, elements);
    case Tag.node:
      return elements!.node(f.varuint());
    case Tag.relationship:
      return elements!.relationship(f.varuint());
    case Tag.path:
      return readPath(f, elements!);
    case Tag.date:
      return dateOf(f.i64());
    case Tag.localTime:
      return localTimeOf(f.i64());
    case Tag.time:
      return timeOf(f.i64(), f.i32());
    case Tag.localDateTime:
      return localDateTimeOf(f.i64(), f.i32());
    case Tag.dateTime:
      return dateTimeOf(f.i64(), f.i32(), f.i32(), f.string());
    case Tag.duration:
      return durationOf(f.i64(), f.i64(), f.i64(), f.i32());
    case Tag.point:
      return readPoint(f);
    case Tag.vector:
      return readVector(f);
  }
  throw new RangeError(`a value with tag ${tag}`);
}

function readPath(f: Frame, elements: Elements): Path {
  const hops = f.count();
  const nodes = Array.from({ length: hops + 1 }, () => elements.node(f.varuint()));
  return { nodes, relationships: Array.from({ length: hops }, () => elements.relationship(f.varuint())) };
}

function readPoint(f: Frame): Value {
  const srid = f.i32();
  const [x, y, z] = [f.f64(), f.f64(), f.f64()];
  return { $point: srid === 9157 || srid === 4979 ? { srid, x, y, z } : { srid, x, y } };
}

function readVector(f: Frame): Float32Array {
  const bytes = f.window(f.varuint() * 4).slice(); // of its own, so aligned
  return new Float32Array(bytes.buffer);
}

/** The nodes and relationships of a batch, each decoded when first asked for and then shared. */
class Elements {
  private readonly nodes: (Node | undefined)[] = [];
  private readonly relationships: (Relationship | undefined)[] = [];

  constructor(
    private readonly f: Frame,
    private readonly d: Decoding,
    private readonly names: string[],
    private readonly nodesAt: number,
    private readonly relationshipsAt: number,
  ) {}

  node(index: number): Node {
    return (this.nodes[index] ??= this.at(this.nodesAt, index, () => {
      const id = this.id("n");
      return { id, labels: Array.from({ length: this.f.count() }, () => this.name()), properties: this.properties() };
    }));
  }

  relationship(index: number): Relationship {
    return (this.relationships[index] ??= this.at(this.relationshipsAt, index, () => {
      const id = this.id("r");
      const [start, end] = [this.id("n"), this.id("n")];
      return { id, type: this.name(), start, end, properties: this.properties() };
    }));
  }

  /** Reads an element of the table at `table` and puts the reader back: values refer to elements in their midst. */
  private at<T>(table: number, index: number, read: () => T): T {
    const back = this.f.at;
    if (!table || index >= this.f.view.getUint32(table, true)) throw new RangeError(`element ${index} is not in the batch`);
    this.f.at = this.f.view.getUint32(table + 8 + 4 * index, true);
    const element = read();
    this.f.at = back;
    return element;
  }

  private id(kind: string): string {
    return `${this.d.prefix}:${kind}:${this.f.u64()}`;
  }

  private name(): string {
    const name = this.names[this.f.varuint()];
    if (name === undefined) throw new RangeError("a name that is not in the batch");
    return name;
  }

  private properties(): { [key: string]: Value } {
    const map = {};
    for (let n = this.f.count(); n > 0; n--) setOwn(map, this.name(), readValue(this.f, this.d, this));
    return map;
  }
}

/** The rows of a ROWS frame. Columns are decoded whole when the batch is made, elements when a row has them. */
export class Batch {
  readonly rows: number;
  private readonly columns: ArrayLike<Value>[];

  constructor(f: Frame, d: Decoding) {
    const u32 = (at: number) => f.view.getUint32(at, true);
    this.rows = u32(16);
    const names = u32(24) ? readNames(f, u32(24)) : [];
    const elements = new Elements(f, d, names, u32(28), u32(32));
    const count = u32(20);
    if (40 + 4 * count > f.length) throw new RangeError("more columns than the frame holds");
    this.columns = [];
    for (let i = 0; i < count; i++) this.columns.push(readColumn(f, u32(40 + 4 * i), this.rows, d, elements));
  }

  /** The rows as arrays in column order. */
  arrays(): Value[][] {
    const rows: Value[][] = [];
    const { columns } = this;
    for (let i = 0; i < this.rows; i++) {
      const row: Value[] = [];
      for (let c = 0; c < columns.length; c++) row.push(columns[c][i]);
      rows.push(row);
    }
    return rows;
  }

  /** The rows as objects; `names` are the columns of HEAD. */
  objects(names: readonly string[]): Row[] {
    const rows: Row[] = [];
    const template = rowTemplate(names);
    for (let i = 0; i < this.rows; i++) {
      const row = { ...template };
      for (let c = 0; c < names.length; c++) row[names[c]] = this.columns[c][i]; // an own property: see rowTemplate
      rows.push(row);
    }
    return rows;
  }
}

function readNames(f: Frame, at: number): string[] {
  f.at = at + 4;
  return readStrings(f, f.view.getUint32(at, true));
}

/** u32 length of the blob, the ends in UTF-16 units, the blob: decoded once and cut. */
function readStrings(f: Frame, rows: number): string[] {
  const length = f.u32();
  const ends = f.at;
  f.at += 4 * rows;
  const text = utf8.decode(f.window(length));
  if (rows === 1) return [text];
  const strings: string[] = [];
  for (let i = 0, from = 0; i < rows; i++) strings.push(text.slice(from, (from = f.view.getUint32(ends + 4 * i, true))));
  return strings;
}

function readColumn(f: Frame, at: number, length: number, d: Decoding, elements: Elements): Value[] {
  const nulls = f.view.getUint8(at + 1) === 1;
  const isNull = (i: number) => nulls && ((f.view.getUint8(at + 8 + (i >> 3)) >> (i & 7)) & 1) === 1;
  f.at = at + 8 + (nulls ? ((length + 63) >> 6) * 8 : 0);
  const values = readPayload(f, f.view.getUint8(at), length, isNull, d, elements);
  if (nulls) for (let i = 0; i < length; i++) if (isNull(i)) values[i] = null;
  return values;
}

function readPayload(f: Frame, encoding: number, length: number, isNull: (i: number) => boolean, d: Decoding, elements: Elements): Value[] {
  const values: Value[] = [];
  const each = (read: (i: number) => Value): Value[] => {
    for (let i = 0; i < length; i++) values.push(read(i));
    return values;
  };
  const index = (i: number) => f.view.getUint32(f.at + 4 * i, true); // reading an element leaves f.at where it was
  switch (encoding) {
    case 0:
      return each(() => null);
    case 1:
      return each(() => readValue(f, d, elements));
    case 2:
      for (let i = 0; i < length; i++) values.push(small(f.i32(), d));
      return values;
    case 3:
      return each(() => small(f.f64(), d));
    case 4:
      return each(() => integer(f.i64(), d));
    case 5:
      return each(() => f.f64());
    case 6:
      return each(() => f.u8() !== 0);
    case 7:
      return readStrings(f, length);
    case 8:
      return each((i) => (isNull(i) ? null : elements.node(index(i))));
    case 9:
      return each((i) => (isNull(i) ? null : elements.relationship(index(i))));
  }
  throw new RangeError(`a column with encoding ${encoding}`);
}

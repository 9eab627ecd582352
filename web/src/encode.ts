// JavaScript values to the wire (jsbridge/PROTOCOL.md, section 4).

import { PocketGraphError } from "./errors.js";
import { encodeTemporal } from "./temporal.js";
import type { Parameter, Parameters } from "./types.js";
import { maxDepth, Tag, type Writer } from "./wire.js";

const minInt64 = -(2n ** 63n);
const maxInt64 = 2n ** 63n - 1n;

/** Where a value is, for errors: what it all is, then a key or an index for each level. Kept up to the depth reached. */
export type Place = (string | number)[];

/** Parameters or properties: a map without its tag. */
export function encodeMap(w: Writer, map: Parameters | undefined, at: Place, depth = 0): void {
  const keys = map == null ? [] : Object.keys(map);
  w.varuint(keys.length);
  for (const key of keys) {
    at[depth + 1] = key;
    w.string(key);
    encodeValue(w, map![key], at, depth + 1);
  }
}

/** Writes a value with its tag. `depth` is how many containers it is in. */
export function encodeValue(w: Writer, value: Parameter, at: Place, depth = 0): void {
  switch (typeof value) {
    case "undefined":
      return w.u8(Tag.null);
    case "boolean":
      return w.u8(value ? Tag.true : Tag.false);
    case "number":
      return encodeNumber(w, value);
    case "bigint":
      return encodeBigInt(w, value, at, depth);
    case "string":
      w.u8(Tag.string);
      return w.string(value);
    case "object":
      if (value === null) return w.u8(Tag.null);
      if (depth > maxDepth) throw new PocketGraphError("LIMIT", `${place(at, 3)}… is nested deeper than ${maxDepth}, or contains itself`);
      return encodeObject(w, value, at, depth);
    default:
      throw unfit(at, depth, `a ${typeof value}`);
  }
}

// A number without fraction is an Integer while it is exact; all others, and
// minus zero, are Floats. {$float: 1} is the Float 1.
function encodeNumber(w: Writer, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    w.u8(Tag.float);
    w.f64(value);
  } else if (value === (value << 24) >> 24) {
    w.u8(Tag.int8);
    w.u8(value & 0xff);
  } else if (value === (value | 0)) {
    w.u8(Tag.int32);
    w.i32(value);
  } else {
    w.u8(Tag.int64);
    w.i64(BigInt(value));
  }
}

function encodeBigInt(w: Writer, value: bigint, at: Place, depth: number): void {
  if (value < minInt64 || value > maxInt64) throw unfit(at, depth, "an integer that 64 bits cannot hold");
  if (value >= -0x80000000n && value <= 0x7fffffffn) return encodeNumber(w, Number(value));
  w.u8(Tag.int64);
  w.i64(value);
}

function encodeObject(w: Writer, value: object, at: Place, depth: number): void {
  if (Array.isArray(value)) return encodeList(w, value, at, depth);
  if (value instanceof Float32Array) return encodeVector(w, value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return encodeBytes(w, value, at, depth);
  if (value instanceof Date) return void encodeTemporal(w, "$datetime", dateText(value, at, depth), () => place(at, depth));
  const only = onlyKey(value);
  if (only.startsWith("$") && encodeSpecial(w, only, (value as any)[only], at, depth)) return;
  const prototype = Object.getPrototypeOf(value);
  // Objects of another realm (a frame, a test runner) have another Object.prototype: its parent is null all the same.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw unfit(at, depth, `a ${value.constructor?.name ?? "strange object"}`);
  w.u8(Tag.map);
  encodeMap(w, value as Parameters, at, depth);
}

/** The name of the one property, or "". */
function onlyKey(value: object): string {
  const keys = Object.keys(value);
  return keys.length === 1 ? keys[0] : "";
}

function encodeSpecial(w: Writer, key: string, content: unknown, at: Place, depth: number): boolean {
  if (key === "$float" && typeof content === "number") {
    w.u8(Tag.float);
    w.f64(content);
    return true;
  }
  if (key === "$point") {
    encodePoint(w, content as any, at, depth);
    return true;
  }
  return typeof content === "string" && encodeTemporal(w, key, content, () => place(at, depth));
}

function encodePoint(w: Writer, point: { srid: number; x: number; y: number; z?: number }, at: Place, depth: number): void {
  if (![7203, 9157, 4326, 4979].includes(point?.srid)) throw unfit(at, depth, "a point without a known srid (7203, 9157, 4326 or 4979)");
  w.u8(Tag.point);
  w.i32(point.srid);
  for (const coordinate of [point.x, point.y, point.z ?? 0]) w.f64(coordinate);
}

function encodeList(w: Writer, list: readonly Parameter[], at: Place, depth: number): void {
  w.u8(Tag.list);
  w.varuint(list.length);
  for (let i = 0; i < list.length; i++) {
    at[depth + 1] = i;
    encodeValue(w, list[i], at, depth + 1);
  }
}

function encodeVector(w: Writer, vector: Float32Array): void {
  w.u8(Tag.vector);
  w.varuint(vector.length);
  const bits = new DataView(vector.buffer, vector.byteOffset, vector.byteLength);
  for (let i = 0; i < vector.length; i++) w.i32(bits.getInt32(i * 4, true));
}

function encodeBytes(w: Writer, value: ArrayBufferView | ArrayBuffer, at: Place, depth: number): void {
  if (ArrayBuffer.isView(value) && !(value instanceof Uint8Array)) throw unfit(at, depth, `a ${value.constructor.name}`);
  w.u8(Tag.bytes);
  w.raw(value instanceof Uint8Array ? value : new Uint8Array(value as ArrayBuffer));
}

function dateText(value: Date, at: Place, depth: number): string {
  if (Number.isNaN(value.getTime())) throw unfit(at, depth, "an invalid Date");
  return value.toISOString();
}

/** The place as a person writes it: $rows[3].name. */
function place(at: Place, depth: number): string {
  return at.slice(1, depth + 1).reduce((text: string, step) => text + (typeof step === "number" ? `[${step}]` : text.endsWith("$") ? step : `.${step}`), String(at[0]));
}

function unfit(at: Place, depth: number, is: string): PocketGraphError {
  return new PocketGraphError("INVALID_ARGUMENT", `${place(at, depth)} is ${is}, which is no value of the query language`, {
    hint: "Values are null, booleans, numbers, bigints, strings, Uint8Array, Float32Array, Date, arrays and plain objects of these.",
  });
}

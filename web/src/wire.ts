// The frames of jsbridge/PROTOCOL.md: the numbers of section 2 to 4, and the
// buffer that requests are written into. Bytes are little-endian.

import { PocketGraphError } from "./errors.js";

export const protocolVersion = 1;

/** Operations: the kinds of requests. */
export const Op = {
  hello: 1,
  open: 2,
  destroy: 3,
  list: 4,
  close: 5,
  query: 6,
  more: 7,
  cancel: 8,
  begin: 9,
  commit: 10,
  rollback: 11,
  createNode: 12,
  createRelationship: 13,
  snapshot: 14,
  check: 15,
  stats: 16,
  diagnostics: 17,
  info: 18,
  ping: 19,
  bye: 20,
  registerTable: 21,
  changes: 30,
  live: 31,
  metadata: 32,
  queryWith: 33,
  events: 34,
  register: 40,
  reply: 41,
  unregister: 42,
  bulk: 50,
  export: 51,
} as const;

/** Kinds of answers. One that is not here is to be ignored. */
export const Answer = { hello: 1, done: 2, error: 3, head: 4, rows: 5, progress: 6, call: 40, read: 41, module: 42, there: 43, data: 50 } as const;

/** Tags of values. */
export const Tag = {
  null: 0,
  false: 1,
  true: 2,
  int8: 3,
  int32: 4,
  int64: 5,
  float: 6,
  string: 7,
  bytes: 8,
  list: 9,
  map: 10,
  node: 11,
  relationship: 12,
  path: 13,
  date: 16,
  localTime: 17,
  time: 18,
  localDateTime: 19,
  dateTime: 20,
  duration: 21,
  point: 22,
  vector: 23,
} as const;

/** Bytes of one frame, and of the buffer the worker hands to the engine (`MaxRequest`). */
export const maxRequest = 64 << 20;
/** Nesting of lists and maps in a value (`MaxDepth`). */
export const maxDepth = 100;

const utf8 = new TextEncoder();

/** The name of a request that may have to be repeated, so that it is applied once. */
export interface RequestName {
  /** 16 random bytes, for as long as the database is open here. */
  client: Uint8Array;
  /** Grows with each. */
  request: number;
  /** All requests up to this one have been answered. */
  acknowledged: number;
  /** If it was applied, then under a higher sequence. */
  since: number;
  repeated: boolean;
}

/**
 * Bytes of a small message. It is posted from a buffer that stays, which the
 * browser copies: that takes less than making one and giving it away. A frame
 * of length 0 ends it; what follows is of the messages before.
 */
export const smallMessage = 256;

/** A growing buffer of frames. */
export class Writer {
  private readonly small = new Uint8Array(smallMessage);
  /** For what does not fit into the small one. */
  private large = this.small;
  bytes = this.small;
  view = new DataView(this.bytes.buffer);
  length = 0;

  /** Begins a request frame and returns its offset, which `end` needs. */
  begin(kind: number, id: number, database = 0, transaction = 0, timeout = 0, name?: RequestName, flags = 0): number {
    const start = this.length;
    this.u32(0);
    this.u32(kind | ((flags | (name ? (name.repeated ? 3 : 1) : 0)) << 8)); // the kind, the flags, and the client: 0
    this.u32(id);
    this.u32(database);
    this.u32(transaction);
    this.u32(timeout);
    if (name) {
      this.bare(name.client);
      this.u53(name.request);
      this.u53(name.acknowledged);
      this.u53(name.since);
    }
    return start;
  }

  /** Pads the frame to a multiple of 8 and writes its length. */
  end(start: number): void {
    while (this.length & 7) this.u8(0);
    if (this.length - start > maxRequest) {
      this.length = start;
      throw new PocketGraphError("LIMIT", `a request is above ${maxRequest} bytes`, { hint: "Send the data in several requests." });
    }
    this.view.setUint32(start, this.length - start, true);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  i32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  u32(value: number): void {
    this.i32(value | 0);
  }

  /** A whole number up to 2^53, in 64 bits. */
  private u53(value: number): void {
    this.u32(value);
    this.u32(value / 2 ** 32);
  }

  i64(value: bigint): void {
    this.reserve(8);
    this.view.setBigInt64(this.length, BigInt.asIntN(64, value), true);
    this.length += 8;
  }

  f64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  varuint(value: number): void {
    for (; value > 0x7f; value = Math.floor(value / 128)) this.u8((value & 0x7f) | 0x80);
    this.u8(value);
  }

  raw(bytes: Uint8Array): void {
    this.varuint(bytes.length);
    this.bare(bytes);
  }

  bare(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  string(text: string): void {
    const { length } = text;
    if (length < 128) {
      // Nearly all are short and ASCII, and then a loop is several times faster than the encoder.
      this.reserve(length + 1);
      const { bytes } = this;
      const start = this.length + 1;
      let i = 0;
      for (let unit; i < length && (unit = text.charCodeAt(i)) < 128; i++) bytes[start + i] = unit;
      if (i === length) {
        bytes[start - 1] = length;
        this.length = start + length;
        return;
      }
    }
    if (text.isWellFormed && !text.isWellFormed()) {
      throw new PocketGraphError("INVALID_ARGUMENT", "a string has half a surrogate pair, which UTF-8 cannot hold", {
        hint: "text.toWellFormed() replaces such halves by U+FFFD.",
      });
    }
    this.raw(utf8.encode(text));
  }

  /** Takes all that was written, as a buffer of its own. */
  take(): ArrayBuffer {
    const out = this.bytes.buffer.slice(0, this.length);
    this.length = 0;
    // One large request must not keep its memory for ever.
    if (this.large.length > 1 << 20) this.large = this.small;
    if (this.bytes !== this.small) this.use(this.small);
    return out;
  }

  /** Takes all that was written and posts it: a buffer to be copied, or one to be given away. */
  post(port: { postMessage(frames: ArrayBuffer, transfer?: Transferable[]): void }): void {
    if (this.bytes === this.small) {
      if (this.length < smallMessage) this.view.setUint32(this.length, 0, true);
      this.length = 0;
      return port.postMessage(this.small.buffer);
    }
    const frames = this.take();
    port.postMessage(frames, [frames]);
  }

  private reserve(more: number): void {
    const need = this.length + more;
    if (need <= this.bytes.length) return;
    const old = this.bytes;
    if (need > this.large.length) this.large = new Uint8Array(Math.max(need, old.length * 2, 1 << 12));
    this.use(this.large);
    this.bytes.set(old.subarray(0, this.length));
  }

  private use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

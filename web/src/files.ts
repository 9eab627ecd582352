// What LOAD CSV reads in a page: files that the caller hands to a query by name,
// and addresses of origins that the caller allows. The engine asks for one part
// after the other, so that no file is ever in memory whole. Loaded with the
// first such question.

import type { Frame } from "./decode.js";
import type { Link } from "./engine.js";
import { wellFormed } from "./text.js";
import type { FileSource } from "./types.js";
import { Tag } from "./wire.js";

/** What one query may read, and what it is reading. */
export interface Readable {
  files: { readonly [name: string]: FileSource };
  origins: readonly string[];
  /** By the number of the question that began them. */
  open: Map<number, AsyncGenerator<Uint8Array>>;
}

/** Most bytes of a part. */
const partSize = 1 << 18;

/** Answers a READ. */
export async function read(engine: Link, frame: Frame, { call, file, address }: { call: number; file: number; address: string }, readable: Readable): Promise<void> {
  const { open } = readable;
  try {
    if (file === call) open.set(file, parts(await source(address, readable)));
    const { value } = (await open.get(file)?.next()) ?? {};
    engine.reply(frame, call, "", (w) => {
      w.varuint(1);
      w.string("value");
      w.u8(Tag.bytes);
      w.raw(value ?? new Uint8Array());
    });
  } catch (cause) {
    const { detail = "Unreadable", message } = cause as Refused;
    const text = detail === "Unreadable" ? `loading ${address}: ${message ?? cause}` : message;
    engine.reply(frame, call, wellFormed(text), (w) => {
      w.varuint(1);
      w.string("detail");
      w.u8(Tag.string);
      w.string(detail);
    });
  }
}

type Refused = Error & { detail?: "NotFound" | "NotAllowed" };

function refused(detail: "NotFound" | "NotAllowed", message: string): Refused {
  return Object.assign(new Error(message), { detail });
}

/** What an address names: a file that was handed over, or something at an allowed origin. */
async function source(address: string, { files, origins }: Readable): Promise<FileSource> {
  const name = nameOf(address);
  if (Object.hasOwn(files, address)) return files[address];
  if (Object.hasOwn(files, name)) return files[name];
  if (!/^[a-z][a-z0-9+.-]+:/i.test(address) || /^file:/i.test(address)) {
    throw refused("NotFound", `no file ${name} was handed to the statement: give it as query(text, params, { files: { ${JSON.stringify(name)}: blob } })`);
  }
  return fetched(new URL(address), origins);
}

/** "file:///a%20b.csv" is "a b.csv"; anything else is itself. */
function nameOf(address: string): string {
  const path = /^file:\/\/(?:localhost)?\/+(.*)$/is.exec(address)?.[1];
  if (path === undefined) return address;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function fetched(url: URL, origins: readonly string[]): Promise<ReadableStream<Uint8Array> | string> {
  check(url, origins);
  const response = await fetch(url);
  if (response.redirected) check(new URL(response.url), origins);
  if (response.status === 404 || response.status === 410) throw refused("NotFound", `there is no file at ${url.href}`);
  if (!response.ok) throw new Error(`the server answers with status ${response.status}`);
  return response.body ?? "";
}

function check(url: URL, origins: readonly string[]): void {
  const allowed = origins.some((origin) => url.origin !== "null" && url.origin === new URL(origin).origin);
  if (allowed && /^https?:$/.test(url.protocol)) return;
  throw refused("NotAllowed", `the origin of ${url.href} is not allowed: name it in allowOrigins of open() or query()`);
}

/** The bytes of a source in parts of bounded size. Leaving the loop lets go of it. */
async function* parts(from: FileSource): AsyncGenerator<Uint8Array> {
  if (from instanceof Blob) {
    for (let at = 0; at < from.size; at += partSize) yield new Uint8Array(await from.slice(at, at + partSize).arrayBuffer());
  } else if (typeof from === "string") {
    for (let at = 0; at < from.length; ) {
      let end = Math.min(at + (partSize >> 2), from.length);
      if (end < from.length && (from.charCodeAt(end) & 0xfc00) === 0xdc00) end--; // not between the halves of a character
      yield new TextEncoder().encode(from.slice(at, end));
      at = end;
    }
  } else if (from instanceof ArrayBuffer || ArrayBuffer.isView(from)) {
    yield* cut(from instanceof ArrayBuffer ? new Uint8Array(from) : new Uint8Array(from.buffer, from.byteOffset, from.byteLength));
  } else if (typeof from?.getReader === "function") {
    const reader = from.getReader();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield* cut(part.value);
    } finally {
      void reader.cancel().catch(() => {});
    }
  } else {
    throw new TypeError("a file is a Blob, a string, bytes or a stream of bytes");
  }
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("the stream is not one of bytes");
  for (let at = 0; at < bytes.length; at += partSize) yield bytes.subarray(at, at + partSize);
}

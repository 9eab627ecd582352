// What an import may be given, as files that the worker can read.

import type { FormatsHome } from "./formats.js";
import type { ImportOptions, ImportSource } from "./formats-types.js";

export interface FileSource {
  name: string;
  /** Null for a stream. */
  blob: Blob | null;
  reader: ReadableStreamDefaultReader<unknown> | null;
}

/** One source, or a list of them. */
export async function sourcesOf(home: FormatsHome, input: ImportSource | readonly ImportSource[], options: ImportOptions): Promise<FileSource[]> {
  const list = Array.isArray(input) ? input : [input];
  if (!list.length) throw home.error("INVALID_ARGUMENT", "no source was given");
  return Promise.all(list.map((source: ImportSource, i: number) => sourceOf(home, source, options, i ? `file ${i + 1}` : "file")));
}

async function sourceOf(home: FormatsHome, source: ImportSource, options: ImportOptions, unnamed: string): Promise<FileSource> {
  const of = (name: string, data: Blob | ReadableStream): FileSource =>
    data instanceof Blob ? { name, blob: data, reader: null } : { name, blob: null, reader: data.getReader() };
  const name = options.name ?? unnamed;
  if (source instanceof Blob) return of((source as File).name || name, source);
  if (typeof source === "string" || source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return of(name, new Blob([source as BlobPart]));
  if (source instanceof ReadableStream) return of(name, source);
  if (source instanceof URL) return fromURL(home, source, options);
  if (source instanceof Response) return of(nameOf(source.url) || name, source.body ?? new Blob());
  if (source && typeof source === "object" && "data" in source) {
    return { ...(await sourceOf(home, source.data, options, unnamed)), name: String(source.name) };
  }
  throw home.error("INVALID_ARGUMENT", "a source is a File, a Blob, a stream, a URL, a Response, text, bytes, or {name, data}", {
    hint: "Text is the content itself; an address is new URL(…).",
  });
}

function nameOf(url: string): string {
  return url ? decodeURIComponent(new URL(url).pathname.split("/").pop() ?? "") : "";
}

async function fromURL(home: FormatsHome, url: URL, { allowOrigins = home.allowOrigins, signal }: ImportOptions): Promise<FileSource> {
  const own = home.place?.read(url);
  if (own) return { name: nameOf(url.href), blob: null, reader: own.getReader() };
  const local = url.protocol === "blob:" || url.protocol === "data:";
  const check = (url: URL) => {
    if (url.origin !== globalThis.location?.origin && !allowOrigins?.includes(url.origin)) {
      throw home.error("INVALID_ARGUMENT", `${url.href} is of another origin`, { hint: `Name it: allowOrigins: [${JSON.stringify(url.origin)}].` });
    }
  };
  if (!local) check(url);
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    throw home.error("IMPORT", `fetching ${url.href} did not work`, { cause });
  }
  if (response.redirected) check(new URL(response.url));
  if (!response.ok) throw home.error("IMPORT", `${url.href} answered with status ${response.status}`);
  return { name: local ? "file" : nameOf(url.href), blob: null, reader: (response.body ?? new Blob().stream()).getReader() };
}

/** The next bytes of a stream, as a buffer that may be given away; null at its end. */
export async function pull(home: FormatsHome, reader: ReadableStreamDefaultReader<unknown>): Promise<Uint8Array<ArrayBuffer> | null> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return null;
    const bytes =
      typeof value === "string" ? new TextEncoder().encode(value)
      : value instanceof ArrayBuffer ? new Uint8Array(value.slice(0))
      : ArrayBuffer.isView(value) ? new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength).slice()
      : null;
    if (!bytes) throw home.error("INVALID_ARGUMENT", "a stream must give bytes or text");
    if (bytes.length) return bytes;
  }
}

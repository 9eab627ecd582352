// The package in Node and Bun: the same engine and the same API, in a worker
// thread, with a folder of the operating system where a page has its origin.

import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Worker as Thread } from "node:worker_threads";
import * as page from "./index.js";
import type { FilesPlace } from "./formats.js";
import type { AssetOptions, Database, OpenOptions, RecoverOptions, RecoveryReport, StoreInfo } from "./types.js";

export { PocketGraphError, version, type Position } from "./index.js";
export type * from "./types.js";

type Storage = OpenOptions["storage"];

/** As in a page; the database is a folder of that name in `directory`, and without one in memory. */
export async function open(name: string, options: OpenOptions = {}): Promise<Database> {
  return told(await page.open(name, await adapted(options)), options);
}

/** As in a page: one that is there already is `EXISTS`. */
export async function create(name: string, options: Omit<OpenOptions, "create"> = {}): Promise<Database> {
  return told(await page.create(name, await adapted(options)), options);
}

/** As in a page. */
export async function recover(name: string, options: RecoverOptions = {}): Promise<RecoveryReport> {
  return page.recover(name, await adapted(options));
}

/** As in a page; a folder that is no database is left alone. */
export async function destroy(name: string, options: AssetOptions & { storage?: Storage } = {}): Promise<void> {
  return page.destroy(name, await adapted(options));
}

/** The databases in `directory`. */
export async function list(options: AssetOptions & { storage?: Storage } = {}): Promise<StoreInfo[]> {
  return (await page.list(await adapted(options))).map(({ name }) => ({ name, storage: "directory" }));
}

/** To the engine, a folder is an origin's private files. */
async function adapted<T extends AssetOptions & { storage?: Storage }>(options: T): Promise<T & { place: FilesPlace }> {
  const { directory, storage = "auto" } = options;
  if (!directory && storage !== "auto" && storage !== "memory") {
    throw new page.PocketGraphError("UNAVAILABLE", `there is no storage "${storage}" outside of a page`, { hint: 'Say where with the option directory, or use storage "memory".' });
  }
  const files = directory && storage !== "memory" ? resolve(directory instanceof URL ? fileURLToPath(directory) : directory) : undefined;
  return {
    ...options,
    storage: files ? "opfs" : "memory",
    wasmModule: options.wasmModule ?? (await compiled("pocketgraph.wasm", options.wasmURL)),
    createWorker: options.createWorker ?? (() => thread("node-worker.js", options.workerURL, files)),
    place,
  };
}

/** What a database says of where it is, in the words of this place. */
function told(db: Database, { storage }: OpenOptions): Database {
  if (db.info.storage !== "memory") db.info.storage = "directory";
  else if (storage !== "memory") db.info.storageReason = "no directory was given";
  return db;
}

/** Import and export run in a thread as well. */
const place: FilesPlace = {
  startWorker: (url) => thread("node-formats-worker.js", url),
  compile: (url) => compiled("importers.wasm", url),
  read: (url) => (url.protocol === "file:" ? Readable.toWeb(createReadStream(url)) : null),
};

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** The file of the package, or the one that was named, compiled once for the process. */
function compiled(name: string, at: string | URL | undefined): Promise<WebAssembly.Module> {
  const url = new URL(at ?? `./${name}`, import.meta.url);
  let module = modules.get(url.href);
  if (!module) {
    modules.set(url.href, (module = compile(url, name)));
    module.catch(() => modules.delete(url.href)); // the next one tries again
  }
  return module;
}

async function compile(url: URL, name: string): Promise<WebAssembly.Module> {
  let bytes;
  try {
    bytes = await readFile(url);
  } catch (cause) {
    throw new page.PocketGraphError("WASM_UNREACHABLE", `reading ${url} did not work`, { cause, hint: `It is dist/${name} of the package; say where it is with the option wasmURL.` });
  }
  return WebAssembly.compile(bytes).catch((cause) => {
    throw new page.PocketGraphError("WASM_INVALID", `${url} does not compile: ${cause.message}`, { cause });
  });
}

/** A thread of the package's file, or of the one that was named, as a page's Worker. */
function thread(name: string, at: string | URL | undefined, directory?: string): Worker {
  return new ThreadWorker(new URL(at ?? `./${name}`, import.meta.url), directory) as unknown as Worker;
}

/** A thread with the part of a page's Worker that its other end uses. */
class ThreadWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  private readonly thread: Thread;

  constructor(url: URL, directory: string | undefined) {
    this.thread = new Thread(url, { workerData: { directory }, name: "pocketgraph" });
    const ended = (message: string) => this.onerror?.({ message, preventDefault() {} });
    this.thread.on("message", (data) => this.onmessage?.({ data }));
    this.thread.on("error", (error) => ended(String(error)));
    this.thread.on("exit", () => ended("the worker was terminated"));
  }

  postMessage(message: unknown, transfer?: Transferable[]): void {
    this.thread.postMessage(message, transfer);
  }
  terminate(): void {
    void this.thread.terminate();
  }
}

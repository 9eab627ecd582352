// Fetching and compiling the engine, with errors a person can act on: the
// commonest first-hour failure is a server that answers with a page instead
// of the file. Runs in the worker.

import { PocketGraphError } from "./errors.js";

/** Told how far the download is; `total` is 0 where the server does not say. */
export type DownloadProgress = (done: number, total: number) => void;

/** The first bytes of every WebAssembly file: "\0asm". */
const magic = [0x00, 0x61, 0x73, 0x6d];

/** A module that fills memory: the youngest instruction the engine is made of (bulk memory, of 2020 and 2021). */
const fills = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 10, 13, 1, 11, 0, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0, 11];

/**
 * A WebAssembly file, checked and compiled. Errors have the code WASM_INVALID,
 * WASM_UNREACHABLE, WASM_BLOCKED or UNAVAILABLE.
 *
 * `build` is what buildOf says of the module that these scripts were built with.
 */
export async function loadWasm(url: string, build: string, progress?: DownloadProgress): Promise<WebAssembly.Module> {
  const lacks = typeof WebAssembly === "undefined" ? "no WebAssembly" : WebAssembly.validate(new Uint8Array(fills)) ? "" : "a WebAssembly that is too old";
  if (lacks) {
    throw new PocketGraphError("UNAVAILABLE", `this browser has ${lacks}`, {
      hint: "Chrome 91, Firefox 89, Safari 16.4 and what came later have what is needed. Lockdown mode and some settings of enterprises switch it off.",
    });
  }
  const kept = await loadKept(url, progress).catch(() => null);
  if (kept && buildOf(kept) === build) return kept;
  try {
    return await loadAnew(url, "no-cache", progress);
  } catch (error) {
    if ((error as PocketGraphError).code !== "WASM_INVALID") throw error;
    return loadAnew(url, "reload", progress); // the server may have said that a broken copy is still good
  }
}

/** Names the build that a module is of: the custom section that the package's build ends it with. */
function buildOf(module: WebAssembly.Module): string {
  return WebAssembly.Module.customSections(module, "build").map((bytes) => new TextDecoder().decode(bytes)).join();
}

/**
 * The browser's own way: it compiles while the bytes come. A copy it has is
 * taken unasked, because with it comes, in Chromium, what it made of the code
 * before: it drops that when it had to ask the server whether the copy is still
 * good. The copy may be an older build, or broken: the caller looks.
 */
async function loadKept(url: string, progress?: DownloadProgress): Promise<WebAssembly.Module | null> {
  const aborter = new AbortController();
  const response = await fetch(url, { cache: "force-cache", signal: aborter.signal });
  if (!response.ok || !/^application\/wasm$/i.test(typeOf(response))) {
    aborter.abort(); // not downloaded for nothing
    return null;
  }
  const told = progress && download(url, response.clone(), progress).catch(() => {}); // of a copy: what is compiled must be as it came
  const module = await WebAssembly.compileStreaming(response);
  await told;
  return module;
}

const typeOf = (response: Response) => (response.headers.get("content-type") ?? "").trim();

/** From the server, in steps: for any MIME type, and with errors that say what is wrong. */
async function loadAnew(url: string, cache: RequestCache, progress?: DownloadProgress): Promise<WebAssembly.Module> {
  const response = await request(url, cache);
  const chunks = await download(url, response, progress);
  checkStart(url, typeOf(response), chunks[0] ?? new Uint8Array());
  try {
    // A Blob of the checked bytes carries the type and needs no copy of ours.
    const body = new Response(new Blob(chunks as BlobPart[], { type: "application/wasm" }));
    return await WebAssembly.compileStreaming(body);
  } catch (cause) {
    throw compileError(url, cause);
  }
}

async function request(url: string, cache: RequestCache): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { cache });
  } catch (cause) {
    throw new PocketGraphError("WASM_UNREACHABLE", `fetching ${url} did not work`, {
      cause,
      hint: "Is the file served there, does a content security policy allow connect-src to it, and, from another origin, does that server allow CORS?",
    });
  }
  if (!response.ok) {
    throw new PocketGraphError("WASM_UNREACHABLE", `${url} answered with status ${response.status}`, {
      hint: "Copy dist/pocketgraph.wasm of the package to where it is served, or say where it is with the option wasmURL.",
    });
  }
  return response;
}

async function download(url: string, response: Response, progress?: DownloadProgress): Promise<Uint8Array[]> {
  const encoded = response.headers.get("content-encoding"); // the length then counts compressed bytes
  const total = encoded ? 0 : Number(response.headers.get("content-length") ?? 0);
  const chunks: Uint8Array[] = [];
  let done = 0;
  try {
    for (const reader = response.body!.getReader(); ; ) {
      const { value } = await reader.read();
      if (!value) return chunks;
      chunks.push(value);
      progress?.((done += value.length), total);
    }
  } catch (cause) {
    throw new PocketGraphError("WASM_UNREACHABLE", `the download of ${url} broke off after ${done} bytes`, { cause });
  }
}

function checkStart(url: string, type: string, start: Uint8Array): void {
  if (magic.every((byte, i) => start[i] === byte)) return;
  const text = new TextDecoder().decode(start.subarray(0, 40)).trimStart();
  const html = text.startsWith("<");
  throw new PocketGraphError("WASM_INVALID", `${url} is ${html ? "a page, not" : "not"} WebAssembly (content-type ${type || "missing"})`, {
    hint: html
      ? "The server answers unknown paths with its start page. Copy dist/pocketgraph.wasm of the package to where it is served, or say where it is with the option wasmURL."
      : "The file must be dist/pocketgraph.wasm of the package, byte for byte.",
  });
}

function compileError(url: string, cause: unknown): PocketGraphError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const policy = /unsafe-eval|Content.?Security.?Policy|CSP/i.test(message);
  return new PocketGraphError(policy ? "WASM_BLOCKED" : "WASM_INVALID", `${url} does not compile: ${message}`, {
    cause,
    hint: policy
      ? "The page's content security policy must have 'wasm-unsafe-eval' in script-src, also for the worker file."
      : "The file is damaged or cut short: serve dist/pocketgraph.wasm of the package, byte for byte.",
  });
}

// Making the worker on the page's side, and finding out why when it does not start.

import { PocketGraphError } from "./errors.js";
import type { AssetOptions } from "./types.js";

/** Where the WebAssembly is: the option, or beside this module. The literal form is what bundlers look for. */
export function wasmLocation(options: AssetOptions): string {
  return absolute(options.wasmURL ?? new URL("./pocketgraph.wasm", import.meta.url)).href;
}

/** Where the module is that keeps files in IndexedDB. The worker loads it, and is not always beside it. */
export function indexedDBLocation({ workerURL }: AssetOptions): string {
  if (!globalThis.location) return ""; // Node and Bun have folders
  try {
    return (workerURL ? new URL("indexeddb.js", absolute(workerURL)) : absolute(new URL("./indexeddb.js", import.meta.url))).href;
  } catch {
    return "indexeddb.js"; // nothing is beside a classic script or a Blob: who needs it is told that it cannot be loaded
  }
}

export function startWorker(options: AssetOptions): Worker {
  if (typeof Worker === "undefined" && !options.createWorker) {
    throw new PocketGraphError("NO_WORKER", "this context has no Worker constructor", {
      hint: "Service workers, and in Chromium shared workers, cannot start workers: open the database from a page, an extension's page or offscreen document.",
    });
  }
  try {
    if (options.createWorker) return options.createWorker();
    const at = absolute(options.workerURL ?? new URL("./worker.js", import.meta.url));
    if (options.workerURL || crossOrigin(at)) return fromURL(at);
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "pocketgraph" });
  } catch (cause) {
    throw workerError(String(cause instanceof Error ? cause.message : cause), cause);
  }
}

/** A worker must be of the page's origin; a Blob that imports the file is, and is used in that case only. */
export function fromURL(url: URL): Worker {
  const options: WorkerOptions = { type: "module", name: "pocketgraph" };
  if (!crossOrigin(url)) return new Worker(url, options);
  const blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" }));
  const worker = new Worker(blob, options);
  worker.addEventListener("message", () => URL.revokeObjectURL(blob), { once: true });
  return worker;
}

export function crossOrigin(url: URL): boolean {
  return url.origin !== location.origin && url.protocol !== "blob:" && url.protocol !== "data:";
}

/** Relative to the page; also what Next.js makes of `new URL(…, import.meta.url)`, which has a path and no origin. */
export function absolute(url: string | URL): URL {
  return new URL(String(url), globalThis.document?.baseURI ?? location.href);
}

/** What the error event of a worker that never spoke does not say: asks the server about the file. */
export async function explainWorker(options: AssetOptions): Promise<PocketGraphError> {
  if (options.createWorker) return workerError("the worker that createWorker made did not start");
  const url = absolute(options.workerURL ?? new URL("./worker.js", import.meta.url));
  let seen = "";
  try {
    const response = await fetch(url);
    const type = response.headers.get("content-type") ?? "missing";
    seen = !response.ok ? ` (status ${response.status})` : /javascript/.test(type) ? "; the file is there: does a content security policy forbid it?" : ` (content-type ${type})`;
  } catch {
    seen = " (it cannot be fetched)";
  }
  return workerError(`the worker at ${url} did not start${seen}`);
}

function workerError(message: string, cause?: unknown): PocketGraphError {
  return new PocketGraphError("WORKER_FAILED", message, {
    cause,
    hint: globalThis.location?.protocol === "file:" ? "A page opened as a file has no workers: serve its folder (npx serve)." : "Serve dist/worker.js of the package as JavaScript and name it with the option workerURL where it is not beside the module; the content security policy must allow worker-src for it.",
  });
}

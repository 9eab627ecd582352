// Making the worker on the page's side, and finding out why when it does not start.

import { PocketGraphError } from "./errors.js";
import type { AssetOptions } from "./types.js";

/** Where the WebAssembly is: the option, or beside this module. The literal form is what bundlers look for. */
export function wasmLocation(options: AssetOptions): string {
  return String(options.wasmURL ? new URL(options.wasmURL, document_()) : new URL("./pocketgraph.wasm", import.meta.url));
}

export function startWorker(options: AssetOptions): Worker {
  if (typeof Worker === "undefined") {
    throw new PocketGraphError("NO_WORKER", "this context has no Worker constructor", {
      hint: "Open the database from a page; Chromium's shared workers and service workers cannot start workers.",
    });
  }
  try {
    if (options.createWorker) return options.createWorker();
    if (options.workerURL) return fromURL(new URL(options.workerURL, document_()));
    const own = new URL("./worker.js", import.meta.url);
    if (crossOrigin(own)) return fromURL(own);
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "pocketgraph" });
  } catch (cause) {
    throw workerError(String(cause instanceof Error ? cause.message : cause), cause);
  }
}

/** A worker must be of the page's origin; a Blob that imports the file is, and is used in that case only. */
function fromURL(url: URL): Worker {
  const options: WorkerOptions = { type: "module", name: "pocketgraph" };
  if (!crossOrigin(url)) return new Worker(url, options);
  const blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" }));
  const worker = new Worker(blob, options);
  worker.addEventListener("message", () => URL.revokeObjectURL(blob), { once: true });
  return worker;
}

function crossOrigin(url: URL): boolean {
  return url.origin !== location.origin && url.protocol !== "blob:" && url.protocol !== "data:";
}

function document_(): string {
  return globalThis.document?.baseURI ?? location.href;
}

/** What the error event of a worker that never spoke does not say: asks the server about the file. */
export async function explainWorker(options: AssetOptions): Promise<PocketGraphError> {
  if (options.createWorker) return workerError("the worker that createWorker made did not start");
  const url = options.workerURL ? new URL(options.workerURL, document_()) : new URL("./worker.js", import.meta.url);
  let seen = "";
  try {
    const response = await fetch(url);
    const type = response.headers.get("content-type") ?? "missing";
    seen = !response.ok ? ` (status ${response.status})` : /javascript/.test(type) ? "" : ` (content-type ${type})`;
  } catch {
    seen = " (it cannot be fetched)";
  }
  return workerError(`the worker at ${url} did not start${seen}`);
}

function workerError(message: string, cause?: unknown): PocketGraphError {
  return new PocketGraphError("WORKER_FAILED", message, {
    cause,
    hint: "Serve dist/worker.js of the package as JavaScript and name it with the option workerURL where it is not beside the module; the content security policy must allow worker-src for it.",
  });
}

// One job: a worker with importers.wasm, from its start to its end.

import type { FormatsHome } from "./formats.js";
import type { FromJob, ToJob } from "./formats-protocol.js";
import { pull, type FileSource } from "./formats-source.js";
import type { FileProgress, FilesOptions } from "./formats-types.js";
import { absolute, crossOrigin, fromURL } from "./start.js";
import { loadWasm } from "./wasm.js";

/** Takes something that the module gives; the next comes when it has resolved. */
export type Give = (kind: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void;

/** The module, compiled once for a page. */
const modules = new Map<string, Promise<WebAssembly.Module>>();

/** Runs a job and returns its result. On a failure, also of `give`, or when aborted, the worker is gone at once. */
export async function runJob(home: FormatsHome, job: object, sources: FileSource[], options: FilesOptions, give: Give): Promise<any> {
  const { signal } = options;
  if (signal?.aborted) throw home.aborted(signal);
  if (typeof Worker === "undefined" && !home.place) {
    throw home.error("NO_WORKER", "this context has no Worker constructor", { hint: "Read and write files from a page; PocketGraph files can be exported anywhere." });
  }
  let clear = () => {};
  let work: Promise<void> = Promise.resolve(); // what is given is dealt with in order
  let started: Worker | undefined;
  try {
    const module = await compile(home, options);
    if (signal?.aborted) throw home.aborted(signal);
    const worker = (started = startWorker(home, options));
    return await new Promise((resolve, reject) => {
      const abort = () => reject(home.aborted(signal!));
      signal?.addEventListener("abort", abort);
      const timer = setTimeout(() => reject(home.error("WORKER_FAILED", "the worker for files did not start", { hint: workerHint })), 15_000);
      clear = () => (signal?.removeEventListener("abort", abort), clearTimeout(timer));
      const post = (message: ToJob, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
      worker.onerror = (event) => (event.preventDefault(), reject(home.error("WORKER_FAILED", `the worker for files failed: ${event.message || "it did not start"}`, { hint: workerHint })));
      worker.onmessage = ({ data }: MessageEvent<FromJob>) => {
        switch (data.say) {
          case "hello":
            clearTimeout(timer);
            return post({ say: "job", module, job: JSON.stringify({ ...job, sources: sources.map(({ name, blob }) => ({ name, size: blob ? blob.size : -1 })) }), blobs: sources.map((s) => s.blob) });
          case "pull":
            return void pull(home, sources[data.source].reader!).then(
              (bytes) => post({ say: "pulled", source: data.source, bytes }, bytes ? [bytes.buffer] : []),
              (cause) => reject(home.asError(cause, "IMPORT")),
            );
          case "give":
            work = work.then(() => give(data.kind, data.bytes)).then(() => post({ say: "took" }));
            return void work.catch(reject);
          case "progress":
            return options.onProgress?.(progressOf(data.progress as FileProgress));
          case "done": {
            const result = JSON.parse(data.result);
            if (result.error) reject(failure(home, result.error));
            else work.then(() => resolve(result), reject);
          }
        }
      };
    });
  } finally {
    clear();
    started?.terminate();
    for (const { reader } of sources) reader?.cancel().catch(() => {});
  }
}

function progressOf(p: FileProgress): FileProgress {
  return { ...p, file: p.file || undefined, total: p.total || undefined };
}

/** The error that the module reports. */
function failure(home: FormatsHome, e: { code: string; message: string; hint?: string; file?: string; line?: number; column?: number }): Error {
  const position = e.line ? { offset: -1, line: e.line, column: e.column ?? 0 } : undefined;
  return home.error(e.code, e.message, { hint: e.hint, position });
}

const workerHint = "Serve dist/formats-worker.js of the package as JavaScript and name it with the option workerURL where it is not beside the module.";

function startWorker(home: FormatsHome, { workerURL }: FilesOptions): Worker {
  try {
    if (home.place) return home.place.startWorker(workerURL);
    const url = absolute(workerURL ?? home.workerURL());
    return workerURL || crossOrigin(url) ? fromURL(url) : home.worker();
  } catch (cause) {
    throw home.error("WORKER_FAILED", String(cause), { cause, hint: workerHint });
  }
}

function compile(home: FormatsHome, { wasmURL, onProgress }: FilesOptions): Promise<WebAssembly.Module> {
  if (home.place) return home.place.compile(wasmURL);
  const url = absolute(wasmURL ?? home.wasmURL()).href;
  let module = modules.get(url);
  if (!module) {
    module = loadWasm(url, IMPORTERS_BUILD, (done, total) => onProgress?.({ phase: "download", done, total: total || undefined }));
    modules.set(url, module);
    module.catch(() => modules.delete(url)); // the next one tries again
  }
  return module.catch((cause) => {
    throw home.error(cause.code ?? "WASM_INVALID", cause.message, { cause, hint: String(cause.hint ?? "").replaceAll("pocketgraph.wasm", "importers.wasm") });
  });
}

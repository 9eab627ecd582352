// Import, export and preview: an entry of its own, which the package loads when
// one of them is asked for. Errors and the connection come from the caller, so
// that there is one class of errors and one engine.

import type { Link } from "./engine.js";
import type { PocketGraphError, ErrorDetails } from "./errors.js";
import { runJob } from "./formats-job.js";
import { sourcesOf } from "./formats-source.js";
import type { ExportOptions, FileReport, ImportOptions, ImportSource, Preview, PreviewOptions } from "./formats-types.js";
import { Import } from "./formats-import.js";
import { backup, blobOf, streamOf, types } from "./formats-export.js";
import type { Result } from "./types.js";

/** What a place that is no page, Node and Bun, does in its own way. */
export interface FilesPlace {
  startWorker(url: string | URL | undefined): Worker;
  compile(url: string | URL | undefined): Promise<WebAssembly.Module>;
  /** The content of a URL that `fetch` does not know; null for others. */
  read(url: URL): ReadableStream<Uint8Array> | null;
}

/** The database, as this module sees it. */
export interface FormatsHome {
  engine: Link;
  database: number;
  /** Of `open`. */
  allowOrigins?: readonly string[];
  query(text: string): Promise<Result>;
  error(code: string, message: string, details?: ErrorDetails): PocketGraphError;
  aborted(signal: AbortSignal): PocketGraphError;
  asError(cause: unknown, code?: string): PocketGraphError;
  /** The worker beside the page's module, where that one is of the page's origin; where its file and the module lie. */
  worker(): Worker;
  workerURL(): URL;
  wasmURL(): URL;
  place?: FilesPlace;
}

/** What a job that reads is told. */
function jobOf(home: FormatsHome, op: string, options: PreviewOptions): object {
  const { format, delimiter, arrayDelimiter, ids, mapping, idProperty, type, rows } = options;
  const utf8 = new TextEncoder();
  if (delimiter !== undefined && (typeof delimiter !== "string" || utf8.encode(delimiter).length !== 1)) {
    throw home.error("INVALID_ARGUMENT", "the delimiter of fields must be one byte");
  }
  const one = mapping && ["columns", "labels", "type"].some((key) => Object.hasOwn(mapping, key) && !isMapping((mapping as any)[key]));
  const mappings = one ? { "": mapping } : mapping;
  return { op, format, delimiter, arrayDelimiter, ids, mappings, idProperty, type, rows: rows ?? 20 };
}

/** Whether the member is a file's mapping: a file could be called "type". */
function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && ["columns", "labels", "type"].some((key) => Object.hasOwn(value, key)) && Object.values(value).some((v) => typeof v === "object");
}

export async function importFiles(home: FormatsHome, source: ImportSource | readonly ImportSource[], options: ImportOptions = {}): Promise<FileReport> {
  const sources = await sourcesOf(home, source, options);
  const run = new Import(home, options);
  try {
    const result = await runJob(home, jobOf(home, "read", options), sources, options, (kind, bytes) => run.take(kind, bytes));
    return await run.finish(result);
  } catch (cause) {
    await run.rollBack();
    throw home.asError(cause);
  }
}

export async function preview(home: FormatsHome, source: ImportSource | readonly ImportSource[], options: PreviewOptions = {}): Promise<Preview> {
  const sources = await sourcesOf(home, source, options);
  return runJob(home, jobOf(home, "preview", options), sources, options, () => {});
}

export async function exportBlob(home: FormatsHome, options: ExportOptions = {}): Promise<Blob> {
  return blobOf(exportStream(home, options), types[options.format ?? "pocketgraph"]);
}

export function exportStream(home: FormatsHome, options: ExportOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { format = "pocketgraph", plain, elements } = options;
  if (!Object.hasOwn(types, format)) throw home.error("INVALID_ARGUMENT", `format: ${JSON.stringify(format)} is none of ${Object.keys(types).join(", ")}`);
  if (format === "pocketgraph") return streamOf(home, options, (give, signal) => backup(home, { ...options, signal }, give));
  return streamOf(home, options, async (give, signal) => {
    const parts: Blob[] = [];
    await backup(home, { signal }, (bytes) => void parts.push(new Blob([bytes])));
    const blob = new Blob(parts);
    const job = { op: "write", format, plain, elements };
    return runJob(home, job, [{ name: "the backup", blob, reader: null }], { ...options, signal }, (_, bytes) => give(bytes));
  });
}

// What page and worker say to each other about one job. Bytes are moved, not copied.

/** From the page. */
export type ToJob =
  | { say: "job"; module: WebAssembly.Module; job: string; blobs: (Blob | null)[] } // null: a stream
  | { say: "pulled"; source: number; bytes: Uint8Array<ArrayBuffer> | null }
  | { say: "took" }; // one thing given has been dealt with

/** From the worker. */
export type FromJob =
  | { say: "hello" }
  | { say: "pull"; source: number }
  | { say: "give"; kind: string; bytes: Uint8Array<ArrayBuffer> }
  | { say: "progress"; progress: unknown }
  | { say: "done"; result: string };

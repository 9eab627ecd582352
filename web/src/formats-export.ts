// What the engine exports: the bytes of one committed state, as a stream.

import type { FormatsHome } from "./formats.js";
import type { ExportOptions, FileReport } from "./formats-types.js";
import type { Frame } from "./decode.js";
import { Answer, Op } from "./wire.js";

/** Pieces of a quarter of a megabyte that the engine may be ahead. */
const ahead = 8;

/** The MIME types of what can be exported. */
export const types: { [format: string]: string } = {
  pocketgraph: "application/octet-stream",
  csv: "text/csv",
  jsonl: "application/x-ndjson",
  "neo4j-json": "application/json",
  graphology: "application/json",
  graphml: "application/xml",
  gexf: "application/xml",
  cypher: "text/plain",
};

type Take = (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void;

/** Gives the bytes of a PocketGraph file on, as fast as they are taken. */
export async function backup(home: FormatsHome, { signal, onProgress }: Pick<ExportOptions, "signal" | "onProgress">, take: Take): Promise<FileReport> {
  const { engine, database } = home;
  const stats = await engine.request(Op.stats, { database });
  if (signal?.aborted) throw home.aborted(signal);
  let work: Promise<void> = Promise.resolve();
  let broken: unknown;
  let done = 0;
  const answer = await new Promise<{ [key: string]: unknown }>((resolve, reject) => {
    const cancel = () => engine.about(Op.cancel, id, database);
    const settled = () => signal?.removeEventListener("abort", cancel);
    const frame = (f: Frame) => {
      if (f.kind !== Answer.data) return;
      const bytes = f.window(f.u32()).slice();
      work = work.then(async () => {
        if (broken) return;
        try {
          done += bytes.length;
          onProgress?.({ phase: "write", done });
          await take(bytes);
        } catch (cause) {
          broken = cause;
          return cancel();
        }
        engine.about(Op.more, id, database, (w) => w.u32(1));
      });
    };
    const fail = (error: unknown) => (settled(), reject(signal?.aborted ? home.aborted(signal) : error));
    const id = engine.send(Op.export, { database }, { frame, done: (map) => (settled(), resolve(map)), fail }, (w) => w.u32(ahead));
    signal?.addEventListener("abort", cancel);
  }).catch((cause) => {
    throw broken ?? cause;
  });
  await work;
  if (broken) throw broken;
  return { format: "pocketgraph", nodes: stats.nodes as number, relationships: stats.relationships as number, properties: 0, notes: [], sequence: answer.sequence as number };
}

/** A stream of what `work` gives; the work waits while nobody reads, and ends when the stream is cancelled. */
export function streamOf(home: FormatsHome, { signal, onReport }: ExportOptions, work: (give: Take, signal: AbortSignal) => Promise<FileReport>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const end = new AbortController();
  const abort = () => end.abort(signal!.reason);
  let room = () => {};
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        if (signal?.aborted) return controller.error(home.aborted(signal));
        signal?.addEventListener("abort", abort);
        const give = async (bytes: Uint8Array<ArrayBuffer>) => {
          controller.enqueue(bytes);
          if ((controller.desiredSize ?? 0) <= 0) await new Promise<void>((more) => (room = more));
        };
        work(give, end.signal)
          .then((report) => {
            onReport?.(report);
            controller.close();
          })
          .catch((cause) => controller.error(home.asError(cause)))
          .finally(() => signal?.removeEventListener("abort", abort));
      },
      pull: () => room(),
      cancel(reason) {
        end.abort(reason);
        room();
      },
    },
    { highWaterMark: 4 },
  );
}

/** All of a stream, in a Blob: pieces become Blobs on the way, which the browser may keep outside of memory. */
export async function blobOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>, type: string): Promise<Blob> {
  let parts: BlobPart[] = [];
  let size = 0;
  let all: Blob[] = [];
  for await (const bytes of readAll(stream)) {
    parts.push(bytes);
    if ((size += bytes.length) > 8 << 20) {
      all.push(new Blob(parts));
      [parts, size] = [[], 0];
    }
  }
  return new Blob([...all, ...parts], { type });
}

/** Safari's streams are no async iterables. */
async function* readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

// The worker that reads and writes files: it runs importers.wasm for one job
// and ends with it. It gives the module what it asks for (bytes of files and
// streams) and passes on what it gives; wasm/formats/io.go has the other side.

import "wasm-exec";
import type { FromJob, ToJob } from "./formats-protocol.js";

declare const Go: new () => {
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
};

/** The part of DedicatedWorkerGlobalScope that is used. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToJob>) => void) | null;
  postMessage(message: FromJob, transfer?: Transferable[]): void;
}
const scope = self as unknown as WorkerScope;

/** How much is given before the page has taken it. */
const ahead = 4;

/** A source: a Blob that can be read anywhere, or a stream that the page pulls from. */
interface Source {
  blob: Blob | null;
  /** What was pulled and not handed on yet. */
  kept: Uint8Array<ArrayBuffer>[];
  ended: boolean;
}

class Host {
  private readonly sources: Source[];
  private readonly pulling = new Map<number, (bytes: Uint8Array<ArrayBuffer> | null) => void>();
  private given = 0;
  private taken = 0;
  private full: (() => void) | null = null;

  constructor(blobs: (Blob | null)[]) {
    this.sources = blobs.map((blob) => ({ blob, kept: [], ended: false }));
  }

  async read(source: number, offset: number, length: number): Promise<Uint8Array> {
    return new Uint8Array(await this.sources[source].blob!.slice(offset, offset + length).arrayBuffer());
  }

  async pull(source: number): Promise<Uint8Array | null> {
    return this.sources[source].kept.shift() ?? this.more(source);
  }

  /** The first bytes of a stream, which pull gives again. */
  async peek(source: number, length: number): Promise<Uint8Array> {
    const { kept } = this.sources[source];
    let have = kept.reduce((n, bytes) => n + bytes.length, 0);
    while (have < length) {
      const bytes = await this.more(source);
      if (!bytes) break;
      kept.push(bytes);
      have += bytes.length;
    }
    return new Uint8Array(await new Blob(kept).slice(0, length).arrayBuffer());
  }

  /** Takes a stream to its end, into a Blob: where that lies is the browser's business. */
  async spool(source: number): Promise<number> {
    const s = this.sources[source];
    let parts: Blob[] = [new Blob(s.kept)];
    s.kept = [];
    for (let bytes; (bytes = await this.more(source)); ) {
      parts.push(new Blob([bytes]));
      if (parts.length > 64) parts = [new Blob(parts)];
    }
    s.blob = new Blob(parts);
    return s.blob.size;
  }

  private more(source: number): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.sources[source].ended) return Promise.resolve(null);
    return new Promise((done) => {
      this.pulling.set(source, done);
      scope.postMessage({ say: "pull", source });
    });
  }

  pulled(source: number, bytes: Uint8Array<ArrayBuffer> | null): void {
    const waiting = this.pulling.get(source);
    this.pulling.delete(source);
    if (!bytes) this.sources[source].ended = true;
    waiting?.(bytes);
  }

  give(kind: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> | undefined {
    scope.postMessage({ say: "give", kind, bytes }, [bytes.buffer]);
    if (++this.given - this.taken < ahead) return;
    return new Promise((room) => (this.full = room));
  }

  took(): void {
    this.taken++;
    this.full?.();
    this.full = null;
  }

  progress(text: string): Promise<void> {
    scope.postMessage({ say: "progress", progress: { ...JSON.parse(text), memory: memory() } });
    return turn();
  }
}

/** Lets messages come in. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resolve());
    port2.postMessage(0);
  });
}

let host: Host;
/** Bytes of the module's memory. */
let memory = () => 0;

scope.onmessage = ({ data }) => {
  switch (data.say) {
    case "job":
      host = new Host(data.blobs);
      run(data.module, data.job).then(
        (result) => scope.postMessage({ say: "done", result }),
        (cause) => scope.postMessage({ say: "done", result: JSON.stringify({ error: { code: "INTERNAL", message: String(cause) } }) }),
      );
      return;
    case "pulled":
      return host.pulled(data.source, data.bytes);
    case "took":
      return host.took();
  }
};
scope.postMessage({ say: "hello" });

async function run(module: WebAssembly.Module, job: string): Promise<string> {
  const go = new Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  memory = () => (instance.exports.mem as WebAssembly.Memory).buffer.byteLength;
  const exit = go.run(instance);
  const serve = (globalThis as any).pocketgraphFormats as (job: string, host: Host) => Promise<string>;
  if (!serve) throw new Error("the WebAssembly is not PocketGraph's importers");
  const died = exit.then(() => {
    throw new Error("the module that reads and writes files stopped");
  });
  return Promise.race([serve(job, host), died]);
}

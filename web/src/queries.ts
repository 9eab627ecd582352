// What a database and a transaction have in common: statements.

import { encodeMap } from "./encode.js";
import type { Header, Link, Listener } from "./engine.js";
import { aborted, PocketGraphError } from "./errors.js";
import type { Readable } from "./files.js";
import { Collected } from "./result.js";
import { ahead, RowStream } from "./stream.js";
import type { Node, Parameter, Parameters, Queryable, QueryOptions, Relationship, Result } from "./types.js";
import { Answer, Op, type Writer } from "./wire.js";

/** The longest time-out the wire can hold: 49 days. */
const maxTimeout = 2 ** 32 - 1;

const noOptions: QueryOptions = {};

export abstract class Queries implements Queryable {
  /** @internal */
  constructor(
    protected readonly engine: Link,
    protected readonly database: number,
    protected readonly elementPrefix: string,
    protected readonly integers: "auto" | "bigint",
    protected readonly allowOrigins?: readonly string[],
  ) {}

  /** The transaction the statements run in; 0 for none. Throws when nothing can be asked any more. */
  protected abstract transactionId(): number;

  query<T>(text: string, params?: Parameters, options: QueryOptions = noOptions): Promise<Result<T>> {
    return this.rows<T>(queryKind(options), options, queryBody(text, params, 0, options.metadata), text);
  }

  async cypher<T>(text: TemplateStringsArray, ...values: Parameter[]): Promise<Result<T>> {
    // $_0 rather than $0: the name is then one that nobody writes by hand.
    const query = text.reduce((whole, part, i) => `${whole}$_${i - 1}${part}`);
    return this.query<T>(query, Object.fromEntries(values.map((value, i) => [`_${i}`, value])));
  }

  stream<T>(text: string, params?: Parameters, options: QueryOptions = {}): AsyncIterableIterator<T> {
    const stream = new RowStream<T>(options.rows === "array", this.decoding(options));
    let id = 0;
    return stream.from({
      begin: () => {
        const transaction = this.transactionId();
        // In a transaction a waiting stream would hold up the requests behind it for ever.
        const credit = transaction ? 0 : ahead;
        const listener: Listener = { frame: (f) => stream.take(f), done: () => stream.done(), fail: (e) => stream.fail(explain(e, options.signal, text)) };
        id = this.send(queryKind(options), options, transaction, listener, queryBody(text, params, credit, options.metadata));
      },
      more: () => this.engine.about(Op.more, id, this.database, (w) => w.u32(1)),
      cancel: () => this.engine.about(Op.cancel, id, this.database),
    });
  }

  async createNode(labels: readonly string[], properties?: Parameters, options: QueryOptions = {}): Promise<Node> {
    // A string is as good a list of strings to JavaScript: a label for each letter.
    if (!Array.isArray(labels)) throw new PocketGraphError("INVALID_ARGUMENT", "the labels of a node are an array", { hint: `createNode(["Person"], { name: "Ada" })` });
    const { rows } = await this.rows<Node[]>(Op.createNode, { ...options, rows: "array" }, (w) => {
      w.varuint(labels.length);
      for (const label of labels) w.string(label);
      encodeMap(w, properties, ["properties"]);
    });
    return rows[0][0];
  }

  async createRelationship(start: Node | string, type: string, end: Node | string, properties?: Parameters, options: QueryOptions = {}): Promise<Relationship> {
    const { rows } = await this.rows<Relationship[]>(Op.createRelationship, { ...options, rows: "array" }, (w) => {
      w.i64(this.counter(start));
      w.i64(this.counter(end));
      w.string(type);
      encodeMap(w, properties, ["properties"]);
    });
    return rows[0][0];
  }

  /** The number in a node's id, which must be of this store. */
  private counter(node: Node | string): bigint {
    const id = typeof node === "string" ? node : node?.id;
    const start = `${this.elementPrefix}:n:`;
    const counter = String(id).slice(start.length);
    if (String(id).startsWith(start) && /^\d{1,20}$/.test(counter)) return BigInt(counter);
    throw new PocketGraphError("INVALID_ARGUMENT", `${id} is not the id of a node of this database`, {
      hint: `Ids of its nodes begin with ${start}. Give a node, or its id property.`,
    });
  }

  protected decoding(options: QueryOptions) {
    return { prefix: this.elementPrefix, bigint: (options.integers ?? this.integers) === "bigint" };
  }

  private rows<T>(kind: number, options: QueryOptions, body: (w: Writer) => void, text?: string): Promise<Result<T>> {
    return new Promise((resolve, reject) => {
      const fail = (error: PocketGraphError) => reject(explain(error, options.signal, text));
      const collected = new Collected<T>(options.rows === "array", this.decoding(options), resolve, fail);
      this.send(kind, options, this.transactionId(), collected, body);
    });
  }

  /** Sends a statement that its signal can cancel. */
  protected send(kind: number, options: QueryOptions, transaction: number, to: Listener, body: (w: Writer) => void): number {
    const { signal } = options;
    if (signal?.aborted) throw aborted(signal);
    const origins = options.allowOrigins ?? this.allowOrigins;
    const readable: Readable | null = options.files || origins ? { files: options.files ?? {}, origins: origins ?? [], open: new Map() } : null;
    const header: Header = { database: this.database, transaction, timeout: checkTimeout(options.timeout), flags: readable ? readsFiles : 0 };
    if (!signal && !readable) return this.engine.send(kind, header, to, body);
    // The engine answers a cancelled request with CANCELLED, or with its outcome if that came first.
    const cancel = () => this.engine.about(Op.cancel, id, this.database);
    const settled = () => {
      signal?.removeEventListener("abort", cancel);
      for (const parts of readable?.open.values() ?? []) void parts.return(undefined);
    };
    const id = this.engine.send(kind, header, {
      frame: (frame) => {
        if (frame.kind !== Answer.read) return to.frame!(frame);
        const question = frame.map() as { call: number; file: number; address: string };
        import("./files.js").then(
          ({ read }) => read(this.engine, frame, question, readable!),
          (cause) => this.engine.reply(frame, question.call, `${cause}`),
        );
      },
      restart: () => to.restart?.(),
      done: (map) => (settled(), to.done(map)),
      fail: (error) => (settled(), to.fail(error)),
    }, body);
    signal?.addEventListener("abort", cancel);
    return id;
  }
}

/** The flag of a query that answers READ. */
const readsFiles = 16;

function queryKind({ metadata }: QueryOptions) {
  return metadata ? Op.queryWith : Op.query;
}

export function queryBody(text: string, params: Parameters | undefined, credit: number, metadata?: Parameters) {
  return (w: Writer) => {
    w.u32(credit);
    w.string(String(text));
    encodeMap(w, params, ["$"]);
    if (metadata) encodeMap(w, metadata, ["metadata"]);
  };
}

/** Milliseconds for the wire: whole, and 0 for none. */
export function checkTimeout(timeout: number | undefined): number {
  if (timeout === undefined || timeout === Infinity) return 0;
  if (!(timeout > 0)) throw new PocketGraphError("INVALID_ARGUMENT", `a timeout of ${timeout} ms: it must be above 0`);
  return Math.min(Math.ceil(timeout), maxTimeout);
}

/** Adds what only this side knows: the signal's reason, and the offset in UTF-16 units. */
export function explain(error: PocketGraphError, signal: AbortSignal | undefined, text?: string): PocketGraphError {
  if (error.code === "CANCELLED" && signal?.aborted) return aborted(signal);
  if (text !== undefined && error.position?.offset) {
    const before = new TextEncoder().encode(text).subarray(0, error.position.offset);
    error.position.offset = new TextDecoder("utf-8", { ignoreBOM: true }).decode(before).length;
  }
  return error;
}

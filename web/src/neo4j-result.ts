// neo4j-driver's Result: a promise of all rows, an async iterable of them, and
// something to subscribe to.

import { Integer } from "./neo4j-integer.js";
import { translated } from "./neo4j-errors.js";
import { Record } from "./neo4j-record.js";
import { Reader, toParameters, type Integers } from "./neo4j-values.js";
import type { Queryable, Result as OurResult, Summary, Value } from "./types.js";

type Dict = { [key: string]: any };

/** The text of a statement, or with its parameters. */
export type Query = string | String | { text: string; parameters?: Dict };

/** What a statement changed. */
export class QueryStatistics {
  constructor(private readonly counters: { [name: string]: number }) {}
  /** nodesCreated, nodesDeleted, relationshipsCreated, …; what stayed at 0 is there too. */
  updates(): { [name: string]: number } {
    const names = ["nodesCreated", "nodesDeleted", "relationshipsCreated", "relationshipsDeleted", "propertiesSet", "labelsAdded", "labelsRemoved", "indexesAdded", "indexesRemoved", "constraintsAdded", "constraintsRemoved"];
    return Object.fromEntries(names.map((name) => [name, this.counters[name] ?? 0]));
  }
  containsUpdates(): boolean {
    return Object.values(this.updates()).some((n) => n > 0);
  }
  systemUpdates(): number {
    return 0;
  }
  containsSystemUpdates(): boolean {
    return false;
  }
}

/** What is known of a statement when it is done. */
export class ResultSummary {
  readonly queryType: "r" | "w" | "rw" | "s";
  readonly counters: QueryStatistics;
  /** @deprecated `counters` */
  readonly updateStatistics: QueryStatistics;
  /** The printed plan of EXPLAIN or PROFILE, else false. */
  readonly plan: string | false;
  readonly profile: false = false;
  readonly notifications: [] = [];
  readonly gqlStatusObjects: [] = [];
  readonly server = { address: "this page", agent: "PocketGraph", protocolVersion: undefined };
  readonly resultAvailableAfter: Integer;
  readonly resultConsumedAfter: Integer;
  readonly database: { name: string };

  constructor(
    readonly query: { text: string; parameters: Dict },
    database: string,
    { writes, counters, plan, milliseconds }: Summary,
    columns: number,
  ) {
    this.queryType = writes ? (columns ? "rw" : "w") : "r";
    this.counters = this.updateStatistics = new QueryStatistics(counters);
    this.plan = plan ?? false;
    this.database = { name: database };
    this.resultAvailableAfter = this.resultConsumedAfter = Integer.fromNumber(milliseconds);
  }
  hasPlan(): boolean {
    return this.plan !== false;
  }
  hasProfile(): boolean {
    return false;
  }
}

/** All rows, and the summary. */
export interface QueryResult<R extends Dict = Dict> {
  records: Record<R>[];
  summary: ResultSummary;
}
/** What `executeQuery` gives: with the keys. */
export interface EagerResult<R extends Dict = Dict> extends QueryResult<R> {
  keys: (keyof R)[];
}
/** Who is told of a result row by row. */
export interface ResultObserver<R extends Dict = Dict> {
  onKeys?(keys: (keyof R)[]): void;
  onNext?(record: Record<R>): void;
  onCompleted?(summary: ResultSummary): void;
  onError?(error: Error): void;
}

/** How values come back, and the name of the database they come from. */
export interface Context {
  database: string;
  integers: Integers;
}

/** The result of a statement, which runs at once. */
export class Result<R extends Dict = Dict> implements Promise<QueryResult<R>> {
  readonly [Symbol.toStringTag] = "Result";
  private readonly answer: Promise<EagerResult<R>>;
  private consumed = false;

  /** `ask` runs the statement. */
  constructor(
    query: Query,
    parameters: Dict | undefined,
    context: Context,
    ask: (run: (db: Queryable, options?: { timeout?: number }) => Promise<OurResult<Value[]>>) => Promise<OurResult<Value[]>>,
  ) {
    const { text, parameters: own } = typeof query === "object" && "text" in query ? query : { text: String(query), parameters };
    const params = own ?? {};
    this.answer = ask((db, options) => db.query(text, toParameters(params), { ...options, rows: "array", integers: "bigint" })).then(
      ({ columns, rows, summary }) => {
        const reader = new Reader(context.integers);
        const records = rows.map((row) => new Record<R>(columns, row.map((value) => reader.value(value))));
        return { keys: columns, records, summary: new ResultSummary({ text, parameters: params }, context.database, summary, columns.length) };
      },
      (error) => Promise.reject(translated(error)),
    );
    this.answer.catch(() => {}); // whoever awaits it is told
  }

  then<A = QueryResult<R>, B = never>(done?: ((result: QueryResult<R>) => A | PromiseLike<A>) | null, failed?: ((error: any) => B | PromiseLike<B>) | null): Promise<A | B> {
    return this.answer.then(({ records, summary }) => ({ records, summary })).then(done, failed);
  }
  catch<B = never>(failed?: ((error: any) => B | PromiseLike<B>) | null): Promise<QueryResult<R> | B> {
    return this.then(undefined, failed);
  }
  finally(last?: (() => void) | null): Promise<QueryResult<R>> {
    return this.then().finally(last);
  }

  keys(): Promise<(keyof R)[]> {
    return this.answer.then(({ keys }) => keys);
  }
  /** Leaves the rows and gives the summary. */
  summary(): Promise<ResultSummary> {
    return this.answer.then(({ summary }) => summary);
  }
  isOpen(): boolean {
    return !this.consumed;
  }
  subscribe(observer: ResultObserver<R>): void {
    this.answer.then(
      ({ keys, records, summary }) => {
        observer.onKeys?.(keys);
        for (const record of records) observer.onNext?.(record);
        observer.onCompleted?.(summary);
      },
      (error) => observer.onError?.(error),
    );
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<Record<R>, ResultSummary> {
    const { records, summary } = await this.answer;
    this.consumed = true;
    yield* records;
    return summary;
  }
}

// neo4j-driver's API on PocketGraph: code that was written for it runs with
// its import changed. Not here: what a server or a cluster has (bookmarks,
// routing, authentication, reactive sessions); they are taken and mean nothing.

import { open } from "./index.js";
import { Neo4jError, translated } from "./neo4j-errors.js";
import { inSafeRange, int, Integer, isInt, toNumber } from "./neo4j-integer.js";
import { Record } from "./neo4j-record.js";
import { Result, ResultSummary, type EagerResult, type Query } from "./neo4j-result.js";
import { ManagedTransaction, Session, Transaction, type AccessMode, type TransactionConfig } from "./neo4j-session.js";
import { Date, DateTime, Duration, LocalDateTime, LocalTime, Node, Path, PathSegment, Point, Relationship, Time, type Integers } from "./neo4j-values.js";
import type { Database, OpenOptions } from "./types.js";

export { Date, DateTime, Duration, inSafeRange, int, Integer, isInt, LocalDateTime, LocalTime, ManagedTransaction, Neo4jError, Node, Path, PathSegment, Point, Record, Relationship, Result, ResultSummary, Session, Time, Transaction };
export type { AccessMode, EagerResult, Query, TransactionConfig };
export type { QueryResult, QueryStatistics, ResultObserver } from "./neo4j-result.js";

type Dict = { [key: string]: any };

/** The store that is used when no database is named, as on a server. */
const defaultDatabase = "neo4j";

/** Of neo4j-driver's configuration, what has a meaning here. */
export interface Config {
  /** Integers as numbers, rounded where they are large. */
  disableLosslessIntegers?: boolean;
  /** Integers as bigints. */
  useBigInt?: boolean;
  /** How databases are opened. */
  pocketgraph?: OpenOptions;
  /** All others are taken and mean nothing. */
  [option: string]: unknown;
}
/** Taken, and means nothing: there is nobody to show it to. */
export interface AuthToken {
  scheme: string;
  [part: string]: unknown;
}
/** Of a session. */
export interface SessionConfig {
  database?: string;
  defaultAccessMode?: AccessMode;
  [option: string]: unknown;
}
/** Of `executeQuery`. */
export interface QueryConfig<T = EagerResult> {
  database?: string;
  routing?: AccessMode;
  resultTransformer?: (result: Result<any>) => Promise<T>;
  transactionConfig?: TransactionConfig;
  [option: string]: unknown;
}

/** Opens databases when they are first used. */
export class Driver {
  private readonly opened = new Map<string, Promise<Database>>();
  private closed = false;

  /** @internal */
  constructor(
    private readonly config: Config,
    private readonly main: string,
    given?: Database,
  ) {
    if (given) this.opened.set(main, Promise.resolve(given));
    this.given = given;
  }
  private readonly given: Database | undefined;

  session({ database = this.main, defaultAccessMode = "WRITE" }: SessionConfig = {}): Session {
    const integers: Integers = this.config.useBigInt ? "bigint" : this.config.disableLosslessIntegers ? "number" : "Integer";
    return new Session(() => this.database(database), { database, integers }, defaultAccessMode);
  }

  /** One statement in a transaction of its own, with all its rows. */
  async executeQuery<T = EagerResult>(query: Query, parameters?: Dict, config: QueryConfig<T> = {}): Promise<T> {
    const session = this.session({ database: config.database });
    const transformer = config.resultTransformer ?? (eager as unknown as (result: Result<any>) => Promise<T>);
    const run = (tx: ManagedTransaction) => transformer(tx.run(query, parameters));
    try {
      return await (config.routing === "READ" ? session.executeRead(run, config.transactionConfig) : session.executeWrite(run, config.transactionConfig));
    } finally {
      await session.close();
    }
  }

  /** Opens the database, if it is not. */
  async getServerInfo({ database = this.main }: { database?: string } = {}): Promise<{ address: string; agent: string; protocolVersion: undefined }> {
    const { info } = await this.database(database);
    return { address: "this page", agent: `PocketGraph/${info.version}`, protocolVersion: undefined };
  }
  verifyConnectivity(config?: { database?: string }): ReturnType<Driver["getServerInfo"]> {
    return this.getServerInfo(config);
  }
  async verifyAuthentication(): Promise<boolean> {
    return true;
  }
  async supportsMultiDb(): Promise<boolean> {
    return true;
  }
  isEncrypted(): boolean {
    return false;
  }

  /** Closes the databases that it opened. */
  async close(): Promise<void> {
    this.closed = true;
    for (const database of this.opened.values()) {
      const db = await database.catch(() => undefined);
      if (db !== this.given) await db?.close();
    }
    this.opened.clear();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private database(name: string): Promise<Database> {
    if (this.closed) return Promise.reject(new Neo4jError("Pool is closed, the driver was closed.", "N/A"));
    let database = this.opened.get(name);
    if (!database) {
      database = open(name, this.config.pocketgraph);
      database.catch(() => this.opened.delete(name)); // another try may do better
      this.opened.set(name, database);
    }
    return database.catch((error) => Promise.reject(translated(error)));
  }
}

async function eager<R extends Dict>(result: Result<R>): Promise<EagerResult<R>> {
  const [keys, { records, summary }] = [await result.keys(), await result];
  return { keys, records, summary };
}

/**
 * A driver. The address of a server is taken and means nothing: the database
 * is the store "neo4j", or the one a session names. `pocketgraph:movies` makes
 * it the store "movies"; and an open database may be given.
 */
export function driver(url: string | Database, authToken?: AuthToken | Promise<AuthToken>, config: Config = {}): Driver {
  void authToken;
  if (typeof url !== "string") return new Driver(config, url.info.name, url);
  const named = /^pocketgraph:(?:\/\/)?([^/?#]+)/.exec(url);
  if (named) return new Driver(config, decodeURIComponent(named[1]));
  if (/^(bolt|neo4j)(\+s|\+ssc)?:/.test(url)) return new Driver(config, defaultDatabase);
  throw new Neo4jError(`Unknown scheme: ${url.split(":")[0]}`, "N/A");
}

/** Tokens as neo4j-driver makes them; they mean nothing here. */
export const auth = {
  basic: (principal: string, credentials: string, realm?: string): AuthToken => ({ scheme: "basic", principal, credentials, ...(realm ? { realm } : {}) }),
  kerberos: (credentials: string): AuthToken => ({ scheme: "kerberos", principal: "", credentials }),
  bearer: (credentials: string): AuthToken => ({ scheme: "bearer", credentials }),
  none: (): AuthToken => ({ scheme: "none" }),
  custom: (principal: string, credentials: string, realm: string, scheme: string, parameters?: Dict): AuthToken => ({ scheme, principal, credentials, realm, parameters }),
};

/** Access modes of sessions. */
export const session = { READ: "READ" as AccessMode, WRITE: "WRITE" as AccessMode };
/** Access modes of `executeQuery`. */
export const routing = { READ: "READ" as AccessMode, WRITE: "WRITE" as AccessMode };
/** @deprecated `int`, `isInt`, `inSafeRange`, `toNumber`, by themselves. */
export const integer = { toNumber, toString: Integer.toString, inSafeRange };
/** Transformers of results. */
export const resultTransformers = {
  eager: () => eager,
  eagerResultTransformer: () => eager,
  mapped:
    <T>({ map, collect }: { map?: (record: Record) => any; collect?: (rows: any[], summary: ResultSummary, keys: string[]) => T }) =>
    async (result: Result): Promise<T> => {
      const { keys, records, summary } = await eager(result);
      const rows = map ? records.map(map).filter((row) => row !== undefined) : records;
      return collect ? collect(rows, summary, keys as string[]) : ({ records: rows, summary, keys } as T);
    },
  first: () => async (result: Result): Promise<Record | undefined> => (await result).records[0],
};

/** The classes of values. */
export const types = { Node, Relationship, PathSegment, Path, Result, ResultSummary, Record, Point, Date, DateTime, Duration, LocalDateTime, LocalTime, Time, Integer };
/** Whether a value is a Date. */
export const isDate = (value: unknown): value is Date => value instanceof Date;
/** Whether a value is a DateTime. */
export const isDateTime = (value: unknown): value is DateTime => value instanceof DateTime;
/** Whether a value is a Duration. */
export const isDuration = (value: unknown): value is Duration => value instanceof Duration;
/** Whether a value is a LocalDateTime. */
export const isLocalDateTime = (value: unknown): value is LocalDateTime => value instanceof LocalDateTime;
/** Whether a value is a LocalTime. */
export const isLocalTime = (value: unknown): value is LocalTime => value instanceof LocalTime;
/** Whether a value is a Time. */
export const isTime = (value: unknown): value is Time => value instanceof Time;
/** Whether a value is a Node. */
export const isNode = (value: unknown): value is Node => value instanceof Node;
/** Whether a value is a Relationship. */
export const isRelationship = (value: unknown): value is Relationship => value instanceof Relationship;
/** Whether a value is a Path. */
export const isPath = (value: unknown): value is Path => value instanceof Path;
/** Whether a value is a PathSegment. */
export const isPathSegment = (value: unknown): value is PathSegment => value instanceof PathSegment;
/** Whether a value is a Point. */
export const isPoint = (value: unknown): value is Point => value instanceof Point;
/** Whether the same may work later. */
export const isRetriableError = Neo4jError.isRetriable;

/** The guards of temporal values. */
export const temporal = { isDate, isDateTime, isDuration, isLocalDateTime, isLocalTime, isTime };
/** The guard of points. */
export const spatial = { isPoint };
/** The guards of graph values. */
export const graph = { isNode, isRelationship, isPath, isPathSegment };
/** Codes of errors that are not the database's. */
export const error = { SERVICE_UNAVAILABLE: "ServiceUnavailable", SESSION_EXPIRED: "SessionExpired", PROTOCOL_ERROR: "ProtocolError" };

/** Everything, as `import neo4j from "neo4j-driver"` gives it. */
const neo4j = {
  driver, auth, session, routing, int, isInt, integer, Integer, inSafeRange, types, resultTransformers, Neo4jError, isRetriableError, error, temporal, spatial, graph,
  Node, Relationship, Path, PathSegment, Point, Record, Result, ResultSummary, Date, DateTime, Duration, LocalDateTime, LocalTime, Time, Driver, Session, Transaction, ManagedTransaction,
  isDate, isDateTime, isDuration, isLocalDateTime, isLocalTime, isTime, isNode, isRelationship, isPath, isPathSegment, isPoint,
};
export default neo4j;

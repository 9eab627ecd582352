// What the hooks of all frameworks have in common: a query whose answer
// somebody watches.

import { PocketGraphError } from "./index.js";
import type { Database, Parameters, Row } from "./types.js";

/** What a watched query has to say. Rows stay until there are newer ones. */
export interface QueryState<T = Row> {
  /** "loading" until the first answer to the query as it now is; "error" until it is asked again. */
  status: "loading" | "ready" | "error";
  rows: T[];
  error: PocketGraphError | undefined;
}

/** How a query is watched. */
export interface ObserveOptions {
  /** Asks again when a commit, in any tab, touches what the answer depends on (default true). */
  live?: boolean;
}

/** A query that has not answered. */
export const nothingYet: QueryState<never> = { status: "loading", rows: [], error: undefined };

/** Runs a query and, if it is live, follows it; `tell` is called with each answer until the function it returns is called. */
export function observe<T>(db: Database, text: string, params: Parameters | undefined, { live = true }: ObserveOptions, tell: (state: QueryState<T>) => void): () => void {
  const stop = new AbortController();
  const say = (state: QueryState<T>) => stop.signal.aborted || tell(state);
  const fail = (cause: unknown) => say({ status: "error", rows: [], error: cause instanceof PocketGraphError ? cause : new PocketGraphError("INTERNAL", String(cause), { cause }) });
  (live ? follow(db, text, params, stop.signal, say) : once(db, text, params, stop.signal, say)).catch(fail);
  return () => stop.abort();
}

async function once<T>(db: Database, text: string, params: Parameters | undefined, signal: AbortSignal, say: (state: QueryState<T>) => void): Promise<void> {
  const { rows } = await db.query<T>(text, params, { signal });
  say({ status: "ready", rows, error: undefined });
}

async function follow<T>(db: Database, text: string, params: Parameters | undefined, signal: AbortSignal, say: (state: QueryState<T>) => void): Promise<void> {
  for await (const { rows } of db.live<T>(text, params, { signal })) say({ status: "ready", rows, error: undefined });
}

// A store for Svelte 3 and later, and for whatever else knows its contract of
// stores.

import { nothingYet, observe, type ObserveOptions, type QueryState } from "./observe.js";
import type { Database, Parameters, Row } from "./types.js";

export type { ObserveOptions, QueryState } from "./observe.js";

/** A store that can be read: Svelte's `Readable`. */
export interface QueryStore<T> {
  /** Calls `run` with the state now and with every later one, until the function it returns is called. */
  subscribe(run: (state: QueryState<T>) => void): () => void;
}

/**
 * The answer to a query, as a store: asked for while somebody subscribes, and,
 * unless `live` is false, again when a commit in any tab touches what it
 * depends on.
 *
 *     const people = queryStore(db, "MATCH (p:Person) RETURN p.name AS name");
 *     // {#each $people.rows as { name }}
 */
export function queryStore<T = Row>(db: Database, text: string, params?: Parameters, options: ObserveOptions = {}): QueryStore<T> {
  const readers = new Set<(state: QueryState<T>) => void>();
  let state: QueryState<T> = nothingYet;
  let stop = () => {};
  const tell = (next: QueryState<T>) => {
    state = next;
    for (const run of [...readers]) run(state);
  };
  return {
    subscribe(run) {
      const reader = (state: QueryState<T>) => run(state); // the same function may subscribe twice
      readers.add(reader);
      run(state);
      if (readers.size === 1) stop = observe(db, text, params, options, tell);
      return () => {
        if (readers.delete(reader) && !readers.size) stop();
      };
    },
  };
}

// Hooks for React 18 and later.

import { createContext, createElement, useContext, useEffect, useState, type ReactNode } from "react";
import { open, PocketGraphError } from "./index.js";
import { nothingYet, observe, type ObserveOptions, type QueryState } from "./observe.js";
import { textOf } from "./text.js";
import type { Database, OpenOptions, Parameters, Row } from "./types.js";

export type { ObserveOptions, QueryState } from "./observe.js";

const Context = createContext<Database | undefined>(undefined);

/** What <GraphProvider> takes: a database that is open, or the name of one that it opens and closes. */
export type GraphProviderProps = {
  children?: ReactNode;
} & (
  | { db: Database }
  | {
      name: string;
      /** Read once. */
      options?: Omit<OpenOptions, "signal">;
      /** Shown until the database is open. */
      fallback?: ReactNode;
      /** Shown, and told, when it cannot be opened; without it the error goes to the nearest error boundary. */
      onError?: (error: PocketGraphError) => ReactNode;
    }
);

/** Gives a database to the components within. */
export function GraphProvider(props: GraphProviderProps): ReactNode {
  if ("db" in props) return createElement(Context.Provider, { value: props.db }, props.children);
  return createElement(Opened, { ...props, key: props.name });
}

function Opened({ name, options, fallback, onError, children }: Exclude<GraphProviderProps, { db: Database }>): ReactNode {
  const [opened, setOpened] = useState<{ db?: Database; error?: PocketGraphError }>({});
  useEffect(() => {
    const stop = new AbortController();
    open(name, { ...options, signal: stop.signal }).then(
      (db) => {
        stop.signal.addEventListener("abort", () => void db.close());
        if (stop.signal.aborted) void db.close();
        else setOpened({ db });
      },
      (error) => stop.signal.aborted || setOpened({ error }),
    );
    return () => stop.abort();
  }, [name]);
  if (opened.error) {
    if (onError) return onError(opened.error);
    throw opened.error;
  }
  return opened.db ? createElement(Context.Provider, { value: opened.db }, children) : fallback;
}

/** The database of the nearest <GraphProvider>. */
export function useGraph(): Database {
  const db = useContext(Context);
  if (db) return db;
  throw new PocketGraphError("INVALID_ARGUMENT", "useGraph() outside of a <GraphProvider>", { hint: "Wrap the component in <GraphProvider db={…}> or <GraphProvider name=…>." });
}

/**
 * The answer to a query, rendered again when it changes: when text or
 * parameters do (equal parameters may be new objects), and, unless `live` is
 * false, when a commit in any tab touches what it depends on.
 *
 *     const { rows, status, error } = useQuery("MATCH (p:Person {city: $city}) RETURN p.name AS name", { city });
 */
export function useQuery<T = Row>(text: string, params?: Parameters, options: ObserveOptions = {}): QueryState<T> {
  const db = useGraph();
  const [state, setState] = useState<QueryState<T>>(nothingYet);
  const { live = true } = options;
  useEffect(() => {
    setState(({ rows }) => ({ status: "loading", rows, error: undefined }));
    return observe<T>(db, text, params, { live }, setState);
  }, [db, text, textOf(params ?? {}), live]);
  return state;
}

// Composables for Vue 3.

import { inject, onScopeDispose, provide, shallowRef, toValue, watch, type InjectionKey, type MaybeRefOrGetter, type ShallowRef } from "vue";
import { PocketGraphError } from "./index.js";
import { nothingYet, observe, type ObserveOptions, type QueryState } from "./observe.js";
import { textOf } from "./text.js";
import type { Database, Parameters, Row } from "./types.js";

export type { ObserveOptions, QueryState } from "./observe.js";

const key: InjectionKey<Database> = Symbol("pocketgraph");

/** Gives a database to the components within the one that calls it. */
export function provideGraph(db: Database): void {
  provide(key, db);
}

/** The database that a component above gave. */
export function useGraph(): Database {
  const db = inject(key, undefined);
  if (db) return db;
  throw new PocketGraphError("INVALID_ARGUMENT", "useGraph() where no component above called provideGraph()", { hint: "Call provideGraph(db) in the setup of a component above." });
}

/**
 * The answer to a query, as a ref: asked again when text or parameters change,
 * and, unless `live` is false, when a commit in any tab touches what it
 * depends on. It ends with the scope it was made in.
 *
 *     const people = useQuery("MATCH (p:Person {city: $city}) RETURN p.name AS name", () => ({ city: city.value }));
 *     // people.value.rows
 */
export function useQuery<T = Row>(text: MaybeRefOrGetter<string>, params?: MaybeRefOrGetter<Parameters | undefined>, options: ObserveOptions & { db?: Database } = {}): Readonly<ShallowRef<QueryState<T>>> {
  const db = options.db ?? useGraph();
  const state = shallowRef<QueryState<T>>(nothingYet);
  let stop = () => {};
  watch(
    () => [toValue(text), textOf(toValue(params ?? {}))],
    () => {
      stop();
      state.value = { status: "loading", rows: state.value.rows, error: undefined };
      stop = observe<T>(db, toValue(text), toValue(params), options, (next) => (state.value = next));
    },
    { immediate: true },
  );
  onScopeDispose(() => stop());
  return state;
}

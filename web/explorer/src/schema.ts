// The schema: what is in the store, each entry a query away.

import type { Database, Value } from "pocketgraph";
import { byId, h, number } from "./dom.js";
import { name } from "./notation.js";

type Ask = (query: string) => void;
type Counts = { [name: string]: number };

export interface Schema {
  labels: [string, number][];
  types: [string, number][];
  keys: string[];
  indexes: { [column: string]: Value }[];
  constraints: { [column: string]: Value }[];
}

export async function readSchema(db: Database): Promise<Schema> {
  const [stats, keys, indexes, constraints] = await Promise.all([
    db.stats(),
    db.query("CALL db.propertyKeys()", {}, { rows: "array" }),
    db.query("SHOW INDEXES"),
    db.query("SHOW CONSTRAINTS"),
  ]);
  const counts = (of: unknown): [string, number][] => Object.entries((of ?? {}) as Counts).sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  return { labels: counts(stats.labels), types: counts(stats.types), keys: keys.rows.map(([key]) => String(key)).sort(), indexes: indexes.rows, constraints: constraints.rows };
}

export function showSchema(schema: Schema, ask: Ask): void {
  const button = (text: string, count: number | null, query: string) =>
    h("li", {}, h("button", { type: "button", class: "entry", title: query, onclick: () => ask(query) }, h("span", {}, text), count !== null && h("span", { class: "count" }, number(count))));
  byId("panel-schema").replaceChildren(
    section("Labels", "Nodes get labels when a query creates them.", schema.labels.map(([label, n]) => button(label, n, `MATCH (n:${name(label)})\nRETURN n\nLIMIT 100`))),
    section("Relationship types", "Relationships get their type when a query creates them.", schema.types.map(([type, n]) => button(type, n, `MATCH (a)-[r:${name(type)}]->(b)\nRETURN a, r, b\nLIMIT 100`))),
    section("Property keys", "No properties yet.", schema.keys.map((key) => button(key, null, `MATCH (n)\nWHERE n.${name(key)} IS NOT NULL\nRETURN DISTINCT n.${name(key)} AS ${name(key)}, count(*) AS nodes\nORDER BY nodes DESC\nLIMIT 50`))),
    section("Indexes", "None. CREATE INDEX FOR (n:Label) ON (n.key) makes one.", schema.indexes.map((row) => button(rule(row), null, "SHOW INDEXES"))),
    section("Constraints", "None. CREATE CONSTRAINT FOR (n:Label) REQUIRE n.key IS UNIQUE makes one.", schema.constraints.map((row) => button(`${rule(row)} ${String(row.type ?? "").toLowerCase().replaceAll("_", " ")}`, null, "SHOW CONSTRAINTS"))),
  );
}

function section(title: string, empty: string, entries: HTMLElement[]): HTMLElement {
  return h("section", { class: "group" }, h("h2", {}, title), entries.length ? h("ul", { class: "entries" }, ...entries) : h("p", { class: "muted" }, empty));
}

function rule(row: { [column: string]: Value }): string {
  const list = (value: Value) => (Array.isArray(value) ? value.map(String).join(", ") : "");
  return `${list(row.labelsOrTypes)} (${list(row.properties)})`;
}

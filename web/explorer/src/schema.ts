// The schema of a store: what it has of labels, types, properties, indexes and
// constraints, and which labels the types connect.

import type { Database, Value } from "pocketgraph";
import { name } from "./notation.js";

type Counts = { [name: string]: number };
export type Rule = { [column: string]: Value };

/** Relationships of a type were met from this label to that one. */
export interface Connection {
  type: string;
  start: string;
  end: string;
}

export interface Schema {
  labels: [string, number][];
  types: [string, number][];
  keys: string[];
  indexes: Rule[];
  constraints: Rule[];
  connections: Connection[];
}

export async function readSchema(db: Database): Promise<Schema> {
  const [stats, keys, indexes, constraints, met] = await Promise.all([
    db.stats(),
    db.query("CALL db.propertyKeys()", {}, { rows: "array" }),
    db.query("SHOW INDEXES"),
    db.query("SHOW CONSTRAINTS"),
    db.query<{ relationships: { name: string; start: string; end: string }[] }>("CALL db.schema.visualization() YIELD relationships"),
  ]);
  const counts = (of: unknown): [string, number][] => Object.entries((of ?? {}) as Counts).filter(([, n]) => n > 0).sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  return {
    labels: counts(stats.labels),
    types: counts(stats.types),
    keys: keys.rows.map(([key]) => String(key)).sort(),
    indexes: indexes.rows,
    constraints: constraints.rows,
    connections: met.rows[0].relationships.map(({ name, start, end }) => ({ type: name, start, end })),
  };
}

export interface Property {
  key: string;
  types: string[];
  /** Elements that have it, among those looked at. */
  having: number;
}

/** How many nodes or relationships of a kind are looked at for their properties. */
const sample = 1_000;

/** The properties of a label's nodes or a type's relationships, and of how many elements that was learned. */
export async function readProperties(db: Database, kind: "label" | "type", of: string): Promise<{ properties: Property[]; looked: number }> {
  const from = kind === "label" ? `(x:${name(of)})` : `()-[x:${name(of)}]->()`;
  const options = { rows: "array", timeout: 5_000 } as const;
  const { rows } = await db.query<[string, string[], number]>(
    `MATCH ${from} WITH x LIMIT ${sample} UNWIND keys(x) AS key RETURN key, collect(DISTINCT valueType(x[key])) AS types, count(*) AS having ORDER BY having DESC, key`, {}, options);
  const looked = await db.query<[number]>(`MATCH ${from} WITH x LIMIT ${sample} RETURN count(*)`, {}, options);
  return { properties: rows.map(([key, types, having]) => ({ key, types: types.map((type) => type.replace(" NOT NULL", "")).sort(), having })), looked: looked.rows[0][0] };
}

/** "Country (code)", as a rule is told of. */
export function ruleText(row: Rule): string {
  const list = (value: Value) => (Array.isArray(value) ? value.map(String).join(", ") : "");
  return `${list(row.labelsOrTypes)} (${list(row.properties)})`;
}

// What a click asks.
export const ofLabel = (label: string): string => `MATCH (n:${name(label)})\nRETURN n\nLIMIT 100`;
export const ofType = (type: string): string => `MATCH (a)-[r:${name(type)}]->(b)\nRETURN a, r, b\nLIMIT 100`;
export const ofKey = (key: string): string => `MATCH (n)\nWHERE n.${name(key)} IS NOT NULL\nRETURN n.${name(key)} AS value, count(*) AS nodes\nORDER BY nodes DESC\nLIMIT 50`;
export const ofConnection = ({ type, start, end }: Connection): string => `MATCH (a:${name(start)})-[r:${name(type)}]->(b:${name(end)})\nRETURN a, r, b\nLIMIT 100`;
export function ofProperty(kind: "label" | "type", of: string, key: string): string {
  const [pattern, x, counted] = kind === "label" ? [`(n:${name(of)})`, "n", "nodes"] : [`()-[r:${name(of)}]->()`, "r", "relationships"];
  return `MATCH ${pattern}\nRETURN ${x}.${name(key)} AS value, count(*) AS ${counted}\nORDER BY ${counted} DESC\nLIMIT 50`;
}

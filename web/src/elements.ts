// The nodes and relationships in a result, wherever in its rows they are.

import type { Node, Path, Relationship } from "./types.js";

/** The elements of a graph, each once. */
export interface Elements {
  nodes: Map<string, Node>;
  relationships: Map<string, Relationship>;
}

const object = (value: unknown): value is object => typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
/** A map of the user's may look like an element; no other has such an id. */
const ids = { n: /^[0-9a-f]+:n:\d+$/, r: /^[0-9a-f]+:r:\d+$/ };
const has = (value: object, kind: "n" | "r"): boolean => "properties" in value && "id" in value && typeof value.id === "string" && ids[kind].test(value.id);

/** Whether a value of a result is a node. */
export const isNode = (value: unknown): value is Node => object(value) && "labels" in value && has(value, "n");
/** Whether a value of a result is a relationship. */
export const isRelationship = (value: unknown): value is Relationship => object(value) && "start" in value && "end" in value && has(value, "r");
/** Whether a value of a result is a path. */
export const isPath = (value: unknown): value is Path =>
  object(value) && "nodes" in value && Array.isArray(value.nodes) && value.nodes.length > 0 && value.nodes.every(isNode) && "relationships" in value && Array.isArray(value.relationships);

/** The elements in the rows of a result: in columns, lists, maps and paths. */
export function elementsOf(rows: Iterable<unknown>): Elements {
  const found: Elements = { nodes: new Map(), relationships: new Map() };
  for (const row of rows) collect(row, found);
  return found;
}

function collect(value: unknown, found: Elements): void {
  if (!object(value)) return;
  if (isNode(value)) found.nodes.set(value.id, value);
  else if (isRelationship(value)) found.relationships.set(value.id, value);
  else for (const inner of Object.values(value)) collect(inner, found);
}

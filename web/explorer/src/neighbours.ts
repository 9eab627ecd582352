// What the picture asks of the store about the nodes it draws.

import type { Database, Node, Relationship, Value } from "pocketgraph";
import { isNode, name } from "./notation.js";

/** Neighbours that come at once; the menu offers the kinds one by one. */
const expandUpTo = 100;
const options = { rows: "array", integers: "bigint", timeout: 5_000 } as const;

export interface NeighbourKind {
  type: string;
  outgoing: boolean;
  count: number;
}

export async function neighbourKinds(db: Database, id: string): Promise<NeighbourKind[]> {
  const { rows } = await db.query<[string, boolean, bigint]>(
    "MATCH (n)-[r]-(m) WHERE elementId(n) = $id RETURN type(r) AS type, startNode(r) = n AS outgoing, count(r) AS count ORDER BY type, outgoing DESC", { id }, options);
  return rows.map(([type, outgoing, count]) => ({ type, outgoing, count: Number(count) }));
}

/** Rows of relationship and neighbour. */
export async function neighbours(db: Database, id: string, kind?: NeighbourKind): Promise<Value[][]> {
  const step = !kind ? "-[r]-" : kind.outgoing ? `-[r:${name(kind.type)}]->` : `<-[r:${name(kind.type)}]-`;
  return (await db.query(`MATCH (n)${step}(m) WHERE elementId(n) = $id RETURN r, m LIMIT ${expandUpTo}`, { id }, options)).rows;
}

export async function nodesOf(db: Database, ids: readonly string[]): Promise<Node[]> {
  const { rows } = await db.query("MATCH (n) WHERE elementId(n) IN $ids RETURN n", { ids }, options);
  return rows.map(([node]) => node).filter(isNode);
}

/** The relationships that have both ends among these nodes. */
export async function relationshipsAmong(db: Database, ids: readonly string[]): Promise<Relationship[]> {
  const { rows } = await db.query<[Relationship]>("MATCH (a)-[r]->(b) WHERE elementId(a) IN $ids AND elementId(b) IN $ids RETURN r", { ids }, options);
  return rows.map(([relationship]) => relationship);
}

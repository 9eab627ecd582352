// To and from graphology, and with it sigma, layouts and metrics. The form of
// attributes is that of the format "graphology" (docs/formats.md).

import type Graph from "graphology";
import { elementsOf } from "./elements.js";
import type { Database, Parameter, Parameters, Queryable } from "./types.js";

/** What of graphology a graph is built with: `new MultiDirectedGraph()`, or any that allows what is put into it. */
export type GraphologyGraph = Graph;
type Attributes = { [name: string]: unknown };

/** How a graph goes in. */
export interface FromGraphologyOptions {
  /** Labels of the nodes that have no attribute `@labels`. */
  labels?: readonly string[];
  /** The type of the edges that have no attribute `@type` (default "RELATED_TO"). */
  type?: string;
  /** A property that keeps the node's key; without it keys are forgotten. */
  keyProperty?: string;
}

/** Nodes and relationships sent at once. */
const batch = 1000;

/**
 * Puts the nodes, relationships and paths in the rows into a graph, each under
 * its id, and returns the graph. Properties are attributes; labels and type are
 * the attributes `@labels` and `@type`, and a property whose name begins with @
 * gets another before it. A relationship whose ends are not in the rows brings
 * nodes without attributes. What the graph has already gets the new attributes.
 *
 *     const graph = toGraphology(new MultiDirectedGraph(), (await db.query("MATCH (a)-[r]->(b) RETURN a, r, b")).rows);
 */
export function toGraphology<G extends GraphologyGraph>(graph: G, rows: Iterable<unknown>): G {
  const { nodes, relationships } = elementsOf(rows);
  for (const { id, labels, properties } of nodes.values()) graph.mergeNode(id, attributesOf("@labels", labels, properties));
  for (const { id, type, start, end, properties } of relationships.values()) graph.mergeDirectedEdgeWithKey(id, start, end, attributesOf("@type", type, properties));
  return graph;
}

function attributesOf(name: string, value: unknown, properties: object): Attributes {
  const escaped = Object.entries(properties).map(([key, value]) => [key.startsWith("@") ? `@${key}` : key, value]);
  return Object.fromEntries([...escaped, [name, value]]);
}

/**
 * Creates a graphology graph's nodes and edges, in one transaction, and returns
 * which node each key became. An undirected edge gets the direction it was
 * made in. Attributes that are no values of the query language are
 * `INVALID_ARGUMENT`, and nothing is created.
 */
export async function fromGraphology(db: Database | Queryable, graph: GraphologyGraph, options: FromGraphologyOptions = {}): Promise<Map<string, string>> {
  const { labels = [], type = "RELATED_TO", keyProperty } = options;
  const ids = new Map<string, string>();
  const nodes = graph.mapNodes((key, attributes) => ({ key, ...parted(attributes, "@labels") }));
  const edges = graph.mapEdges((_, attributes, source, target) => ({ source, target, ...parted(attributes, "@type") }));
  const put = async (tx: Queryable) => {
    for (const some of batches(nodes)) {
      const rows = some.map(({ key, special, properties }) => ({
        labels: Array.isArray(special) ? special.map(String) : [...labels],
        properties: keyProperty === undefined ? properties : { ...properties, [keyProperty]: key },
      }));
      const created = await tx.query<{ id: string }>("UNWIND $rows AS row CREATE (n:$(row.labels)) SET n = row.properties RETURN elementId(n) AS id", { rows });
      created.rows.forEach(({ id }, i) => ids.set(some[i].key, id));
    }
    for (const some of batches(edges)) {
      const rows = some.map(({ source, target, special, properties }) => ({ start: ids.get(source)!, end: ids.get(target)!, type: typeof special === "string" ? special : type, properties }));
      await tx.query("UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row.start MATCH (b) WHERE elementId(b) = row.end CREATE (a)-[r:$(row.type)]->(b) SET r = row.properties", { rows });
    }
  };
  await ("transaction" in db ? db.transaction(put) : put(db));
  return ids;
}

/** The attribute with labels or type, and the others under the names of properties. */
function parted(attributes: Attributes, name: string): { special: unknown; properties: Parameters } {
  const { [name]: special, ...others } = attributes;
  return { special, properties: Object.fromEntries(Object.entries(others).map(([key, value]) => [key.startsWith("@@") ? key.slice(1) : key, value as Parameter])) };
}

function* batches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += batch) yield all.slice(i, i + batch);
}

// Results as Cytoscape draws them.

import { elementsOf } from "./elements.js";
import type { Node, Relationship } from "./types.js";

/** A node as Cytoscape takes it; its classes are its labels. */
export interface CytoscapeNode {
  group: "nodes";
  data: { id: string; label: string; labels: string[]; properties: Node["properties"] };
  classes: string[];
}
/** An edge as Cytoscape takes it; its class is its type. */
export interface CytoscapeEdge {
  group: "edges";
  data: { id: string; source: string; target: string; label: string; type: string; properties: Relationship["properties"] };
  classes: string[];
}

/** How results become elements. */
export interface CytoscapeOptions {
  /** What `data.label` of a node is: by default its property `name` or `title`, else its first label. */
  label?: (node: Node) => string;
}

/**
 * The nodes, relationships and paths in the rows as elements for
 * `cytoscape({ elements })` or `cy.add()`. Cytoscape refuses an edge without its
 * ends, so ends that are not in the rows become nodes without properties.
 *
 *     cytoscape({ container, elements: toCytoscape((await db.query("MATCH p = (:Person)-[:KNOWS]->() RETURN p")).rows) });
 */
export function toCytoscape(rows: Iterable<unknown>, { label = nameOf }: CytoscapeOptions = {}): (CytoscapeNode | CytoscapeEdge)[] {
  const { nodes, relationships } = elementsOf(rows);
  for (const { start, end } of relationships.values()) {
    for (const id of [start, end]) if (!nodes.has(id)) nodes.set(id, { id, labels: [], properties: {} });
  }
  return [
    ...[...nodes.values()].map((node): CytoscapeNode => {
      const { id, labels, properties } = node;
      return { group: "nodes", data: { id, label: label(node), labels, properties }, classes: labels.map(className) };
    }),
    ...[...relationships.values()].map(({ id, type, start, end, properties }): CytoscapeEdge => {
      return { group: "edges", data: { id, source: start, target: end, label: type, type, properties }, classes: [className(type)] };
    }),
  ];
}

function nameOf({ labels, properties }: Node): string {
  return String(properties.name ?? properties.title ?? labels[0] ?? "");
}

/** A class is a word in Cytoscape's selectors. */
const className = (name: string): string => name.replace(/[^\w-]/g, "_");

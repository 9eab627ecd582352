// What of a result can be drawn: its nodes and relationships, once each.

import type { Node, Relationship, Value } from "pocketgraph";
import { isNode, isPath, isRelationship } from "./notation.js";

/** Beyond these a drawing says nothing and the page gets slow. The table has everything. */
export const mostNodes = 5_000;
export const mostRelationships = 20_000;

export class Drawing {
  readonly nodes = new Map<string, Node>();
  readonly relationships = new Map<string, Relationship>();
  /** Something was left out for its number. */
  truncated = false;

  static of(rows: readonly Value[][]): Drawing {
    const drawing = new Drawing();
    for (const row of rows) for (const value of row) drawing.add(value);
    return drawing;
  }

  add(value: Value): void {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Float32Array) return;
    if (Array.isArray(value)) for (const item of value) this.add(item);
    else if (isNode(value)) this.put(this.nodes, value, mostNodes);
    else if (isRelationship(value)) this.put(this.relationships, value, mostRelationships);
    else if (isPath(value)) {
      for (const node of value.nodes) this.add(node);
      for (const relationship of value.relationships) this.add(relationship);
    } else for (const item of Object.values(value as { [key: string]: Value })) this.add(item);
  }

  private put<T extends { id: string }>(into: Map<string, T>, element: T, most: number): void {
    if (into.has(element.id) || into.size < most) into.set(element.id, element);
    else this.truncated = true;
  }

  /** Ends of relationships that the result did not bring. */
  missing(): string[] {
    const ids = new Set<string>();
    for (const { start, end } of this.relationships.values()) for (const id of [start, end]) if (!this.nodes.has(id)) ids.add(id);
    return [...ids].slice(0, mostNodes - this.nodes.size);
  }

  remove(id: string): void {
    this.nodes.delete(id);
  }

  /** Relationships both ends of which are drawn. */
  drawable(): Relationship[] {
    return [...this.relationships.values()].filter(({ start, end }) => this.nodes.has(start) && this.nodes.has(end));
  }
}

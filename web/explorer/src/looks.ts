// How nodes of a label look, as the reader wants it: kept in localStorage.

import type { Node } from "pocketgraph";
import { keepIfPossible, kept } from "./keep.js";
import { caption as automatic, notation, shorten } from "./notation.js";

const key = "pocketgraph.looks";
const mostLabels = 500;
export const colours = 10; // of the palette

export type Size = "degree" | "small" | "large" | { by: string };
export type Caption = "automatic" | "none" | "label" | { by: string };

export interface Look {
  /** A place in the palette, so that it has a light and a dark form. */
  colour: number | null;
  size: Size;
  caption: Caption;
}

export const plain: Look = { colour: null, size: "degree", caption: "automatic" };

/** A choice as a select's value, and back. */
export const choiceText = (choice: Size | Caption): string => (typeof choice === "string" ? choice : `by ${choice.by}`);
export const choiceOf = <T extends Size | Caption>(text: string): T => (text.startsWith("by ") ? { by: text.slice(3) } : text) as T;

export class Looks {
  private readonly looks = new Map<string, Look>(load());

  of(node: Node): Look {
    return (node.labels.length ? this.looks.get(node.labels[0]) : undefined) ?? plain;
  }

  ofLabel(label: string): Look {
    return this.looks.get(label) ?? plain;
  }

  /** null: as everything looks that nobody has touched. */
  set(label: string, look: Look | null): void {
    this.looks.delete(label);
    if (look) this.looks.set(label, look);
    keepIfPossible(key, [...this.looks].slice(-mostLabels));
  }

  caption(node: Node): string {
    const { caption } = this.of(node);
    if (caption === "none") return "";
    if (caption === "label") return node.labels[0] ?? "node";
    if (typeof caption === "object" && Object.hasOwn(node.properties, caption.by)) {
      const value = node.properties[caption.by];
      return shorten(typeof value === "string" ? value : notation(value));
    }
    return automatic(node);
  }

  /** How much larger than others a node is: by its degree, or by a property among these nodes. */
  sizes(nodes: Iterable<Node>, degree: (id: string) => number): Map<string, number> {
    const sizes = new Map<string, number>();
    const measured = new Map<string, [string, number][]>(); // label and property: node, value
    for (const node of nodes) {
      const { size } = this.of(node);
      if (size === "small") sizes.set(node.id, 0.7);
      else if (size === "large") sizes.set(node.id, 2);
      else if (size === "degree") sizes.set(node.id, 1 + Math.min(1.8, 0.18 * Math.sqrt(degree(node.id))));
      else {
        sizes.set(node.id, 0.7);
        const value = Object.hasOwn(node.properties, size.by) ? Number(node.properties[size.by]) : NaN;
        const group = `${node.labels[0]}\u0000${size.by}`;
        if (!Number.isFinite(value)) continue;
        const values = measured.get(group) ?? [];
        values.push([node.id, value]);
        measured.set(group, values);
      }
    }
    for (const values of measured.values()) {
      const least = Math.min(0, ...values.map(([, value]) => value));
      const most = Math.max(...values.map(([, value]) => value)) - least || 1;
      for (const [id, value] of values) sizes.set(id, 0.7 + 2.1 * Math.sqrt((value - least) / most)); // the area goes by the value
    }
    return sizes;
  }
}

function load(): [string, Look][] {
  const stored = kept(key);
  if (!Array.isArray(stored)) return [];
  return stored.slice(0, mostLabels).flatMap((entry): [string, Look][] => {
    const [label, look] = Array.isArray(entry) ? entry : [];
    if (typeof label !== "string" || typeof look !== "object" || look === null) return [];
    const by = (choice: any) => typeof choice === "object" && typeof choice?.by === "string";
    return [[label, {
      colour: Number.isInteger(look.colour) && look.colour >= 0 && look.colour < colours ? look.colour : null,
      size: ["small", "large"].includes(look.size) || by(look.size) ? look.size : "degree",
      caption: ["none", "label"].includes(look.caption) || by(look.caption) ? look.caption : "automatic",
    }]];
  });
}

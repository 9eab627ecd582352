// Colours of nodes: by label, or by a property with few values when that says more.

import type { Node } from "pocketgraph";
import type { Looks } from "./looks.js";
import { isDark } from "./theme.js";

/** Ten colours each, for which a look has numbers. */
const palette = {
  light: ["#0f766e", "#c2562d", "#4f5bb3", "#a97b06", "#93386b", "#3f7d2e", "#2878b5", "#7a6449", "#b03a48", "#56646e"],
  dark: ["#4cc2ae", "#f0936b", "#98a4f5", "#e2b84f", "#dd8bb8", "#8ccb7d", "#73b9ea", "#c6b494", "#f0898f", "#a5b3bd"],
};

const fewest = 2;
const most = 10; // as many as there are colours

export interface Colouring {
  /** "labels", or the key of a property. */
  by: string;
  /** What the nodes can be coloured by. */
  choices: string[];
  legend: { name: string; count: number; colour: string }[];
  colour(node: Node): string;
}

export const colourNumber = (i: number): string => palette[isDark() ? "dark" : "light"][i];

/**
 * `wanted` is what the reader chose before; it counts when it still makes
 * sense. A label that has a colour of its own in `looks` keeps it.
 */
export function colouring(nodes: Iterable<Node>, labels: readonly string[], wanted: string | null, looks: Looks): Colouring {
  const all = [...nodes];
  const keys = categories(all);
  const choices = ["labels", ...keys];
  const one = new Set(all.map((node) => node.labels.join())).size === 1 && looks.of(all[0]).colour === null;
  const by = wanted && choices.includes(wanted) ? wanted : one && keys.length ? keys[0] : "labels";
  const of = (node: Node): string => (by === "labels" ? (node.labels[0] ?? "no label") : String((Object.hasOwn(node.properties, by) ? node.properties[by] : null) ?? "none"));
  const counts = new Map<string, number>();
  for (const node of all) counts.set(of(node), (counts.get(of(node)) ?? 0) + 1);
  // Labels keep their colour from one result to the next: it goes by their place in the schema.
  const names = [...counts.keys()].sort();
  const place = (name: string) => (by === "labels" && labels.includes(name) ? labels.indexOf(name) : names.indexOf(name));
  const colourOf = (name: string) => colourNumber((by === "labels" ? looks.ofLabel(name).colour : null) ?? place(name) % most);
  return {
    by,
    choices,
    legend: names.map((name) => ({ name, count: counts.get(name)!, colour: colourOf(name) })).sort((a, b) => b.count - a.count),
    colour: (node) => colourOf(of(node)),
  };
}

/** Properties that most nodes have, with few values. */
function categories(nodes: Node[]): string[] {
  if (nodes.length < 2 * fewest) return [];
  const values = new Map<string, Set<string>>();
  const having = new Map<string, number>();
  for (const node of nodes) {
    for (const [key, value] of Object.entries(node.properties)) {
      if (typeof value !== "string" && typeof value !== "boolean") continue;
      having.set(key, (having.get(key) ?? 0) + 1);
      const set = values.get(key) ?? new Set();
      if (set.size <= most) set.add(String(value));
      values.set(key, set);
    }
  }
  return [...values]
    .filter(([key, set]) => set.size >= fewest && set.size <= most && set.size < nodes.length / 2 && having.get(key)! >= 0.6 * nodes.length)
    .map(([key]) => key)
    .sort();
}

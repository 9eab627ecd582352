// The drawn graph by keyboard: arrows go to the nearest node that way, single
// keys do what the menu does.

import type Graph from "graphology";

export interface GraphKeys {
  selected(): string | null;
  select(id: string): void;
  details(id: string): void;
  menu(id: string): void;
  expand(id: string): void;
  collapse(id: string): void;
  hide(id: string): void;
  pin(id: string): void;
  zoom(by: "in" | "out" | "fit"): void;
}

const arrows: { [key: string]: [number, number] } = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Whether the key meant something here. */
export function pressed(event: KeyboardEvent, graph: Graph, keys: GraphKeys): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const zoom = ({ "+": "in", "=": "in", "-": "out", "0": "fit" } as const)[event.key];
  if (zoom) return keys.zoom(zoom), true;
  const at = keys.selected();
  const node = at !== null && graph.hasNode(at) ? at : null;
  if (event.key in arrows) {
    const next = node === null ? first(graph) : toward(graph, node, arrows[event.key]);
    if (next !== null) keys.select(next);
    return true;
  }
  if (node === null) return false;
  if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) return keys.menu(node), true;
  const action = { Enter: keys.details, " ": keys.details, m: keys.menu, e: keys.expand, c: keys.collapse, h: keys.hide, p: keys.pin }[event.key];
  if (!action) return false;
  action.call(keys, node);
  return true;
}

/** The node with the most relationships. */
function first(graph: Graph): string | null {
  let best: string | null = null;
  graph.forEachNode((node) => {
    if (best === null || graph.degree(node) > graph.degree(best)) best = node;
  });
  return best;
}

/** The nearest node that way; what lies aside counts as farther. */
function toward(graph: Graph, from: string, [dx, dy]: [number, number]): string | null {
  const here = graph.getNodeAttributes(from);
  let best: string | null = null;
  let least = Infinity;
  graph.forEachNode((node, { x, y }) => {
    const along = (x - here.x) * dx + (y - here.y) * dy;
    const aside = Math.abs((x - here.x) * dy) + Math.abs((y - here.y) * dx);
    if (node === from || along <= 0 || aside > 2 * along) return;
    if (along + 2 * aside < least) [best, least] = [node, along + 2 * aside];
  });
  return best;
}

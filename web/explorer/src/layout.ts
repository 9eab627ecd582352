// Where nodes go: ForceAtlas2, in slices so that the page stays awake.

import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import { calm } from "./theme.js";

/** Milliseconds of layout in one frame of the screen. */
const slice = 12;

/** Puts new nodes near their neighbours, or on a spiral; the same graph always begins the same. */
export function seed(graph: Graph): void {
  let i = 0;
  graph.forEachNode((node, { x }) => {
    if (x !== undefined) return;
    const angle = i * 2.399963; // the golden angle: evenly spread, never in line
    const radius = 10 * Math.sqrt(i++ + 1);
    const near = graph.neighbors(node).find((n) => graph.getNodeAttribute(n, "x") !== undefined);
    const [cx, cy] = near ? [graph.getNodeAttribute(near, "x"), graph.getNodeAttribute(near, "y")] : [0, 0];
    graph.mergeNodeAttributes(node, { x: cx + radius * Math.cos(angle) * (near ? 0.3 : 1), y: cy + radius * Math.sin(angle) * (near ? 0.3 : 1) });
  });
}

/** Turns the whole so that its longer side lies along the screen's. */
function lay(graph: Graph): void {
  const n = graph.order || 1;
  const mean = { x: 0, y: 0 };
  graph.forEachNode((_, { x, y }) => ((mean.x += x / n), (mean.y += y / n)));
  let [xx, yy, xy] = [0, 0, 0];
  graph.forEachNode((_, { x, y }) => ((xx += (x - mean.x) ** 2), (yy += (y - mean.y) ** 2), (xy += (x - mean.x) * (y - mean.y))));
  const angle = Math.atan2(2 * xy, xx - yy) / 2; // of the principal axis
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  graph.updateEachNodeAttributes((_, look) => ({ ...look, x: look.x * cos + look.y * sin, y: look.y * cos - look.x * sin }));
}

function iterations(order: number): number {
  return order > 1000 ? 120 : order > 300 ? 250 : 500;
}

/** Runs the layout; `frame` is called as it moves. Returns a function that stops it. */
export function arrange(graph: Graph, frame: () => void, done: () => void): () => void {
  seed(graph);
  let left = graph.order > 1 ? iterations(graph.order) : 0;
  const settings = { ...forceAtlas2.inferSettings(graph), gravity: 0.1, barnesHutOptimize: graph.order > 400, slowDown: 3 + graph.order / 200 };
  const step = (count: number) => {
    forceAtlas2.assign(graph, { iterations: count, settings });
    left -= count;
  };
  let stopped = false;
  const run = () => {
    if (stopped) return;
    const until = performance.now() + slice;
    while (left > 0 && performance.now() < until) step(Math.min(5, left));
    frame();
    if (left > 0) requestAnimationFrame(run);
    else done();
  };
  // Most of it before the first picture; who wants no motion gets all of it.
  const first = performance.now() + (calm() ? 2_000 : 250);
  while (left > 0 && performance.now() < first) step(Math.min(10, left));
  lay(graph);
  run();
  return () => (stopped = true);
}

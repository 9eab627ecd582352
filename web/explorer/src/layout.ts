// Where nodes go. The work is done by layout-worker.ts; here its places are
// put into the graph, once a picture.

import type Graph from "graphology";
import { graphToByteArrays } from "graphology-layout-forceatlas2/helpers.js";
import type { Places, ToLayout } from "./layout-worker.js";
import { calm } from "./theme.js";

/** Puts new nodes near their neighbours, or on a spiral; the same graph always begins the same. */
export function seed(graph: Graph): void {
  let i = 0;
  graph.forEachNode((node, { x }) => {
    if (x !== undefined) return;
    const angle = i * 2.399963; // the golden angle: evenly spread, never in line
    const radius = 10 * Math.sqrt(i++ + 1);
    const near = graph.findNeighbor(node, (n) => graph.getNodeAttribute(n, "x") !== undefined);
    const [cx, cy] = near ? [graph.getNodeAttribute(near, "x"), graph.getNodeAttribute(near, "y")] : [0, 0];
    graph.mergeNodeAttributes(node, { x: cx + radius * Math.cos(angle) * (near ? 0.3 : 1), y: cy + radius * Math.sin(angle) * (near ? 0.3 : 1) });
  });
}

function iterations(order: number): number {
  return order > 1000 ? 120 : order > 300 ? 250 : 500;
}

function settings(order: number): { [name: string]: unknown } {
  return {
    linLogMode: false, outboundAttractionDistribution: false, adjustSizes: false, edgeWeightInfluence: 1, strongGravityMode: true,
    scalingRatio: 10, gravity: 0.1, slowDown: 3 + order / 200, barnesHutOptimize: order > 400, barnesHutTheta: order > 2000 ? 1 : 0.5,
  };
}

export interface Arrangement {
  stop(): void;
  /** The reader moved a node; while `fixed` it stays where it is. */
  move(node: string, fixed: boolean): void;
}

let worker: Worker | null = null;
let runs = 0;

/** One worker for all layouts: starting it costs more than most of them. */
function layoutWorker(): Worker {
  return (worker ??= new Worker(new URL("layout.js", document.baseURI), { type: "module", name: "layout" }));
}

/** Runs the layout; `frame` is called when nodes have moved, `done` when they rest. `fresh`: nobody has seen it yet. */
export function arrange(graph: Graph, fresh: boolean, frame: () => void, done: () => void): Arrangement {
  seed(graph);
  const run = ++runs;
  const order = graph.nodes();
  const post = (message: ToLayout, transfer: Transferable[] = []) => layoutWorker().postMessage(message, transfer);
  let over = order.length < 2;
  const take = ({ data }: MessageEvent<Places>) => {
    if (data.run !== run || over) return;
    // In place, and told of once: an event for each node would have the picture look at each of them.
    let i = 0;
    graph.forEachNode((_, look) => {
      look.x = data.places[i++];
      look.y = data.places[i++];
    });
    frame();
    if (data.done) end();
    else requestAnimationFrame(() => post({ kind: "drawn", run }));
  };
  const end = () => {
    stop();
    done();
  };
  const stop = () => {
    if (over) return;
    over = true;
    worker?.removeEventListener("message", take);
    post({ kind: "stop" });
  };
  if (over) {
    queueMicrotask(done);
    return { stop() {}, move() {} };
  }
  layoutWorker().addEventListener("message", take);
  const { nodes, edges } = graphToByteArrays(graph, () => 1);
  const fixed = graph.someNode((_, look) => look.fixed);
  // Most of it before the first picture; who wants no motion gets all of it.
  const first = calm() ? 5_000 : fresh ? 250 : 0;
  post({ kind: "job", run, nodes, edges, iterations: iterations(order.length), settings: settings(order.length), first, turn: fresh && !fixed }, [nodes.buffer, edges.buffer]);
  const index = new Map(order.map((node, i) => [node, i]));
  return {
    stop,
    move(node, fixed) {
      const { x, y } = graph.getNodeAttributes(node);
      if (!over) post({ kind: "move", run, node: index.get(node)!, x, y, fixed });
    },
  };
}

// The parts of graphology-layout-forceatlas2 that its own declarations leave out.

declare module "graphology-layout-forceatlas2/iterate.js" {
  /** One iteration on the matrices, in place. */
  export default function iterate(settings: { [name: string]: unknown }, nodes: Float32Array, edges: Float32Array): unknown;
}

declare module "graphology-layout-forceatlas2/helpers.js" {
  import type Graph from "graphology";
  /** Ten columns a node (x, y, …, mass 6, size 8, fixed 9), three an edge (source, target, weight). */
  export function graphToByteArrays(graph: Graph, weight: () => number): { nodes: Float32Array<ArrayBuffer>; edges: Float32Array<ArrayBuffer> };
}

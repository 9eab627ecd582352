// ForceAtlas2 in a worker of its own, so that the page draws and listens while
// the graph unfolds. The graph comes as the matrices of
// graphology-layout-forceatlas2 and goes back as places: x, y of each node.

import iterate from "graphology-layout-forceatlas2/iterate.js";

/** Begins a layout; the one before is over. */
interface Job {
  kind: "job";
  run: number;
  nodes: Float32Array;
  edges: Float32Array;
  iterations: number;
  settings: { [name: string]: unknown };
  /** Milliseconds of layout before the first places are sent. */
  first: number;
  /** Turn the whole, so that its longer side lies along the screen's. */
  turn: boolean;
}
/** The page has drawn what it got, and can take more. */
export interface Drawn {
  kind: "drawn";
  run: number;
}
/** A node was moved by hand; it stays there while it is fixed. */
interface Move {
  kind: "move";
  run: number;
  node: number;
  x: number;
  y: number;
  fixed: boolean;
}
export interface Stop {
  kind: "stop";
}
export type ToLayout = Job | Drawn | Move | Stop;

export interface Places {
  run: number;
  places: Float32Array;
  done: boolean;
}

const [columns, fixedColumn] = [10, 9]; // of the matrix of nodes
const slice = 16; // milliseconds of layout before messages are looked at
const pause = 33; // milliseconds between two pictures

let job: Job | null = null;
let left = 0;
let drawn = true;
let sent = 0;

addEventListener("message", ({ data }: MessageEvent<ToLayout>) => {
  if (data.kind === "stop") job = null;
  else if (data.kind === "job") begin(data);
  else if (job && data.run === job.run) {
    if (data.kind === "drawn") drawn = true;
    else place(job.nodes, data);
  }
});

function begin(next: Job): void {
  job = next;
  left = next.iterations;
  drawn = true;
  const until = performance.now() + next.first;
  while (left > 0 && performance.now() < until) step(next);
  if (next.turn) turn(next.nodes);
  send(next);
  setTimeout(run, 0, next);
}

function run(mine: Job): void {
  if (job !== mine || left === 0) return;
  const until = performance.now() + slice;
  while (left > 0 && performance.now() < until) step(mine);
  if (left === 0 || (drawn && performance.now() - sent >= pause)) send(mine);
  setTimeout(run, 0, mine);
}

function step({ settings, nodes, edges }: Job): void {
  iterate(settings, nodes, edges);
  left--;
}

function send({ run, nodes }: Job): void {
  const places = new Float32Array((nodes.length / columns) * 2);
  for (let i = 0; i < places.length / 2; i++) {
    places[2 * i] = nodes[columns * i];
    places[2 * i + 1] = nodes[columns * i + 1];
  }
  drawn = false;
  sent = performance.now();
  const message: Places = { run, places, done: left === 0 };
  postMessage(message, { transfer: [places.buffer] });
}

function place(nodes: Float32Array, { node, x, y, fixed }: Move): void {
  const at = node * columns;
  nodes[at] = x;
  nodes[at + 1] = y;
  nodes[at + fixedColumn] = fixed ? 1 : 0;
}

/** About the mean, by the angle of the principal axis. */
function turn(nodes: Float32Array): void {
  const n = nodes.length / columns;
  let [mx, my] = [0, 0];
  for (let at = 0; at < nodes.length; at += columns) {
    mx += nodes[at] / n;
    my += nodes[at + 1] / n;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let at = 0; at < nodes.length; at += columns) {
    const [x, y] = [nodes[at] - mx, nodes[at + 1] - my];
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let at = 0; at < nodes.length; at += columns) {
    const [x, y] = [nodes[at], nodes[at + 1]];
    nodes[at] = x * cos + y * sin;
    nodes[at + 1] = y * cos - x * sin;
  }
}

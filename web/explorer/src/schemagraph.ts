// The drawn schema: a circle for each label, an arrow for each type between
// two labels. Both are buttons that ask for what they stand for.

import Graph from "graphology";
import { h, number, svg } from "./dom.js";
import { shorten } from "./notation.js";
import { ofConnection, ofLabel, type Connection, type Schema } from "./schema.js";

const mostLabels = 60; // beyond, a drawing is a tangle; the panel has all
const radius = { least: 26, most: 46 };
const apart = 200; // between the centres of two circles, at least
const letter = 7.6; // about the width of one in a name
const longestName = 14; // letters; the whole of it is said by the title

interface Place {
  x: number;
  y: number;
  r: number;
}

/** Labels as nodes, and one edge for each pair that something connects: what the layout needs. */
export function schemaShape(schema: Schema): Graph {
  const graph = new Graph({ type: "undirected", allowSelfLoops: false });
  for (const [label, count] of schema.labels.slice(0, mostLabels)) graph.addNode(label, { size: size(label, count, schema) });
  for (const { start, end } of schema.connections) if (start !== end && graph.hasNode(start) && graph.hasNode(end) && !graph.hasEdge(start, end)) graph.addEdge(start, end);
  return graph;
}

/** The radius: the area goes by the number of nodes, but the name has to find room. */
function size(label: string, count: number, schema: Schema): number {
  const most = Math.max(1, ...schema.labels.map(([, n]) => n));
  return Math.max(radius.least + (radius.most - radius.least) * Math.sqrt(count / most), 8 + (letter / 2) * shorten(label, longestName).length);
}

/** Draws the schema; `graph` is its shape with a place for each label. */
export function schemaGraph(schema: Schema, graph: Graph, ask: (query: string) => void): HTMLElement {
  const places = spread(graph);
  const root = svg("svg", { class: "schema-drawing", role: "group", "aria-label": "The schema as a graph" });
  root.append(svg("defs", {}, svg("marker", { id: "schema-arrow", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, svg("path", { d: "M0 1 9 5 0 9z" }))));
  const pairs = new Map<string, Connection[]>();
  for (const connection of schema.connections) {
    if (!places.has(connection.start) || !places.has(connection.end)) continue;
    const pair = [connection.start, connection.end].sort().join("\u0000");
    pairs.set(pair, [...(pairs.get(pair) ?? []), connection]);
  }
  for (const connections of pairs.values()) connections.forEach((connection, i) => root.append(arrow(connection, i, connections.length, places, ask)));
  for (const [label, count] of schema.labels) if (places.has(label)) root.append(circle(label, count, places.get(label)!, ask));
  fit(root, [...places.values()], schema);
  const left = schema.labels.length - places.size;
  return h("div", { class: "schema-stage" }, root, left > 0 && h("p", { class: "limit" }, `Drawn are the ${number(places.size)} labels with the most nodes; the panel has all ${number(schema.labels.length)}.`));
}

/** Scales the layout so that no two circles are near, and turns it for a wide stage. */
function spread(graph: Graph): Map<string, Place> {
  const all = graph.mapNodes((label, { x, y, size }) => ({ label, x, y, r: size }));
  let least = Infinity;
  for (const a of all) for (const b of all) if (a !== b) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  const scale = Number.isFinite(least) && least > 0 ? apart / least : 1;
  return new Map(all.map(({ label, x, y, r }) => [label, { x: x * scale, y: y * scale, r }]));
}

function fit(root: SVGElement, places: Place[], schema: Schema): void {
  const margin = 40;
  const loops = schema.connections.some(({ start, end }) => start === end) ? 70 : 0;
  const left = Math.min(...places.map(({ x, r }) => x - r)) - margin;
  const right = Math.max(...places.map(({ x, r }) => x + r)) + margin;
  const top = Math.min(...places.map(({ y, r }) => y - r)) - margin - loops;
  const bottom = Math.max(...places.map(({ y, r }) => y + r)) + margin;
  const [width, height] = [Math.max(right - left, 760), Math.max(bottom - top, 420)];
  root.setAttribute("viewBox", `${(left + right - width) / 2} ${(top + bottom - height) / 2} ${width} ${height}`);
}

/** A group that works as a button, by mouse and by keyboard. */
function pressable(name: string, style: string, press: () => void, ...children: (SVGElement | string)[]): SVGElement {
  const onkeydown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    press();
  };
  return svg("g", { class: style, role: "button", tabindex: "0", "aria-label": name, onclick: press, onkeydown }, ...children);
}

function circle(label: string, count: number, { x, y, r }: Place, ask: (query: string) => void): SVGElement {
  const text = shorten(label, longestName);
  return pressable(`${label} ${number(count)} nodes`, "schema-label", () => ask(ofLabel(label)), svg("title", {}, ofLabel(label)), svg("circle", { cx: x, cy: y, r }), svg("text", { x, y: y - 1, class: "name" }, text), " ", svg("text", { x, y: y + 14, class: "count" }, number(count)));
}

function arrow(connection: Connection, i: number, of: number, places: ReadonlyMap<string, Place>, ask: (query: string) => void): SVGElement {
  const { type, start, end } = connection;
  const [a, b] = [places.get(start)!, places.get(end)!];
  const { d, x, y } = start === end ? loop(a, i) : curve(a, b, bend(connection, i, of));
  const text = shorten(type, 26);
  return pressable(`${type} from ${start} to ${end}`, "schema-type", () => ask(ofConnection(connection)), svg("title", {}, ofConnection(connection)), svg("path", { d, class: "reach" }), svg("path", { d, class: "line", "marker-end": "url(#schema-arrow)" }), svg("text", { x, y: y + 3.5 }, text));
}

/** Several arrows between two labels bow away from each other. */
function bend({ start, end }: Connection, i: number, of: number): number {
  const side = start < end ? 1 : -1; // the same side for the pair, whichever way the arrow goes
  return side * (i - (of - 1) / 2) * 52;
}

function curve(a: Place, b: Place, bow: number): { d: string; x: number; y: number } {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [nx, ny] = [-(b.y - a.y) / length, (b.x - a.x) / length];
  const [cx, cy] = [(a.x + b.x) / 2 + nx * bow, (a.y + b.y) / 2 + ny * bow];
  const edge = (p: Place, gap: number) => {
    const away = Math.hypot(cx - p.x, cy - p.y) || 1;
    return [p.x + ((cx - p.x) / away) * (p.r + gap), p.y + ((cy - p.y) / away) * (p.r + gap)];
  };
  const [sx, sy] = edge(a, 2);
  const [ex, ey] = edge(b, 4);
  return { d: `M${sx} ${sy}Q${cx} ${cy} ${ex} ${ey}`, x: (sx + 2 * cx + ex) / 4, y: (sy + 2 * cy + ey) / 4 };
}

/** From a label to itself: a loop above it, several of them one above the other. */
function loop({ x, y, r }: Place, i: number): { d: string; x: number; y: number } {
  const [height, width] = [r + 46 + 26 * i, 26 + 10 * i];
  return { d: `M${x - r * 0.5} ${y - r * 0.87 - 2}C${x - width - r * 0.5} ${y - height} ${x + width + r * 0.5} ${y - height} ${x + r * 0.5} ${y - r * 0.87 - 4}`, x, y: y - height * 0.75 - r * 0.2 - 2 };
}

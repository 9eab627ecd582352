// Drawing as an SVG, for browsers without WebGL: the same picture, with zoom
// buttons and selection, without dragging.

import type Graph from "graphology";
import { svg } from "./dom.js";
import { shorten } from "./notation.js";
import type { Picture, PictureEvents } from "./picture.js";

const labelled = 40; // nodes, beyond which only the largest have their names written
const moving = 300; // nodes, beyond which the picture waits until they rest

export class SvgPicture implements Picture {
  private readonly root = svg("svg", { class: "drawing", "aria-hidden": "true" });
  private scale = 1;
  private selected: string | null = null;

  constructor(private readonly graph: Graph, private readonly host: HTMLElement, private readonly events: PictureEvents) {
    host.append(this.root);
    this.root.addEventListener("click", (event) => event.target === this.root && events.nothing());
    this.draw();
  }

  private draw(): void {
    const { graph } = this;
    const box = this.box();
    const unit = box.size / this.scale / Math.max(100, Math.min(this.host.clientWidth, this.host.clientHeight)); // one pixel
    this.root.setAttribute("viewBox", `${box.x - box.size / 2 / this.scale} ${box.y - box.size / 2 / this.scale} ${box.size / this.scale} ${box.size / this.scale}`);
    this.root.replaceChildren();
    graph.forEachEdge((id, _, source, target) => this.root.append(this.edge(id, graph.getNodeAttributes(source), graph.getNodeAttributes(target), unit)));
    const large = [...graph.nodes()].sort((a, b) => graph.degree(b) - graph.degree(a)).slice(0, labelled);
    const named = new Set(large);
    graph.forEachNode((id, look) => this.root.append(this.node(id, look, unit, named.has(id))));
  }

  private edge(id: string, a: any, b: any, unit: number): SVGElement {
    const on = id === this.selected;
    return svg("line", { x1: a.x, y1: -a.y, x2: b.x, y2: -b.y, class: on ? "edge on" : "edge", "stroke-width": (on ? 3 : 1.2) * unit, onclick: () => this.events.relationship(id) });
  }

  private node(id: string, look: any, unit: number, named: boolean): SVGElement {
    const circle = svg("circle", { cx: look.x, cy: -look.y, r: look.size * unit, class: id === this.selected ? "node on" : "node", "stroke-width": 2.5 * unit });
    circle.style.fill = look.color;
    const oncontextmenu = (event: MouseEvent) => (event.preventDefault(), this.events.menu(id, event.clientX, event.clientY));
    const group = svg("g", { "data-id": id, onclick: () => this.events.node(id), ondblclick: () => this.events.expand(id), oncontextmenu }, svg("title", {}, look.label), circle);
    if (look.fixed) group.append(svg("circle", { cx: look.x, cy: -look.y, r: Math.max(2, look.size * 0.32) * unit, class: "pin" }));
    if (named) group.append(svg("text", { x: look.x + (look.size + 3) * unit, y: -look.y + 4 * unit, "font-size": 11 * unit }, shorten(look.label, 24)));
    return group;
  }

  private box(): { x: number; y: number; size: number } {
    const xs: number[] = [];
    const ys: number[] = [];
    this.graph.forEachNode((_, { x, y }) => (xs.push(x), ys.push(-y)));
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return { x: (left + right) / 2, y: (top + bottom) / 2, size: Math.max(right - left, bottom - top, 20) * 1.2 };
  }

  refresh(selected: string | null): void {
    this.selected = selected;
    this.draw();
  }

  moved(): void {
    if (this.graph.order <= moving) this.draw();
  }

  rebuilt(): void {
    this.draw();
  }

  place(id: string): { x: number; y: number } {
    const group = [...this.root.querySelectorAll<SVGElement>("[data-id]")].find((element) => element.dataset.id === id);
    const { x, y, width, height } = (group?.querySelector("circle") ?? this.root).getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  }

  reveal(): void {} // without panning, only what is zoomed away is outside

  zoom(by: "in" | "out" | "fit"): void {
    this.scale = by === "fit" ? 1 : this.scale * (by === "in" ? 1.5 : 1 / 1.5);
    this.draw();
  }

  close(): void {
    this.root.remove();
  }
}

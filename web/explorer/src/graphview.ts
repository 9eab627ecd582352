// The drawn graph: the model, its looks and legend, the layout, the picture.

import Graph from "graphology";
import type { Node } from "pocketgraph";
import { colouring } from "./colours.js";
import { byId, number } from "./dom.js";
import { pressed, type GraphKeys } from "./graphkeys.js";
import { arrange, seed, type Arrangement } from "./layout.js";
import { Legend } from "./legend.js";
import { Looks } from "./looks.js";
import { Drawing, mostNodes, mostRelationships } from "./model.js";
import { caption } from "./notation.js";
import type { Picture, PictureEvents } from "./picture.js";
import { SigmaPicture } from "./picture-sigma.js";
import { SvgPicture } from "./picture-svg.js";

type GraphEvents = Omit<PictureEvents, "moved">;

export class GraphView {
  private readonly host = byId("canvas");
  private readonly looks = new Looks();
  private readonly legend = new Legend(this.looks, { colourBy: (by) => this.recolour(by), changed: () => this.relook(), showHidden: () => this.showHidden() });
  private graph = new Graph({ multi: true, type: "directed" });
  private drawing = new Drawing();
  private hiddenNodes = new Map<string, Node>();
  private picture: Picture | null = null;
  private arrangement: Arrangement | null = null;
  private selected: string | null = null;
  private colourBy: string | null = null;
  /** Labels of the store, which give them their colours. */
  labels: readonly string[] = [];

  constructor(private readonly events: GraphEvents) {
    for (const by of ["in", "out", "fit"] as const) byId(`zoom-${by}`).addEventListener("click", () => this.picture?.zoom(by));
    this.host.addEventListener("keydown", (event) => pressed(event, this.graph, this.keys()) && event.preventDefault());
  }

  get shown(): Drawing {
    return this.drawing;
  }

  /** Draws this instead of what was there. */
  show(drawing: Drawing): void {
    this.close();
    this.drawing = drawing;
    this.hiddenNodes.clear();
    this.selected = null;
    this.graph = new Graph({ multi: true, type: "directed" });
    this.fill();
    const empty = drawing.nodes.size === 0;
    byId("graph-empty").hidden = !empty;
    byId("graph-tools").hidden = empty;
    this.host.hidden = empty;
    this.legend.hidden = empty;
    if (!empty) this.draw();
  }

  /** Draws this instead, where what was there already stays in its place. */
  become(drawing: Drawing): void {
    if (!this.picture || drawing.nodes.size === 0) return this.show(drawing);
    for (const id of this.hiddenNodes.keys()) drawing.remove(id);
    for (const id of this.graph.edges()) if (!drawing.relationships.has(id)) this.graph.dropEdge(id);
    const same = drawing.nodes.size === this.drawing.nodes.size && drawing.drawable().length === this.graph.size && [...drawing.nodes.keys()].every((id) => this.graph.hasNode(id));
    this.drawing = drawing;
    if (!same) return this.changed();
    this.fill();
    this.picture.refresh(this.selected);
  }

  /** Adds what a query brought to the picture. */
  extend(more: Drawing): void {
    for (const node of more.nodes.values()) {
      this.hiddenNodes.delete(node.id);
      this.drawing.add(node);
    }
    for (const relationship of more.relationships.values()) this.drawing.add(relationship);
    this.changed();
  }

  /** Takes nodes out of the picture; the store keeps them. */
  hide(ids: Iterable<string>): void {
    for (const id of ids) {
      const node = this.drawing.nodes.get(id);
      if (!node) continue;
      this.hiddenNodes.set(id, node);
      this.drawing.remove(id);
      if (this.selected === id) this.selected = null;
    }
    this.changed();
  }

  /** The neighbours that hang on this node alone. */
  leaves(id: string): string[] {
    return this.graph.hasNode(id) ? this.graph.filterNeighbors(id, (n) => n !== id && this.graph.everyNeighbor(n, (far) => far === id || far === n)) : [];
  }

  isPinned(id: string): boolean {
    return this.graph.hasNode(id) && this.graph.getNodeAttribute(id, "fixed") === true;
  }

  pin(id: string): void {
    if (!this.graph.hasNode(id)) return;
    this.graph.setNodeAttribute(id, "fixed", !this.isPinned(id));
    this.arrangement?.move(id, this.isPinned(id));
    this.tell(`${this.captionOf(id)} is ${this.isPinned(id) ? "pinned" : "free"}`);
  }

  select(id: string | null): void {
    this.selected = id && (this.graph.hasNode(id) || this.graph.hasEdge(id)) ? id : null;
    this.picture?.refresh(this.selected);
  }

  /** Where a node is in the window. */
  place(id: string): { x: number; y: number } {
    return this.picture!.place(id);
  }

  focus(): void {
    this.host.focus({ preventScroll: true });
  }

  /** After a change of theme. */
  repaint(): void {
    this.colour();
    this.picture?.refresh(this.selected);
  }

  private keys(): GraphKeys {
    const { events } = this;
    return {
      selected: () => this.selected,
      select: (id) => {
        this.select(id);
        this.picture?.reveal(id);
        this.tell(`${this.captionOf(id)}, ${number(this.graph.degree(id))} relationships drawn`);
      },
      details: events.node,
      menu: (id) => events.menu(id, this.place(id).x, this.place(id).y),
      expand: events.expand,
      collapse: (id) => this.hide(this.leaves(id)),
      hide: (id) => this.hide([id]),
      pin: (id) => this.pin(id),
      zoom: (by) => this.picture?.zoom(by),
    };
  }

  private captionOf(id: string): string {
    const node = this.drawing.nodes.get(id)!;
    return caption(node);
  }

  /** For who hears the page. */
  private tell(text: string): void {
    byId("graph-said").textContent = text;
  }

  private showHidden(): void {
    for (const node of this.hiddenNodes.values()) this.drawing.add(node);
    this.hiddenNodes.clear();
    this.changed();
    this.focus();
  }

  /** After nodes have come or gone. */
  private changed(): void {
    const { drawing, graph } = this;
    for (const id of graph.nodes()) if (!drawing.nodes.has(id)) graph.dropNode(id);
    this.arrangement?.stop();
    this.fill();
    this.picture?.rebuilt();
    this.select(this.selected);
    this.layOut(false);
  }

  private fill(): void {
    const { graph, drawing } = this;
    for (const node of drawing.nodes.values()) if (!graph.hasNode(node.id)) graph.addNode(node.id, this.before(node.id));
    const drawable = drawing.drawable();
    for (const r of drawable) if (!graph.hasEdge(r.id)) graph.addDirectedEdgeWithKey(r.id, r.start, r.end, { label: r.type, size: drawable.length > 3_000 ? 0.8 : drawable.length > 120 ? 2 : 2.6 });
    byId("graph-limit").hidden = !drawing.truncated;
    byId("graph-limit").textContent = `Drawn are the first ${number(mostNodes)} nodes and ${number(mostRelationships)} relationships. The table has all rows.`;
    this.look();
    this.colour();
  }

  /** A new node has no place yet, which sigma refuses to draw: it begins beside one that has. */
  private before(id: string): { x?: number; y?: number } {
    if (!this.picture) return {};
    for (const { start, end } of this.drawing.relationships.values()) {
      const other = start === id ? end : end === id ? start : null;
      if (other === null || !this.graph.hasNode(other)) continue;
      const { x, y } = this.graph.getNodeAttributes(other);
      const angle = this.graph.order * 2.399963;
      return { x: x + 3 * Math.cos(angle), y: y + 3 * Math.sin(angle) };
    }
    return { x: 0, y: 0 };
  }

  private look(): void {
    const { graph, drawing, looks } = this;
    const base = graph.order > 3_000 ? 1.5 : graph.order > 1_500 ? 2.2 : graph.order > 600 ? 3 : graph.order > 120 ? 4.5 : 8;
    const sizes = looks.sizes(drawing.nodes.values(), (id) => graph.degree(id));
    // In place: the picture is told once, when all of it is done.
    graph.forEachNode((id, look) => Object.assign(look, { size: base * sizes.get(id)!, label: looks.caption(drawing.nodes.get(id)!) }));
  }

  private colour(): void {
    const nodes = [...this.drawing.nodes.values()];
    if (nodes.length === 0) return;
    const colours = colouring(nodes, this.labels, this.colourBy, this.looks);
    this.graph.forEachNode((id, look) => (look.color = colours.colour(this.drawing.nodes.get(id)!)));
    this.legend.show(colours, nodes, this.hiddenNodes.size);
  }

  private recolour(by: string): void {
    this.colourBy = by;
    this.repaint();
    byId("colour-by").focus();
  }

  private relook(): void {
    this.look();
    this.repaint();
  }

  private draw(): void {
    seed(this.graph);
    this.host.replaceChildren();
    const events: PictureEvents = { ...this.events, moved: (id, dropped) => this.moved(id, dropped) };
    try {
      this.picture = new SigmaPicture(this.graph, this.host, events);
    } catch {
      this.picture = new SvgPicture(this.graph, this.host, events);
    }
    this.layOut(true);
  }

  private moved(id: string, dropped: boolean): void {
    this.arrangement?.move(id, true);
    this.picture?.moved();
    if (dropped) this.tell(`${this.captionOf(id)} is pinned`);
  }

  private layOut(fresh: boolean): void {
    this.host.dataset.settled = "false";
    const done = () => {
      this.host.dataset.settled = "true";
      this.picture?.refresh(this.selected);
    };
    this.arrangement = arrange(this.graph, fresh, () => this.picture?.moved(), done);
  }

  private close(): void {
    this.arrangement?.stop();
    this.arrangement = null;
    this.picture?.close();
    this.picture = null;
  }
}

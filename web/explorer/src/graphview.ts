// The drawn graph: the model, its colours and legend, the layout, the picture.

import Graph from "graphology";
import { byId, dot, h, number } from "./dom.js";
import { colouring } from "./colours.js";
import { arrange, seed } from "./layout.js";
import { Drawing, mostNodes, mostRelationships } from "./model.js";
import { caption } from "./notation.js";
import type { Picture, PictureEvents } from "./picture.js";
import { SigmaPicture } from "./picture-sigma.js";
import { SvgPicture } from "./picture-svg.js";

export class GraphView {
  private readonly host = byId("canvas");
  private readonly legend = byId("legend");
  private graph = new Graph({ multi: true, type: "directed" });
  private drawing = new Drawing();
  private picture: Picture | null = null;
  private stop = () => {};
  private selected: string | null = null;
  private colourBy: string | null = null;
  /** Labels of the store, which give them their colours. */
  labels: readonly string[] = [];

  constructor(private readonly events: PictureEvents) {
    for (const by of ["in", "out", "fit"] as const) byId(`zoom-${by}`).addEventListener("click", () => this.picture?.zoom(by));
  }

  get shown(): Drawing {
    return this.drawing;
  }

  /** Draws this instead of what was there. */
  show(drawing: Drawing): void {
    this.close();
    this.drawing = drawing;
    this.selected = null;
    this.graph = new Graph({ multi: true, type: "directed" });
    this.fill();
    const empty = drawing.nodes.size === 0;
    byId("graph-empty").hidden = !empty;
    byId("graph-tools").hidden = empty;
    this.legend.hidden = empty;
    byId("graph-limit").hidden = !drawing.truncated;
    byId("graph-limit").textContent = `Drawn are the first ${number(mostNodes)} nodes and ${number(mostRelationships)} relationships. The table has all rows.`;
    if (!empty) this.draw();
  }

  /** Adds what a query brought to the picture. */
  extend(more: Drawing): void {
    for (const node of more.nodes.values()) this.drawing.add(node);
    for (const relationship of more.relationships.values()) this.drawing.add(relationship);
    const selected = this.selected;
    this.fill();
    this.picture?.close();
    this.draw();
    this.select(selected);
  }

  private fill(): void {
    const { graph, drawing } = this;
    for (const node of drawing.nodes.values()) if (!graph.hasNode(node.id)) graph.addNode(node.id, { label: caption(node) });
    for (const r of drawing.drawable()) if (!graph.hasEdge(r.id)) graph.addDirectedEdgeWithKey(r.id, r.start, r.end, { label: r.type, size: drawing.relationships.size > 120 ? 2 : 2.6 });
    const base = graph.order > 600 ? 3 : graph.order > 120 ? 4.5 : 8;
    graph.updateEachNodeAttributes((id, look) => ({ ...look, size: base + Math.min(1.8 * base, 0.9 * Math.sqrt(graph.degree(id)) * (base / 5)) }));
    this.colour();
  }

  private colour(): void {
    const colours = colouring(this.drawing.nodes.values(), this.labels, this.colourBy);
    this.graph.updateEachNodeAttributes((id, look) => ({ ...look, color: colours.colour(this.drawing.nodes.get(id)!) }));
    const choose = h("select", { id: "colour-by", onchange: (event: Event) => this.recolour((event.target as HTMLSelectElement).value) });
    for (const choice of colours.choices) choose.append(h("option", { value: choice, selected: choice === colours.by }, choice === "labels" ? "label" : choice));
    this.legend.replaceChildren(
      h("label", { class: "legend-by", for: "colour-by" }, "Colour by ", choose),
      h("ul", {}, ...colours.legend.map(({ name, count, colour }) => h("li", {}, dot(colour), h("span", { class: "legend-name" }, name), h("span", { class: "count" }, number(count))))),
    );
  }

  private recolour(by: string): void {
    this.colourBy = by;
    this.repaint();
    byId("colour-by").focus();
  }

  private draw(): void {
    try {
      this.picture = new SigmaPicture(this.graph, this.begin(), this.events);
    } catch {
      this.picture = new SvgPicture(this.graph, this.begin(), this.events);
    }
    const frame = () => this.picture?.refresh(this.selected);
    this.stop();
    this.stop = arrange(this.graph, frame, frame);
  }

  // Before the layout has run nodes have no place, which sigma refuses.
  private begin(): HTMLElement {
    seed(this.graph);
    this.host.replaceChildren();
    return this.host;
  }

  select(id: string | null): void {
    this.selected = id && (this.graph.hasNode(id) || this.graph.hasEdge(id)) ? id : null;
    this.picture?.refresh(this.selected);
  }

  /** After a change of theme or colours. */
  repaint(): void {
    this.colour();
    this.picture?.refresh(this.selected);
  }

  private close(): void {
    this.stop();
    this.picture?.close();
    this.picture = null;
  }
}

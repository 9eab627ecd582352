// Drawing with sigma (WebGL): zoom, pan, drag, hover.

import type Graph from "graphology";
import Sigma from "sigma";
import type { Settings } from "sigma/settings";
import { token, type Picture, type PictureEvents } from "./picture.js";
import { calm } from "./theme.js";

const labelled = 60; // relationships with their types written beside them, at most

/** Text with a halo in the colour of the paper, so that it reads over edges. */
function drawLabel(context: CanvasRenderingContext2D, data: any, settings: Settings): void {
  if (!data.label) return;
  const size = settings.labelSize;
  context.font = `${data.highlighted ? 600 : 500} ${size}px ${settings.labelFont}`;
  const [x, y] = [data.x + data.size + 4, data.y + size / 3];
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = token("--paper");
  context.strokeText(data.label, x, y);
  context.fillStyle = token("--ink");
  context.fillText(data.label, x, y);
}

function drawHover(context: CanvasRenderingContext2D, data: any, settings: Settings): void {
  context.beginPath();
  context.arc(data.x, data.y, data.size + 4, 0, Math.PI * 2);
  context.lineWidth = 2.5;
  context.strokeStyle = token("--ink");
  context.stroke();
  drawLabel(context, { ...data, highlighted: true }, settings);
}

export class SigmaPicture implements Picture {
  private readonly sigma: Sigma;
  private hovered: string | null = null;
  private selected: string | null = null;
  private near = new Set<string>();
  // Sigma looks at the window's size only, and notices make the stage smaller.
  private readonly resized = new ResizeObserver(() => this.sigma.resize().refresh());

  /** Throws where there is no WebGL. */
  constructor(private readonly graph: Graph, host: HTMLElement, events: PictureEvents) {
    if (!document.createElement("canvas").getContext("webgl2")) throw new Error("this browser has no WebGL");
    this.sigma = new Sigma(graph, host, {
      allowInvalidContainer: true,
      defaultEdgeType: graph.size > 1500 ? "line" : "arrow",
      labelFont: "system-ui, sans-serif",
      labelSize: 12,
      labelDensity: graph.order > 60 ? 1 : 4,
      labelGridCellSize: graph.order > 60 ? 85 : 50,
      labelRenderedSizeThreshold: graph.order > 60 ? 5 : 0,
      renderEdgeLabels: graph.size <= labelled,
      edgeLabelSize: 10,
      edgeLabelFont: "system-ui, sans-serif",
      edgeLabelColor: { color: token("--muted") },
      enableEdgeEvents: true,
      zIndex: true,
      minEdgeThickness: 1.2,
      stagePadding: 46,
      defaultDrawNodeLabel: drawLabel,
      defaultDrawNodeHover: drawHover,
      nodeReducer: (id, data) => this.lookOfNode(id, data),
      edgeReducer: (id, data) => this.lookOfEdge(id, data),
    });
    this.listen(events);
    this.resized.observe(host);
  }

  private lookOfNode(id: string, data: any): any {
    const focus = this.hovered ?? this.selected;
    const look = { ...data, highlighted: id === this.selected };
    if (focus && id !== focus && !this.near.has(id)) Object.assign(look, { color: token("--node-off"), label: "", zIndex: 0 });
    else if (focus) Object.assign(look, { zIndex: 2, forceLabel: id === focus || this.near.size <= 24 });
    return look;
  }

  private lookOfEdge(id: string, data: any): any {
    const focus = this.hovered ?? this.selected;
    const on = !focus || id === focus || this.graph.hasExtremity(id, focus) && this.graph.hasNode(focus);
    if (!on) return { ...data, color: token("--edge-off"), label: "", zIndex: 0 };
    return focus ? { ...data, color: token("--edge-on"), size: data.size + 0.6, zIndex: 2, forceLabel: id === focus } : { ...data, color: token("--edge") };
  }

  private attend(): void {
    const focus = this.hovered ?? this.selected;
    this.near = new Set(!focus ? [] : this.graph.hasNode(focus) ? this.graph.neighbors(focus) : this.graph.hasEdge(focus) ? this.graph.extremities(focus) : []);
    this.sigma.refresh({ skipIndexation: true });
  }

  private listen(events: PictureEvents): void {
    const { sigma } = this;
    const hover = (id: string | null) => () => ((this.hovered = id), (sigma.getContainer().style.cursor = id ? "pointer" : ""), this.attend());
    sigma.on("enterNode", ({ node }) => hover(node)());
    sigma.on("leaveNode", hover(null));
    sigma.on("enterEdge", () => (sigma.getContainer().style.cursor = "pointer"));
    sigma.on("leaveEdge", () => (sigma.getContainer().style.cursor = ""));
    let dragged: string | null = null;
    let moved = false;
    sigma.on("clickNode", ({ node }) => moved || events.node(node));
    sigma.on("clickEdge", ({ edge }) => events.relationship(edge));
    sigma.on("clickStage", () => events.nothing());
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => (preventSigmaDefault(), events.expand(node)));
    sigma.on("downNode", ({ node }) => {
      dragged = node;
      moved = false;
      if (!sigma.getCustomBBox()) sigma.setCustomBBox(sigma.getBBox()); // or the picture scales while a node moves outwards
    });
    sigma.on("moveBody", ({ event }) => {
      if (!dragged) return;
      moved = true;
      this.graph.mergeNodeAttributes(dragged, sigma.viewportToGraph(event));
      event.preventSigmaDefault();
      event.original.preventDefault();
    });
    const drop = () => (dragged = null);
    sigma.on("upNode", drop);
    sigma.on("upStage", drop);
  }

  refresh(selected: string | null): void {
    this.selected = selected;
    this.sigma.setSetting("edgeLabelColor", { color: token("--muted") });
    this.attend();
  }

  zoom(by: "in" | "out" | "fit"): void {
    const camera = this.sigma.getCamera();
    const options = { duration: calm() ? 0 : 200 };
    if (by === "in") void camera.animatedZoom(options);
    else if (by === "out") void camera.animatedUnzoom(options);
    else {
      this.sigma.setCustomBBox(null);
      this.sigma.refresh();
      void camera.animatedReset(options);
    }
  }

  close(): void {
    this.resized.disconnect();
    this.sigma.kill();
  }
}

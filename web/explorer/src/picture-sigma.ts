// Drawing with sigma (WebGL): zoom, pan, drag, hover.

import type Graph from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram, NodePointProgram } from "sigma/rendering";
import type { Settings } from "sigma/settings";
import { readInks, type Inks, type Picture, type PictureEvents } from "./picture.js";
import { calm } from "./theme.js";

const labelled = 60; // relationships with their types written beside them, at most
/**
 * Beyond these every drawing counts: nodes are points and relationships thin
 * lines, which are not drawn while the picture moves and cannot be hovered, and
 * what the pointer passes over does not change how the rest looks.
 */
const large = { nodes: 1_500, relationships: 3_000 };

type Draw = (context: CanvasRenderingContext2D, data: any, settings: Settings) => void;

/** Text with a halo in the colour of the paper, so that it reads over edges. */
const drawLabel = (inks: () => Inks): Draw => (context, data, settings) => {
  if (data.fixed) drawPin(context, data, inks());
  if (!data.label) return;
  const size = settings.labelSize;
  context.font = `${data.highlighted ? 600 : 500} ${size}px ${settings.labelFont}`;
  const [x, y] = [data.x + data.size + 4, data.y + size / 3];
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = inks()["--paper"];
  context.strokeText(data.label, x, y);
  context.fillStyle = inks()["--ink"];
  context.fillText(data.label, x, y);
};

/** A pinned node has a nail in its middle. */
function drawPin(context: CanvasRenderingContext2D, { x, y, size }: any, inks: Inks): void {
  context.beginPath();
  context.arc(x, y, Math.max(2, size * 0.32), 0, Math.PI * 2);
  context.fillStyle = inks["--paper"];
  context.fill();
}

const drawHover = (inks: () => Inks): Draw => (context, data, settings) => {
  context.beginPath();
  context.arc(data.x, data.y, data.size + 4, 0, Math.PI * 2);
  context.lineWidth = 2.5;
  context.strokeStyle = inks()["--ink"];
  context.stroke();
  drawLabel(inks)(context, { ...data, highlighted: true }, settings);
};

export class SigmaPicture implements Picture {
  private readonly sigma: Sigma;
  private inks = readInks();
  private readonly large: boolean;
  private hovered: string | null = null;
  private selected: string | null = null;
  private near = new Set<string>();
  // Sigma looks at the window's size only, and notices make the stage smaller.
  private readonly resized = new ResizeObserver(() => this.sigma.resize().refresh({ partialGraph: {}, schedule: true }));
  private readonly quiet = new AbortController();

  /** Throws where there is no WebGL. */
  constructor(private readonly graph: Graph, private readonly host: HTMLElement, events: PictureEvents) {
    if (!document.createElement("canvas").getContext("webgl2")) throw new Error("this browser has no WebGL");
    const many = graph.order > 60;
    this.large = graph.order > large.nodes || graph.size > large.relationships;
    this.sigma = new Sigma(graph, host, {
      allowInvalidContainer: true,
      defaultEdgeType: this.large || graph.size > 1_500 ? "line" : "arrow",
      labelFont: "system-ui, sans-serif",
      labelSize: 12,
      labelDensity: many ? 1 : 4,
      labelGridCellSize: many ? 85 : 50,
      labelRenderedSizeThreshold: many ? 5 : 0,
      renderEdgeLabels: graph.size <= labelled,
      edgeLabelSize: 10,
      edgeLabelFont: "system-ui, sans-serif",
      edgeLabelColor: { color: this.inks["--muted"] },
      enableEdgeEvents: !this.large,
      hideEdgesOnMove: this.large,
      ...(this.large ? { nodeProgramClasses: { circle: NodePointProgram }, edgeProgramClasses: { line: EdgeLineProgram, arrow: EdgeLineProgram } } : {}),
      zIndex: true,
      minEdgeThickness: graph.size > large.relationships ? 0.6 : 1.2,
      stagePadding: 46,
      defaultDrawNodeLabel: drawLabel(() => this.inks),
      defaultDrawNodeHover: drawHover(() => this.inks),
      nodeReducer: (id, data) => this.lookOfNode(id, data),
      edgeReducer: (id, data) => this.lookOfEdge(id, data),
    });
    this.listen(events);
    this.resized.observe(host);
  }

  /** What everything else steps back for. */
  private get focus(): string | null {
    return this.hovered ?? this.selected;
  }

  private lookOfNode(id: string, data: any): any {
    const { focus } = this;
    const look = { ...data, highlighted: id === this.selected, forceLabel: data.fixed };
    if (focus && id !== focus && !this.near.has(id)) Object.assign(look, { color: this.inks["--node-off"], label: "", zIndex: 0 });
    else if (focus) Object.assign(look, { zIndex: 2, forceLabel: id === focus || data.fixed || this.near.size <= 24 });
    return look;
  }

  private lookOfEdge(id: string, data: any): any {
    const { focus, graph, inks } = this;
    if (!focus) return { ...data, color: inks["--edge"] };
    if (id === focus || (graph.hasNode(focus) && graph.hasExtremity(id, focus))) return { ...data, color: inks["--edge-on"], size: data.size + 0.6, zIndex: 2, forceLabel: id === focus };
    return { ...data, color: inks["--edge-off"], label: "", zIndex: 0 };
  }

  private attend(): void {
    const { focus, graph } = this;
    this.near = new Set(!focus ? [] : graph.hasNode(focus) ? graph.neighbors(focus) : graph.hasEdge(focus) ? graph.extremities(focus) : []);
    this.sigma.refresh({ schedule: true });
  }

  private hover(id: string | null): void {
    this.host.style.cursor = id ? "pointer" : "";
    if (this.large) return; // sigma writes the name and draws a ring on a layer of its own
    this.hovered = id;
    this.attend();
  }

  private listen(events: PictureEvents): void {
    const { sigma } = this;
    sigma.on("enterNode", ({ node }) => this.hover(node));
    sigma.on("leaveNode", () => this.hover(null));
    sigma.on("enterEdge", () => (this.host.style.cursor = "pointer"));
    sigma.on("leaveEdge", () => (this.host.style.cursor = ""));
    let dragged: string | null = null;
    let moved = false;
    sigma.on("clickNode", ({ node }) => moved || events.node(node));
    sigma.on("clickEdge", ({ edge }) => events.relationship(edge));
    sigma.on("clickStage", () => events.nothing());
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => (preventSigmaDefault(), events.expand(node)));
    sigma.on("rightClickNode", ({ node, event }) => {
      const { left, top } = this.host.getBoundingClientRect();
      events.menu(node, left + event.x, top + event.y);
    });
    this.host.addEventListener("contextmenu", (event) => event.preventDefault(), { signal: this.quiet.signal });
    sigma.on("downNode", ({ node, event }) => {
      if ((event.original as MouseEvent).button > 0) return;
      dragged = node;
      moved = false;
      if (!sigma.getCustomBBox()) sigma.setCustomBBox(sigma.getBBox()); // or the picture scales while a node moves outwards
    });
    sigma.on("moveBody", ({ event }) => {
      if (!dragged) return;
      moved = true;
      Object.assign(this.graph.getNodeAttributes(dragged), sigma.viewportToGraph(event), { fixed: true });
      events.moved(dragged, false);
      event.preventSigmaDefault();
      event.original.preventDefault();
    });
    const drop = () => {
      if (dragged && moved) events.moved(dragged, true);
      dragged = null;
    };
    sigma.on("upNode", drop);
    sigma.on("upStage", drop);
  }

  refresh(selected: string | null): void {
    this.selected = selected;
    this.inks = readInks();
    this.sigma.setSetting("edgeLabelColor", { color: this.inks["--muted"] });
    this.attend();
  }

  moved(): void {
    this.sigma.refresh({ partialGraph: {}, schedule: true }); // places are read anew; looks are not
  }

  rebuilt(): void {
    this.hovered = null;
    this.attend();
  }

  zoom(by: "in" | "out" | "fit"): void {
    const camera = this.sigma.getCamera();
    const options = { duration: calm() ? 0 : 200 };
    if (by === "in") void camera.animatedZoom(options);
    else if (by === "out") void camera.animatedUnzoom(options);
    else {
      this.sigma.setCustomBBox(null);
      this.sigma.refresh({ partialGraph: {} });
      void camera.animatedReset(options);
    }
  }

  place(id: string): { x: number; y: number } {
    const { left, top } = this.host.getBoundingClientRect();
    const { x, y } = this.sigma.graphToViewport(this.graph.getNodeAttributes(id) as { x: number; y: number });
    return { x: left + x, y: top + y };
  }

  reveal(id: string): void {
    const { left, top, right, bottom } = this.host.getBoundingClientRect();
    const { x, y } = this.place(id);
    if (x >= left && x <= right && y >= top && y <= bottom) return;
    const data = this.sigma.getNodeDisplayData(id);
    if (data) void this.sigma.getCamera().animate({ x: data.x, y: data.y }, { duration: calm() ? 0 : 200 });
  }

  close(): void {
    this.quiet.abort();
    this.resized.disconnect();
    this.sigma.kill();
  }
}

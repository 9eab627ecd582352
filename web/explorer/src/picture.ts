// What draws a graph. Sigma does where there is WebGL; an SVG does elsewhere.

import type Graph from "graphology";

/** Attributes that both ways of drawing read. */
export interface NodeLook {
  x: number;
  y: number;
  size: number;
  color: string;
  label: string;
}

export interface PictureEvents {
  node(id: string): void;
  relationship(id: string): void;
  nothing(): void;
  expand(id: string): void;
}

export interface Picture {
  /** The graph's attributes or the selection have changed. */
  refresh(selected: string | null): void;
  zoom(by: "in" | "out" | "fit"): void;
  close(): void;
}

export type Draw = (graph: Graph, host: HTMLElement, events: PictureEvents) => Picture;

/** A custom property of the page's style. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

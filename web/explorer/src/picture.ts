// What draws a graph. Sigma does where there is WebGL; an SVG does elsewhere.

export interface PictureEvents {
  node(id: string): void;
  relationship(id: string): void;
  nothing(): void;
  expand(id: string): void;
  /** The reader wants to know what can be done with a node; the place is of the window. */
  menu(id: string, x: number, y: number): void;
  /** A node is being moved by hand, or was let go. */
  moved(id: string, dropped: boolean): void;
}

export interface Picture {
  /** The graph's attributes or the selection have changed. */
  refresh(selected: string | null): void;
  /** Nodes have moved, and nothing else. */
  moved(): void;
  /** Nodes and edges have come or gone. */
  rebuilt(): void;
  zoom(by: "in" | "out" | "fit"): void;
  /** Where a node is in the window. */
  place(id: string): { x: number; y: number };
  /** Brings a node that is outside the picture into it. */
  reveal(id: string): void;
  close(): void;
}

/** A custom property of the page's style. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const inks = ["--paper", "--ink", "--muted", "--edge", "--edge-on", "--edge-off", "--node-off"] as const;
export type Inks = Record<(typeof inks)[number], string>;

/** What the theme says, read once: asking the style for each of thousands of nodes takes longer than drawing them. */
export const readInks = (): Inks => Object.fromEntries(inks.map((ink) => [ink, token(ink)])) as Inks;

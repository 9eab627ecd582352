// A tour for who is new here: a few steps, each beside what it is about. By
// keyboard and by mouse, left at any time, offered once.

import { h } from "./dom.js";
import { keepIfPossible, kept } from "./keep.js";
import { calm } from "./theme.js";

const key = "pocketgraph.tour";

interface Step {
  /** What it is about; steps whose element is not to be seen are left out. */
  at: string;
  title: string;
  text: string;
}

const steps: Step[] = [
  { at: "#editor", title: "Ask in Cypher", text: "Write a query here and run it with Ctrl+Enter. Alt+↑ brings back what you asked before; Ctrl+S keeps a query under a name." },
  { at: "#examples", title: "Or begin with a question", text: "Each of these asks the map of the world something, from simple to what only a graph answers." },
  { at: "#result-tabs", title: "Look at the answer", text: "As a graph, as rows, as the plan that found it. Schema draws which labels are connected by what." },
  { at: "#canvas", title: "Walk through the graph", text: "Double-click a node, or press E, for its neighbours; right-click, or M, for more. Arrow keys go from node to node." },
  { at: "#tab-store", title: "It is kept in this browser", text: "Nothing leaves this device. Here you see where the store is, and can put it to the test." },
  { at: "#kill", title: "Go on, kill it", text: "This ends the database as a crash would. Open it again, and everything that was acknowledged is there." },
];

/** Whether the reader has seen it, or did not want to. */
export const tourIsKnown = (): boolean => kept(key) === true;

const seen = (element: HTMLElement | null): element is HTMLElement => element !== null && element.checkVisibility();

export class Tour {
  private panel: HTMLElement | null = null;
  private marked: HTMLElement | null = null;
  private before: Element | null = null;
  private steps: Step[] = [];
  private at = 0;

  start(): void {
    this.end();
    this.before = document.activeElement;
    this.steps = steps.filter(({ at }) => seen(document.querySelector<HTMLElement>(at)));
    this.show(0);
  }

  private show(at: number): void {
    this.clear();
    this.at = at;
    const { title, text, at: place } = this.steps[at];
    const target = document.querySelector<HTMLElement>(place)!;
    const last = at === this.steps.length - 1;
    const next = h("button", { type: "button", class: "primary", onclick: () => this.go(1) }, last ? "Done" : "Next");
    this.panel = h(
      "section",
      { class: "tour", role: "dialog", "aria-labelledby": "tour-title", "aria-describedby": "tour-text" },
      h("p", { class: "count" }, `${at + 1} of ${this.steps.length}`),
      h("h2", { id: "tour-title" }, title),
      h("p", { id: "tour-text" }, text),
      h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => this.end() }, last ? "Close" : "Skip the tour"), at > 0 && h("button", { type: "button", onclick: () => this.go(-1) }, "Back"), next),
    );
    this.panel.addEventListener("keydown", (event) => this.pressed(event));
    document.body.append(this.panel);
    target.scrollIntoView({ block: "nearest", behavior: calm() ? "instant" : "smooth" });
    target.classList.add("toured");
    this.marked = target;
    put(this.panel, target);
    next.focus({ preventScroll: true });
  }

  private pressed(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") this.end();
    else if (step && this.steps[this.at + step]) this.go(step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private go(by: number): void {
    if (this.steps[this.at + by]) this.show(this.at + by);
    else this.end();
  }

  private clear(): void {
    this.panel?.remove();
    this.panel = null;
    this.marked?.classList.remove("toured");
    this.marked = null;
  }

  private end(): void {
    if (!this.panel) return;
    this.clear();
    keepIfPossible(key, true);
    if (this.before instanceof HTMLElement) this.before.focus({ preventScroll: true });
  }
}

/** Below the element where there is room, else above it, else over it; always inside the window. */
function put(panel: HTMLElement, target: HTMLElement): void {
  const gap = 10;
  const { left, top, bottom, width } = target.getBoundingClientRect();
  const [w, h] = [panel.offsetWidth, panel.offsetHeight];
  const y = bottom + gap + h < innerHeight ? bottom + gap : top - gap - h > 0 ? top - gap - h : Math.max(gap, innerHeight - h - 3 * gap);
  const x = width > w * 2 ? left + (width - w) / 2 : left;
  panel.style.left = `${Math.max(gap, Math.min(x, innerWidth - w - gap))}px`;
  panel.style.top = `${y}px`;
}

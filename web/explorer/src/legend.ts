// The legend: what the colours mean, and where the look of a label is changed.

import type { Node } from "pocketgraph";
import { colourNumber, type Colouring } from "./colours.js";
import { byId, dot, fill, h, number, plural } from "./dom.js";
import { choiceOf, choiceText, colours, plain, type Caption, type Look, type Looks, type Size } from "./looks.js";

interface LegendActions {
  colourBy(choice: string): void;
  changed(): void;
  showHidden(): void;
}

const mostEntries = 30; // of a kind

export class Legend {
  private readonly host = byId("legend");
  /** The label whose look is being changed. */
  private editing: string | null = null;

  constructor(private readonly looks: Looks, private readonly actions: LegendActions) {}

  set hidden(hidden: boolean) {
    this.host.hidden = hidden;
  }

  show(colouring: Colouring, nodes: readonly Node[], hiddenNodes: number): void {
    const focused = document.activeElement?.id;
    const choose = h("select", { id: "colour-by", onchange: (event: Event) => this.actions.colourBy((event.target as HTMLSelectElement).value) });
    for (const choice of colouring.choices) choose.append(h("option", { value: choice, selected: choice === colouring.by }, choice === "labels" ? "label" : choice));
    const byLabel = new Map<string, Node[]>();
    for (const node of nodes) {
      const label = node.labels[0];
      if (label === undefined) continue;
      const list = byLabel.get(label) ?? [];
      list.push(node);
      byLabel.set(label, list);
    }
    const labelled = [...byLabel].sort(([, a], [, b]) => b.length - a.length);
    const bare = nodes.length - labelled.reduce((sum, [, list]) => sum + list.length, 0);
    const colourOf = new Map(colouring.by === "labels" ? colouring.legend.map(({ name, colour }) => [name, colour]) : []);
    fill(
      this.host,
      h("label", { class: "legend-by", for: "colour-by" }, "Colour by ", choose),
      colouring.by !== "labels" && h("ul", {}, ...colouring.legend.map(({ name, count, colour }) => h("li", {}, dot(colour), h("span", { class: "legend-name" }, name), h("span", { class: "count" }, number(count))))),
      h("ul", {}, ...labelled.slice(0, mostEntries).map(([label, list], i) => this.label(label, list, colourOf.get(label), i)), bare > 0 && h("li", {}, colourOf.has("no label") && dot(colourOf.get("no label")!), h("span", { class: "legend-name muted" }, "no label"), h("span", { class: "count" }, number(bare)))),
      labelled.length > mostEntries && h("p", { class: "muted" }, `and ${plural(labelled.length - mostEntries, "more label")}`),
      hiddenNodes > 0 && h("button", { type: "button", id: "show-hidden", class: "quiet", onclick: this.actions.showHidden }, `Show ${plural(hiddenNodes, "hidden node")}`),
    );
    if (focused && this.host.querySelector(`#${CSS.escape(focused)}`)) byId(focused).focus();
  }

  private label(label: string, nodes: Node[], colour: string | undefined, i: number): HTMLElement {
    const open = this.editing === label;
    const edit = h("button", { type: "button", id: `look-${i}`, class: "legend-edit", "aria-expanded": String(open), title: `Change how ${label} looks` }, colour && dot(colour), h("span", { class: "legend-name" }, label), h("span", { class: "count" }, number(nodes.length)));
    edit.addEventListener("click", () => {
      this.editing = open ? null : label;
      this.actions.changed();
    });
    return h("li", { class: "legend-label" }, edit, open && this.editor(label, nodes, colour, i));
  }

  private editor(label: string, nodes: Node[], colour: string | undefined, i: number): HTMLElement {
    const look = this.looks.ofLabel(label);
    const set = (change: Partial<Look>) => {
      this.looks.set(label, { ...look, ...change });
      this.actions.changed();
    };
    const swatches = Array.from({ length: colours }, (_, n) => {
      const chosen = look.colour === n || (look.colour === null && colourNumber(n) === colour);
      const input = h("input", { type: "radio", name: "look-colour", id: `look-colour-${n}`, value: n, checked: chosen, "aria-label": `Colour ${n + 1}`, onchange: () => set({ colour: n }) });
      input.style.backgroundColor = colourNumber(n);
      return input;
    });
    const { keys, numeric } = keysOf(nodes);
    const sizes: [Size, string][] = [["degree", "by degree"], ["small", "small"], ["large", "large"], ...numeric.map((key): [Size, string] => [{ by: key }, `by ${key}`])];
    const captions: [Caption, string][] = [["automatic", "automatic"], ["none", "none"], ["label", "its label"], ...keys.map((key): [Caption, string] => [{ by: key }, key])];
    return h(
      "div",
      { class: "look", role: "group", "aria-label": `How ${label} looks` },
      h("div", { class: "swatches", role: "radiogroup", "aria-label": "Colour" }, ...swatches),
      select(`look-size`, "Size", sizes, look.size, (size) => set({ size })),
      select(`look-caption`, "Caption", captions, look.caption, (caption) => set({ caption })),
      look !== plain && h("button", { type: "button", id: "look-reset", class: "quiet", onclick: () => (this.looks.set(label, null), this.actions.changed(), byId(`look-${i}`).focus()) }, "As it was"),
    );
  }
}

function select<T extends Size | Caption>(id: string, title: string, choices: [T, string][], chosen: T, then: (choice: T) => void): HTMLElement {
  const now = choiceText(chosen);
  const known = choices.some(([choice]) => choiceText(choice) === now);
  const list = h("select", { id, onchange: (event: Event) => then(choiceOf<T>((event.target as HTMLSelectElement).value)) });
  for (const [choice, text] of known ? choices : [...choices, [chosen, now] as [T, string]]) list.append(h("option", { value: choiceText(choice), selected: choiceText(choice) === now }, text));
  return h("label", { class: "legend-by", for: id }, `${title} `, list);
}

/** Property keys of these nodes, and those with numbers. */
function keysOf(nodes: Node[]): { keys: string[]; numeric: string[] } {
  const keys = new Set<string>();
  const numeric = new Set<string>();
  for (const node of nodes)
    for (const [key, value] of Object.entries(node.properties)) {
      keys.add(key);
      if (typeof value === "number" || typeof value === "bigint") numeric.add(key);
    }
  return { keys: [...keys].sort(), numeric: [...numeric].sort() };
}

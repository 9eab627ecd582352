// The panel beside the picture: what one node or relationship has.

import type { Node, Relationship } from "pocketgraph";
import { byId, h } from "./dom.js";
import { caption, isNode, notation } from "./notation.js";
import { kind, nodeChip, type Inspect } from "./table.js";

interface DetailsActions {
  inspect: Inspect;
  node(id: string): Node | undefined;
  /** Shows what can be done with the node, at this element. */
  menu(id: string, at: HTMLElement): void;
  closed(): void;
}

export class Details {
  private readonly panel = byId("details");

  constructor(private readonly actions: DetailsActions) {}

  show(element: Node | Relationship): void {
    this.panel.replaceChildren(
      h("header", {}, h("h2", {}, isNode(element) ? caption(element) : element.type), h("button", { type: "button", class: "icon", "aria-label": "Close the details", title: "Close (Escape)", onclick: () => this.close() }, "×")),
      isNode(element) ? this.node(element) : this.relationship(element),
      properties(element),
      h("dl", { class: "facts" }, h("dt", {}, "Identity"), h("dd", { class: "mono" }, element.id)),
    );
    this.panel.hidden = false;
  }

  get open(): boolean {
    return !this.panel.hidden;
  }

  close(): void {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.actions.closed();
  }

  private node(node: Node): HTMLElement {
    const labels = node.labels.length ? node.labels.map((label) => h("span", { class: "tag" }, label)) : [h("span", { class: "muted" }, "no label")];
    return h("div", { class: "stack" }, h("div", { class: "tags" }, ...labels), h("button", { type: "button", id: "node-menu", "aria-haspopup": "menu", onclick: (event: Event) => this.actions.menu(node.id, event.currentTarget as HTMLElement) }, "Neighbours…"));
  }

  private relationship({ start, end }: Relationship): HTMLElement {
    const chip = (id: string) => {
      const node = this.actions.node(id);
      return node ? nodeChip(node, this.actions.inspect) : h("span", { class: "mono" }, id);
    };
    return h("div", { class: "path" }, chip(start), h("span", { "aria-label": "to" }, "→"), chip(end));
  }
}

function properties({ properties }: Node | Relationship): HTMLElement {
  const entries = Object.entries(properties);
  if (entries.length === 0) return h("p", { class: "muted" }, "No properties.");
  return h("dl", { class: "properties" }, ...entries.flatMap(([key, value]) => [h("dt", {}, key), h("dd", { class: `value ${kind(value)}` }, notation(value))]));
}

// What came back: as a drawn graph, a table, a plan; and the panel of details.

import type { Node, Relationship, Result, Value } from "pocketgraph";
import { Details } from "./details.js";
import { byId, h, number, tabs } from "./dom.js";
import { GraphView } from "./graphview.js";
import { Drawing } from "./model.js";
import { neighbourKinds, neighbours, relationshipsAmong, nodesOf, type NeighbourKind } from "./neighbours.js";
import { closeNodeMenu, nodeMenu, type MenuItem } from "./nodemenu.js";
import { caption } from "./notation.js";
import { fail } from "./notices.js";
import { planView } from "./planview.js";
import type { Session } from "./session.js";
import { table } from "./table.js";

/** Nodes up to which the relationships between them are looked up for the picture. */
const connectUpTo = 1_000;

type ResultPanel = "graph" | "table" | "plan" | "schema";

export class Answer {
  private readonly chooseTab = tabs(byId("result-tabs"), (panel) => this.chosen(panel as ResultPanel));
  private readonly details: Details;
  readonly view: GraphView;
  /** Hears which of the panels is looked at. */
  chosen: (panel: ResultPanel) => void = () => {};

  constructor(private readonly session: Session) {
    const menu = (id: string, x: number, y: number) => void this.menu(id, x, y);
    this.view = new GraphView({
      node: (id) => this.inspect(this.view.shown.nodes.get(id)!),
      relationship: (id) => this.inspect(this.view.shown.relationships.get(id)!),
      nothing: () => this.details.close(),
      expand: (id) => void this.expand(id),
      menu,
    });
    this.details = new Details({
      inspect: (element) => this.inspect(element),
      node: (id) => this.view.shown.nodes.get(id),
      menu: (id, at) => menu(id, at.getBoundingClientRect().left, at.getBoundingClientRect().bottom + 4),
      closed: () => this.view.select(null),
    });
  }

  choose(panel: ResultPanel): void {
    this.chooseTab(panel);
  }

  closeDetails(): void {
    closeNodeMenu();
    this.details.close();
  }

  async show({ columns, rows, summary }: Result<Value[]>): Promise<void> {
    this.closeDetails();
    byId("plan").replaceChildren(summary.plan ? planView(summary.plan) : h("p", { class: "empty" }, "Explain shows how a query would be run; Profile runs it and counts the rows of each step."));
    byId("table").replaceChildren(columns.length ? table(columns, rows, (element) => this.inspect(element)) : h("p", { class: "empty" }, "The statement has no result columns. RETURN gives some."));
    const drawing = Drawing.of(rows);
    const drawable = drawing.nodes.size > 0 || drawing.relationships.size > 0;
    await this.complete(drawing).catch(() => {}); // the picture is then without them
    this.choose(summary.plan ? "plan" : drawable ? "graph" : "table");
    this.view.show(drawing);
  }

  /** An answer of a live query: the first is shown as any, the others change what is there. */
  async showLive(columns: string[], rows: Value[][], fresh: ReadonlySet<Value[]>, first: boolean): Promise<void> {
    const at = byId("table").querySelector(".table-scroll")?.scrollTop ?? 0;
    const inspect = (element: Node | Relationship) => this.inspect(element);
    byId("table").replaceChildren(rows.length ? table(columns, rows, inspect, fresh) : h("p", { class: "empty" }, "No rows now. They appear when there are some."));
    if (!first) byId("table").querySelector(".table-scroll")?.scrollTo({ top: at });
    const drawing = Drawing.of(rows);
    await this.complete(drawing).catch(() => {});
    if (!first) return this.view.become(drawing);
    this.closeDetails();
    this.choose(drawing.nodes.size > 0 ? "graph" : "table");
    this.view.show(drawing);
  }

  /** Shows nothing, as when a store is empty. */
  clear(): void {
    this.view.show(new Drawing());
  }

  inspect(element: Node | Relationship): void {
    this.details.show(element);
    this.view.select(element.id);
  }

  /** Brings the ends of relationships, and the relationships between few nodes that came alone. */
  private async complete(drawing: Drawing): Promise<void> {
    const db = this.session.database();
    const missing = drawing.missing();
    if (missing.length) for (const node of await nodesOf(db, missing)) drawing.add(node);
    if (drawing.relationships.size === 0 && drawing.nodes.size > 1 && drawing.nodes.size <= connectUpTo)
      for (const relationship of await relationshipsAmong(db, [...drawing.nodes.keys()])) drawing.add(relationship);
  }

  private async expand(id: string, kind?: NeighbourKind): Promise<void> {
    try {
      const rows = await neighbours(this.session.database(), id, kind);
      this.choose("graph");
      this.view.extend(Drawing.of(rows));
      this.view.select(id);
    } catch (error) {
      fail(error);
    }
  }

  /** What can be done with a node. The kinds of its neighbours are asked of the store. */
  private async menu(id: string, x: number, y: number): Promise<void> {
    const node = this.view.shown.nodes.get(id);
    const drawn = node !== undefined;
    let kinds: NeighbourKind[] = [];
    try {
      kinds = await neighbourKinds(this.session.database(), id);
    } catch (error) {
      return fail(error);
    }
    const all = kinds.reduce((sum, { count }) => sum + count, 0);
    const leaves = this.view.leaves(id);
    const expand: MenuItem[] = [
      { text: all ? "Show its neighbours" : "It has no neighbours", aside: all ? number(all) : undefined, action: all ? () => void this.expand(id) : null },
      ...(kinds.length > 1 ? kinds : []).map((kind) => ({ text: kind.outgoing ? `${kind.type} →` : `← ${kind.type}`, aside: number(kind.count), action: () => void this.expand(id, kind) })),
    ];
    const picture: MenuItem[] = [
      { text: "Collapse", aside: leaves.length ? number(leaves.length) : "", action: leaves.length ? () => this.view.hide(leaves) : null },
      { text: "Hide", aside: "H", action: () => (this.details.close(), this.view.hide([id])) },
      { text: this.view.isPinned(id) ? "Let go" : "Pin", aside: "P", action: () => this.view.pin(id) },
    ];
    this.view.select(id);
    nodeMenu(node ? caption(node) : "Node", x, y, [expand, drawn ? picture : [], node ? [{ text: "Details", aside: "↵", action: () => this.inspect(node) }] : []]);
  }
}

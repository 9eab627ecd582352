// The schema in the side panel: each entry a query away, with the properties
// of a label or type below it when asked for.

import { byId, h, number } from "./dom.js";
import { ofKey, ofLabel, ofProperty, ofType, ruleText, type Property, type Rule, type Schema } from "./schema.js";

interface SchemaActions {
  ask(query: string): void;
  /** Shows the drawn schema. */
  draw(): void;
  properties(kind: "label" | "type", of: string): Promise<{ properties: Property[]; looked: number }>;
  fail(error: unknown): void;
}

/** Labels and types whose properties are shown, from one drawing of the panel to the next. */
const opened = new Set<string>();

export function showSchema(schema: Schema, actions: SchemaActions): void {
  byId("panel-schema").replaceChildren(
    h("div", { class: "actions" }, h("button", { type: "button", id: "draw-schema", disabled: schema.labels.length === 0, onclick: actions.draw }, "Draw the schema")),
    section("Labels", "Nodes get labels when a query creates them.", schema.labels.map(([label, n]) => kindEntry("label", label, n, ofLabel(label), actions))),
    section("Relationship types", "Relationships get their type when a query creates them.", schema.types.map(([type, n]) => kindEntry("type", type, n, ofType(type), actions))),
    section("Property keys", "No properties yet.", schema.keys.map((key) => h("li", {}, entry(key, null, ofKey(key), actions)))),
    section("Indexes", "None. CREATE INDEX FOR (n:Label) ON (n.key) makes one.", schema.indexes.map((row) => rule(row, `index ${String(row.type ?? "").toLowerCase()}`, "SHOW INDEXES", actions))),
    section("Constraints", "None. CREATE CONSTRAINT FOR (n:Label) REQUIRE n.key IS UNIQUE makes one.", schema.constraints.map((row) => rule(row, String(row.type ?? "").toLowerCase().replaceAll("_", " "), "SHOW CONSTRAINTS", actions))),
  );
}

function section(title: string, empty: string, entries: HTMLElement[]): HTMLElement {
  return h("section", { class: "group" }, h("h2", {}, title), entries.length ? h("ul", { class: "entries" }, ...entries) : h("p", { class: "muted" }, empty));
}

const entry = (text: string, count: string | null, query: string, { ask }: SchemaActions): HTMLElement =>
  h("button", { type: "button", class: "entry", title: query, onclick: () => ask(query) }, h("span", {}, text), count !== null && h("span", { class: "count" }, count));

const rule = (row: Rule, what: string, query: string, actions: SchemaActions): HTMLElement =>
  h("li", {}, entry(ruleText(row), what, query, actions), row.state !== undefined && row.state !== "ONLINE" && h("span", { class: "tag" }, String(row.state)));

function kindEntry(kind: "label" | "type", of: string, count: number, query: string, actions: SchemaActions): HTMLElement {
  const key = `${kind} ${of}`;
  const list = h("ul", { class: "entries nested", hidden: true });
  const more = h("button", { type: "button", class: "icon disclose", "aria-expanded": "false", "aria-label": `Properties of ${of}`, title: "Properties" });
  const open = async (on: boolean) => {
    more.setAttribute("aria-expanded", String(on));
    list.hidden = !on;
    if (!on) return void opened.delete(key);
    opened.add(key);
    try {
      const { properties, looked } = await actions.properties(kind, of);
      list.replaceChildren(...(properties.length ? properties.map((property) => propertyEntry(kind, of, property, looked, actions)) : [h("li", { class: "muted" }, "No properties.")]));
    } catch (error) {
      actions.fail(error);
    }
  };
  more.addEventListener("click", () => void open(list.hidden === true));
  if (opened.has(key)) void open(true);
  return h("li", {}, h("div", { class: "removable" }, entry(of, number(count), query, actions), more), list);
}

function propertyEntry(kind: "label" | "type", of: string, { key, types, having }: Property, looked: number, actions: SchemaActions): HTMLElement {
  const share = having === looked ? "" : ` · ${Math.max(1, Math.round((100 * having) / looked))} %`;
  const query = ofProperty(kind, of, key);
  return h("li", {}, h("button", { type: "button", class: "entry", title: query, onclick: () => actions.ask(query) }, h("span", {}, key), h("span", { class: "count" }, `${types.join(" | ").toLowerCase()}${share}`)));
}

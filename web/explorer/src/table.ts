// The result as a table: values in Cypher notation, elements as chips.

import type { Node, Relationship, Value } from "pocketgraph";
import { h, number } from "./dom.js";
import { caption, isNode, isPath, isRelationship, name, notation } from "./notation.js";

/** Rows put into the page at a time. */
const page = 200;
/** Characters of a value in a cell; all of it is in the tool tip's element details or the query. */
const longest = 2_000;

export type Inspect = (element: Node | Relationship) => void;

/** `fresh`: rows that were not there before, which are shown as such. */
export function table(columns: readonly string[], rows: readonly Value[][], inspect: Inspect, fresh: ReadonlySet<Value[]> = new Set()): HTMLElement {
  const body = h("tbody");
  const more = h("button", { type: "button", class: "quiet more" });
  const head = h("tr", {}, h("th", { scope: "col", class: "row-number" }, "#"), ...columns.map((column) => h("th", { scope: "col" }, column)));
  let shown = 0;
  const add = () => {
    for (const row of rows.slice(shown, shown + page)) body.append(h("tr", { class: fresh.has(row) ? "fresh" : undefined }, h("td", { class: "row-number" }, number(++shown)), ...row.map((value) => h("td", {}, cell(value, inspect)))));
    more.hidden = shown >= rows.length;
    more.textContent = `Show ${number(Math.min(page, rows.length - shown))} more of ${number(rows.length)} rows`;
  };
  more.addEventListener("click", add);
  add();
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Rows of the result" }, h("table", {}, h("thead", {}, head), body), more);
}

function cell(value: Value, inspect: Inspect): HTMLElement {
  if (isNode(value)) return nodeChip(value, inspect);
  if (isRelationship(value)) return relationshipChip(value, inspect);
  if (isPath(value)) {
    const steps = value.nodes.flatMap((node, i) => [nodeChip(node, inspect), value.relationships[i] && relationshipChip(value.relationships[i], inspect, value.relationships[i].start !== node.id)]);
    return h("span", { class: "path" }, ...steps);
  }
  if (Array.isArray(value) && value.some((item) => isNode(item) || isRelationship(item))) return h("span", { class: "path" }, ...value.map((item) => cell(item, inspect)));
  const text = notation(value);
  return h("span", { class: `value ${kind(value)}` }, text.length > longest ? `${text.slice(0, longest)}… ${number(text.length)} characters` : text);
}

/** For the colour: the kind of a value. */
export function kind(value: Value): string {
  if (value === null) return "null";
  return { string: "string", number: "number", bigint: "number", boolean: "number" }[typeof value as string] ?? "other";
}

export function nodeChip(node: Node, inspect: Inspect): HTMLElement {
  const labels = node.labels.map((label) => `:${name(label)}`).join("");
  return h("button", { type: "button", class: "chip node", title: `Details of ${labels || "the node"}`, onclick: () => inspect(node) }, h("span", { class: "chip-label" }, labels || "()"), caption(node) === node.labels[0] ? "" : caption(node));
}

function relationshipChip(relationship: Relationship, inspect: Inspect, backwards = false): HTMLElement {
  const type = `:${name(relationship.type)}`;
  return h("button", { type: "button", class: "chip relationship", title: `Details of ${type}`, onclick: () => inspect(relationship) }, backwards ? `← ${type}` : `${type} →`);
}

// A plan as the steps it takes, the first on top: bars show the share of rows.

import { h, number, plural } from "./dom.js";
import { parsePlan, running, upTo, type Operator } from "./plan.js";

/** Facts of an operator beside its rows, where the engine gives them. */
const columns: [key: string, unit: (n: number) => string][] = [
  ["rows", (n) => (n === 1 ? "row" : "rows")],
  ["estimate", () => "expected"],
  ["hits", (n) => (n === 1 ? "hit" : "hits")],
  ["time", () => "ms"],
];

export function planView(text: string): HTMLElement {
  const plan = parsePlan(text);
  const all = [...running(plan.root)];
  const told = columns.filter(([key]) => all.some(({ facts }) => key in facts));
  const most = Math.max(1, ...all.map(({ facts }) => facts.rows ?? 0));
  return h(
    "div",
    { class: "plan-scroll", tabindex: "0", role: "region", "aria-label": "The plan" },
    plan.notes.length > 0 && h("ul", { class: "plan-notes" }, ...plan.notes.map((note) => h("li", {}, note))),
    h(
      "p",
      { class: "muted plan-intro" },
      told.length ? `${plural(all.length, "step")}, the first on top. A bar is as long as its step’s share of the most rows, ${number(most)}.` : `${plural(all.length, "step")}, the first on top. Profile runs the query and counts the rows of each.`,
    ),
    steps(plan.root, told, most),
    h("details", { class: "plan-text" }, h("summary", {}, "The plan as text"), h("pre", { tabindex: "0", role: "region", "aria-label": "The plan as text" }, text.trimEnd())),
  );
}

function steps(root: Operator | null, told: typeof columns, most: number): HTMLElement {
  return h("ol", { class: "steps" }, ...upTo(root).map((op) => h("li", {}, ...op.inner.map((inner) => steps(inner, told, most)), step(op, told, most))));
}

function step({ name, detail, facts }: Operator, told: typeof columns, most: number): HTMLElement {
  const bar = facts.rows > 0 && h("span", { class: "share", "aria-hidden": "true" });
  if (bar) bar.style.width = `${(100 * facts.rows) / most}%`; // through the CSSOM, which the policy allows
  return h(
    "div",
    { class: "step" },
    bar,
    h("span", { class: "step-name" }, name),
    h("code", { class: "step-detail", title: detail }, detail),
    ...told.map(([key, unit]) => h("span", { class: "step-fact" }, key in facts && number(facts[key]), key in facts && h("span", { class: "unit" }, ` ${unit(facts[key])}`))),
  );
}

const prefix = /^((?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*)(?:(?:EXPLAIN|PROFILE)\b\s*)?/i;

/** The statement with this word before it, whatever it had. `shift` is what offsets move by. */
export function withMode(text: string, mode: "EXPLAIN" | "PROFILE"): { text: string; shift: number } {
  const [all, before] = prefix.exec(text)!;
  return { text: `${before}${mode} ${text.slice(all.length)}`, shift: before.length + mode.length + 1 - all.length };
}

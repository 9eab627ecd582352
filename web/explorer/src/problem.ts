// An error, with the line, the caret, and what to do about it.

import { h } from "./dom.js";

interface Told {
  code?: string;
  detail?: string;
  message?: string;
  hint?: string;
  caret?: string;
}

/** `where` says what was being done, such as the statement of a script. */
export function problem(error: unknown, where?: string, ...actions: HTMLElement[]): HTMLElement {
  const told = (typeof error === "object" && error !== null ? error : { message: String(error) }) as Told;
  const message = (told.message ?? "").split("\n")[0];
  return h(
    "section",
    { class: "notice problem", role: "alert" },
    h("header", {}, h("span", { class: "code" }, told.code ?? "ERROR"), told.detail && told.detail !== told.code && h("span", { class: "code detail" }, told.detail), where && h("span", { class: "where" }, where)),
    h("p", { class: "message" }, message.charAt(0).toUpperCase() + message.slice(1)),
    close(),
    told.caret && h("pre", { class: "caret" }, told.caret),
    told.hint && h("p", { class: "hint" }, told.hint),
    actions.length > 0 && h("div", { class: "actions" }, ...actions),
  );
}

const close = () => h("button", { type: "button", class: "icon", "aria-label": "Close this notice", title: "Close", onclick: (event: Event) => (event.currentTarget as HTMLElement).parentElement!.remove() }, "×");

/** A notice that is no error; `tone` is its colour. */
export function notice(tone: "good" | "plain" | "warn", title: string, lines: readonly string[], ...actions: HTMLElement[]): HTMLElement {
  return h("section", { class: `notice ${tone}`, role: "status" }, h("h2", {}, title), close(), h("ul", {}, ...lines.map((line) => h("li", {}, line))), actions.length > 0 && h("div", { class: "actions" }, ...actions));
}

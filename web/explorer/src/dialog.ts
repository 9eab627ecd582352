// Modal questions. The dialog element keeps the focus inside and gives it back.

import { h } from "./dom.js";

/** Shows a dialog with this content; it is gone when it closes. Returns what closes it. */
export function dialog(title: string, style: string, ...content: (HTMLElement | false)[]): { element: HTMLDialogElement; close(): void } {
  const element = h("dialog", { "aria-labelledby": "dialog-title", class: style }, h("h2", { id: "dialog-title" }, title), ...content);
  element.addEventListener("close", () => element.remove());
  document.body.append(element);
  element.showModal();
  return { element, close: () => element.close() };
}

/** Asks before what cannot be undone. */
export function ask(title: string, text: string, yes: string, then: () => void): void {
  const no = h("button", { type: "button" }, "Keep it");
  const go = h("button", { type: "button", class: "danger" }, yes);
  const { close } = dialog(title, "", h("p", {}, text), h("div", { class: "actions" }, no, go));
  no.addEventListener("click", close);
  go.addEventListener("click", () => (close(), then()));
}

/** Asks for a name; `warning` may say something about the one in the field. */
export function askName(title: string, proposal: string, most: number, warning: (name: string) => string, then: (name: string) => void): void {
  const input = h("input", { type: "text", id: "dialog-name", value: proposal, maxlength: most, required: true, autocomplete: "off" });
  const warn = h("p", { class: "muted", role: "status" });
  const no = h("button", { type: "button" }, "Cancel");
  const form = h("form", { method: "dialog" }, h("label", { for: "dialog-name" }, "Name"), input, warn, h("div", { class: "actions" }, no, h("button", { type: "submit", class: "primary" }, "Save")));
  const { close } = dialog(title, "", form);
  const tell = () => (warn.textContent = warning(input.value.trim()));
  input.addEventListener("input", tell);
  tell();
  no.addEventListener("click", close);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    close();
    then(input.value.trim());
  });
  input.select();
}

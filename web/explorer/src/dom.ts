// Building the page. Text only ever becomes text nodes: there is no way here to
// make elements from a string, so nothing a store holds can become markup.

type Child = Node | string | number | null | undefined | false;
type Props = { [name: string]: unknown };

/** An element with attributes, listeners (`onclick: fn`) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, props);
  append(element, children);
  return element;
}

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(element, props);
  append(element, children);
  return element;
}

function apply(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(element: Element, children: Child[]): void {
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(typeof child === "number" ? String(child) : child);
}

/** Puts these into the element instead of what it had. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** The element of index.html with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** A coloured dot. The colour goes through the CSSOM, which the policy allows. */
export function dot(colour: string): HTMLElement {
  const element = h("span", { class: "dot", "aria-hidden": "true" });
  element.style.backgroundColor = colour;
  return element;
}

/** Makes buttons with role=tab work as the pattern says: arrows move, one is in the tab order. */
export function tabs(list: HTMLElement, chosen?: (panel: string) => void): (panel: string) => void {
  const buttons = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
  const choose = (button: HTMLElement, focus = false) => {
    for (const other of buttons) {
      const on = other === button;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      byId(other.getAttribute("aria-controls")!).hidden = !on;
    }
    if (focus) button.focus();
    chosen?.(button.getAttribute("aria-controls")!);
  };
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => choose(button));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      choose(buttons[(i + step + buttons.length) % buttons.length], true);
    });
  });
  return (panel) => choose(buttons.find((b) => b.getAttribute("aria-controls") === panel)!);
}

const numbers = new Intl.NumberFormat("en");
export const number = (n: number | bigint): string => numbers.format(n);
export const plural = (n: number | bigint, one: string, many = `${one}s`): string => `${number(n)} ${Number(n) === 1 ? one : many}`;

export function bytes(n: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return `${i && n < 10 ? n.toFixed(1) : Math.round(n)} ${units[i]}`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1) return "under 1 ms";
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

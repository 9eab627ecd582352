// What can be done with a drawn node: a menu at it, by mouse and by keyboard.

import { h } from "./dom.js";

export interface MenuItem {
  text: string;
  /** Beside it, such as a number or a key. */
  aside?: string;
  /** null for what cannot be done now. */
  action: (() => void) | null;
}

let open: HTMLElement | null = null;

export function closeNodeMenu(): void {
  const menu = open;
  open = null; // first: removing it takes the focus from it, which closes it
  menu?.remove();
}

/** Shows a menu at this place of the window; `groups` are parted by lines. Focus goes back where it was. */
export function nodeMenu(title: string, x: number, y: number, groups: MenuItem[][]): void {
  closeNodeMenu();
  const before = document.activeElement;
  const menu = h("div", { class: "menu", role: "menu", "aria-label": title, tabindex: "-1" });
  const close = () => {
    if (open !== menu) return;
    closeNodeMenu();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const item = ({ text, aside, action }: MenuItem) =>
    h("button", { type: "button", role: "menuitem", tabindex: "-1", "aria-disabled": action ? undefined : "true", onclick: () => action && (close(), action()) }, h("span", {}, text), aside !== undefined && h("span", { class: "count" }, aside));
  groups.filter((group) => group.length).forEach((group, i) => menu.append(...(i ? [h("div", { role: "separator" })] : []), ...group.map(item)));
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[to].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener("focusout", (event) => menu.contains(event.relatedTarget as Node | null) || (open === menu && closeNodeMenu()));
  document.querySelector("main")!.append(menu);
  open = menu;
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`;
  menu.querySelector<HTMLElement>("[role=menuitem]")?.focus();
}


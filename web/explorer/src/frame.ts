// The page's frame: the side panel that slides over on a phone.

import { byId } from "./dom.js";

export const narrow = matchMedia("(max-width: 52rem)");

function setMenu(open: boolean): void {
  document.body.classList.toggle("menu-open", open);
  byId("menu").setAttribute("aria-expanded", String(open));
}

export const closeMenu = (): void => setMenu(false);

export function frame(): void {
  byId("menu").addEventListener("click", () => setMenu(!document.body.classList.contains("menu-open")));
  byId("scrim").addEventListener("click", closeMenu);
}

// How much room the site has, and whether the browser keeps it: what a page
// can know and ask for.

import { requestPersistence, storageInfo } from "pocketgraph";
import { bytes, h } from "./dom.js";
import { isKept } from "./offline.js";

/** Rows of facts, and below them what can be asked for. `changed` when the answer is there. */
export async function persistence(changed: () => void): Promise<{ rows: [string, string | HTMLElement][]; asks: HTMLElement | null }> {
  const { usage, quota, persisted } = await storageInfo();
  const used = usage !== undefined && quota ? h("span", {}, `${bytes(usage)} of ${bytes(quota)}`, meter(usage / quota)) : "the browser does not say";
  return {
    rows: [
      ["This site uses", used],
      ["Kept", persisted ? "the browser promised not to evict it" : "the browser may evict it when space is short"],
      ["Offline", isKept() ? "this page opens without a network" : "this page needs its server"],
    ],
    asks: persisted || !navigator.storage?.persist ? null : h("button", { type: "button", id: "persist", onclick: (event: Event) => void request(event.currentTarget as HTMLButtonElement, changed) }, "Ask the browser to keep it"),
  };
}

async function request(button: HTMLButtonElement, changed: () => void): Promise<void> {
  button.disabled = true;
  if (await requestPersistence()) return changed();
  button.replaceWith(h("p", { class: "muted", role: "status" }, "It did not promise. Browsers do when a page is installed or often used; until then, export what matters."));
}

function meter(share: number): HTMLElement {
  const bar = h("span", { class: "meter", "aria-hidden": "true" }, h("span"));
  (bar.firstElementChild as HTMLElement).style.width = `${Math.min(100, Math.max(1, 100 * share))}%`; // through the CSSOM, which the policy allows
  return bar;
}

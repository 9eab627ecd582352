// The page without a network: registers the service worker, and offers a new
// version when there is one. It is never put under a reader's hands unasked.

import { h } from "./dom.js";
import { add } from "./notices.js";
import { notice } from "./problem.js";

let asked = false;

export async function offline(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return; // a private window, or a page that is not served securely
  const had = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    else if (had) offer("Another tab has switched to a new version of this page", () => location.reload());
  });
  const registration = await serviceWorker.register("sw.js", { updateViaCache: "none" }).catch(() => null);
  if (!registration) return; // the page works without
  const waits = () => {
    const { waiting } = registration;
    if (waiting && serviceWorker.controller) offer("A new version of this page is ready", () => ((asked = true), waiting.postMessage("take over")));
  };
  waits();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", waits));
}

/** Whether the page is kept for opening without a network. */
export const isKept = (): boolean => Boolean(navigator.serviceWorker?.controller);

function offer(title: string, reload: () => void): void {
  document.getElementById("reload")?.closest(".notice")?.remove();
  add(notice("plain", title, ["Your stores and saved queries stay; what is in the editor does not."], h("button", { type: "button", id: "reload", class: "primary", onclick: reload }, "Reload")));
}

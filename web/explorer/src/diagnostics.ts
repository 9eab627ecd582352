// What the engine tells about itself, for a bug report: shown, copied, saved.

import { dialog } from "./dialog.js";
import { h } from "./dom.js";
import { download } from "./files.js";
import type { Session } from "./session.js";

export async function showDiagnostics(session: Session): Promise<void> {
  const told = { browser: navigator.userAgent, ...(await session.database().diagnostics()) };
  const text = JSON.stringify(told, (_, value) => (typeof value === "bigint" ? String(value) : value), 2);
  const copy = h("button", { type: "button" }, "Copy");
  const save = h("button", { type: "button", onclick: () => download(`${session.name}-diagnostics.json`, new Blob([`${text}\n`], { type: "application/json" })) }, "Save as a file");
  const shut = h("button", { type: "button", class: "primary" }, "Close");
  copy.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    copy.textContent = copied ? "Copied" : "The browser does not allow it";
  });
  const { close } = dialog(
    `Diagnostics of ${session.name}`,
    "wide",
    h("p", { class: "muted" }, "Versions, files, counters and the last recovery: what a bug report needs. Nothing of your data is in it."),
    h("pre", { class: "diagnostics", tabindex: "0", role: "region", "aria-label": "Diagnostics" }, text),
    h("div", { class: "actions" }, copy, save, shut),
  );
  shut.addEventListener("click", close);
}

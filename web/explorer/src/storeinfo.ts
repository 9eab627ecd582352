// The store: where it is, how large, what the last opening found; and the
// other stores of this site.

import { destroy, list, type Stats } from "pocketgraph";
import { showDiagnostics } from "./diagnostics.js";
import { ask } from "./dialog.js";
import { byId, bytes, h, number } from "./dom.js";
import { exportSection } from "./exporter.js";
import { persistence } from "./persistence.js";
import { explain, headline } from "./recovery.js";
import type { Session } from "./session.js";

interface StoreActions {
  open(name: string): void;
  resetDemo(): void;
  crashTest(): void;
  check(): void;
  importFiles(): void;
  fail(error: unknown): void;
}

const count = (from: unknown, key: string): number => Number((from as { [key: string]: unknown } | undefined)?.[key] ?? 0);

const durabilities = {
  strict: "strict: an answered write survives a power cut",
  relaxed: "relaxed: a power cut may take the last 100 ms",
};

/** Draws the panel anew. */
export async function showStore(session: Session, actions: StoreActions): Promise<void> {
  const panel = byId("panel-store");
  const { db } = session;
  const parts: HTMLElement[] = [];
  if (db && session.state === "open" && !db.closed) {
    const again = () => void showStore(session, actions).catch(actions.fail);
    const [stats, room] = await Promise.all([db.stats(), persistence(again)]);
    parts.push(facts(session, stats, room), recoveryReport(session));
  } else parts.push(h("section", { class: "group" }, h("h2", {}, "This store"), h("p", { class: "muted" }, "No store is open.")));
  parts.push(exportSection(session, actions.importFiles), tests(session, actions));
  panel.replaceChildren(...parts, await stores(session, actions));
}

function facts(session: Session, stats: Stats, room: Awaited<ReturnType<typeof persistence>>): HTMLElement {
  const { info } = session.db!;
  const snapshot = count(stats.log, "snapshotSequence");
  const rows: [string, string | HTMLElement][] = [
    ["Name", info.name ?? session.name],
    ["Storage", info.storage === "opfs" ? "OPFS, this site’s private files" : `memory only${info.storageReason ? `: ${info.storageReason}` : ""}`],
    ["Tabs", info.role === "owner" ? "this tab has the files; others go through it" : "another tab has the files, this one goes through it"],
    ["Durability", durabilities[info.durability]],
    ["Commits", `sequence ${number(count(stats, "sequence"))}`],
    ["Last snapshot", snapshot ? `commit ${number(snapshot)}, ${bytes(count(stats.log, "snapshotBytes"))}` : "none yet"],
    ["Log behind it", `${bytes(count(stats.log, "logBytes"))} in ${number(count(stats.log, "logEntries"))} commits`],
    ["Files", bytes(count(stats.log, "fileBytes"))],
    ["In memory", bytes(count(stats.memory, "total"))],
    ...room.rows,
    ["Engine", info.version],
  ];
  return h("section", { class: "group" }, h("h2", {}, "This store"), h("dl", { class: "facts" }, ...rows.flatMap(([key, value]) => [h("dt", {}, key), h("dd", {}, value)])), room.asks);
}

function recoveryReport(session: Session): HTMLElement {
  const report = session.recovery!;
  return h("section", { class: "group", id: "recovery-report" }, h("h2", {}, `Last opening: ${headline(report).toLowerCase()}`), ...explain(report).map((sentence) => h("p", {}, sentence)));
}

function tests(session: Session, actions: StoreActions): HTMLElement {
  const disabled = session.state !== "open";
  return h(
    "section",
    { class: "group" },
    h("h2", {}, "Put it to the test"),
    h("p", { class: "muted" }, "Writes nodes as fast as it can, kills the worker in the middle, opens the store again and looks for every write that was acknowledged."),
    h("div", { class: "actions" }, h("button", { type: "button", id: "crash-test", disabled: disabled || session.follows, onclick: actions.crashTest }, "Kill it while writing"), h("button", { type: "button", id: "check", disabled, onclick: actions.check }, "Check the store"), h("button", { type: "button", id: "diagnostics", disabled, onclick: () => void showDiagnostics(session).catch(actions.fail) }, "Diagnostics…")),
  );
}

async function stores(session: Session, actions: StoreActions): Promise<HTMLElement> {
  const found = session.state === "opening" ? [] : await list().catch(() => []);
  const entry = (name: string) =>
    h(
      "li",
      { class: "removable" },
      h("button", { type: "button", class: "entry", "aria-current": name === session.name && "true", onclick: () => actions.open(name) }, name, name === session.name && h("span", { class: "count" }, session.state === "open" ? "open" : "")),
      name !== session.name && h("button", { type: "button", class: "icon", "aria-label": `Delete the store ${name}`, title: "Delete", onclick: () => remove(name, session, actions) }, "×"),
    );
  const input = h("input", { type: "text", id: "new-store", maxlength: "60", placeholder: "name", autocomplete: "off", required: true, "aria-label": "Name of the new store" });
  const form = h("form", { class: "new-store" }, input, h("button", { type: "submit" }, "New store"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) actions.open(input.value.trim());
  });
  return h(
    "section",
    { class: "group" },
    h("h2", {}, "Stores of this site"),
    h("ul", { class: "entries" }, ...found.map(({ name }) => entry(name))),
    form,
    h("button", { type: "button", class: "quiet", onclick: actions.resetDemo }, "Load the demo graph anew"),
  );
}

function remove(name: string, session: Session, actions: StoreActions): void {
  ask(`Delete “${name}”?`, "The store and everything in it will be gone. This cannot be undone.", "Delete it", async () => {
    try {
      await destroy(name);
      await showStore(session, actions);
    } catch (error) {
      actions.fail(error);
    }
  });
}

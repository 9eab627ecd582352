// The store as a file: chosen in the store's panel, handed to the downloads.

import type { ExportOptions, FileReport } from "pocketgraph";
import { byId, bytes, h } from "./dom.js";
import { download } from "./files.js";
import { formats, reportNotice, told } from "./importwizard.js";
import { fail, say } from "./notices.js";
import { notice } from "./problem.js";
import type { Session } from "./session.js";

type ExportFormat = NonNullable<ExportOptions["format"]>;

const endings: Record<ExportFormat, string> = { csv: "csv", jsonl: "jsonl", "neo4j-json": "json", graphology: "graphology.json", graphml: "graphml", gexf: "gexf", cypher: "cypher", pocketgraph: "pocketgraph" };

/** Choice of a format, and the button. */
export function exportSection(session: Session, imports: () => void): HTMLElement {
  const format = h("select", { id: "export-format", "aria-label": "Format of the export" });
  for (const [key, title] of formats) if (key in endings) format.append(h("option", { value: key, selected: key === "pocketgraph" }, title));
  const disabled = session.state !== "open";
  return h(
    "section",
    { class: "group" },
    h("h2", {}, "Files"),
    h("p", { class: "muted" }, "A PocketGraph file holds everything; the others are for other programs."),
    h("div", { class: "new-store" }, format, h("button", { type: "button", id: "export", disabled, onclick: () => void exportStore(session, format.value as ExportFormat) }, "Export")),
    h("div", { class: "actions" }, h("button", { type: "button", id: "import", disabled, onclick: imports }, "Import files…")),
  );
}

async function exportStore(session: Session, format: ExportFormat): Promise<void> {
  const stop = new AbortController();
  const text = h("span", { class: "muted" }, "starting");
  say(h("section", { class: "notice plain running", role: "status" }, h("h2", {}, `Exporting ${session.name}`), h("div", { class: "actions" }, text, h("button", { type: "button", onclick: () => stop.abort() }, "Stop"))));
  try {
    let report: FileReport | null = null;
    const file = await session.database().export({ format, signal: stop.signal, onProgress: (progress) => (text.textContent = told(progress)), onReport: (told) => (report = told) });
    const name = `${session.name}.${endings[format]}`;
    download(name, file);
    say(report ? reportNotice(`Exported as ${name}, ${bytes(file.size)}`, report) : notice("good", `Exported as ${name}`, [bytes(file.size)]));
  } catch (error) {
    if (stop.signal.aborted) say();
    else fail(error);
  }
  byId("export")?.focus();
}

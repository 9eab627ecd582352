// The panel of queries: examples, what was saved, what was run.

import { ask, askName } from "./dialog.js";
import { byId, h, plural } from "./dom.js";
import type { Editor } from "./editor.js";
import { examples } from "./examples.js";
import { choose, download } from "./files.js";
import { History } from "./history.js";
import { add, fail } from "./notices.js";
import { notice } from "./problem.js";
import { longestName, SavedQueries } from "./saved.js";

interface QueriesActions {
  /** Puts the query into the editor and runs it. */
  askFor(query: string): void;
  /** The side panel, on a phone, makes room. */
  chosen(): void;
}

const largestFile = 50_000_000; // bytes of a file of saved queries

export class QueriesPanel {
  readonly history = new History(() => this.showHistory());
  private readonly saved = new SavedQueries(() => this.showSaved());

  constructor(private readonly editor: Editor, private readonly actions: QueriesActions) {
    byId("examples").append(...examples.map(({ title, query }) => h("li", {}, h("button", { type: "button", class: "entry", onclick: () => actions.askFor(query) }, title))));
    byId("clear-history").addEventListener("click", () => this.history.clear());
    byId("save").addEventListener("click", () => this.save());
    byId("saved-import").addEventListener("click", () => choose(".json,application/json", (file) => void this.importFile(file)));
    byId("saved-export").addEventListener("click", () => download("pocketgraph-queries.json", new Blob([this.saved.toFile()], { type: "application/json" })));
    this.showHistory();
    this.showSaved();
  }

  /** Asks for a name and saves what is in the editor. */
  save(): void {
    const { text } = this.editor;
    if (!text.trim()) return;
    const warning = (name: string) => (this.saved.has(name) ? "This name is taken: its query is replaced." : "");
    askName("Save this query", proposal(text), longestName, warning, (name) => this.attempt(() => this.saved.save(name, text)));
  }

  async importFile(file: File): Promise<void> {
    try {
      if (file.size > largestFile) throw Object.assign(new Error(`${file.name} has ${file.size} bytes, too many for saved queries`), { code: "LIMIT" });
      const added = this.saved.addFrom(await file.text());
      add(notice("good", "Saved queries imported", [added ? `${plural(added, "query", "queries")} added from ${file.name}.` : `Everything in ${file.name} was there already.`]));
    } catch (error) {
      fail(error);
    }
  }

  private attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      fail(error);
    }
  }

  private put(text: string): void {
    this.editor.text = text;
    this.actions.chosen();
    this.editor.focus();
  }

  private showSaved(): void {
    const entries = this.saved.list().map(({ name, query }) =>
      h(
        "li",
        { class: "removable" },
        h("button", { type: "button", class: "entry", title: query, onclick: () => this.put(query) }, name),
        h("button", { type: "button", class: "icon", "aria-label": `Delete the saved query ${name}`, title: "Delete", onclick: () => this.remove(name) }, "×"),
      ),
    );
    byId("saved").replaceChildren(...(entries.length ? entries : [h("li", { class: "muted" }, "Save keeps the query in the editor under a name (Ctrl+S).")]));
    byId<HTMLButtonElement>("saved-export").disabled = entries.length === 0;
  }

  private remove(name: string): void {
    ask(`Delete “${name}”?`, "The saved query will be gone.", "Delete it", () => this.attempt(() => this.saved.remove(name)));
  }

  private showHistory(): void {
    const entries = this.history.list();
    byId("history").replaceChildren(
      ...(entries.length
        ? entries.map((text) => h("li", {}, h("button", { type: "button", class: "entry query", title: text, onclick: () => this.put(text) }, oneLine(text))))
        : [h("li", { class: "muted" }, "What you run is kept here. Alt+↑ and Alt+↓ in the editor go through it.")]),
    );
    byId("clear-history").hidden = entries.length === 0;
  }
}

/** Without the comments it begins with. */
function oneLine(text: string): string {
  return text.replace(/^(?:\s*\/\/[^\n]*\n)+/, "").replace(/\s+/g, " ").trim();
}

/** The comment it begins with, or its beginning. */
function proposal(text: string): string {
  const comment = /^\s*\/\/ *([^\n]+)/.exec(text)?.[1] ?? oneLine(text);
  return comment.slice(0, 60).trim();
}

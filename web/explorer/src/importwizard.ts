// Files into the store: what they hold is shown first, then it is read in one
// transaction, with progress.

import type { FilePreview, FileProgress, FileReport, Format, Mapping, PreviewOptions } from "pocketgraph";
import { dialog } from "./dialog.js";
import { bytes, fill, h, number, plural } from "./dom.js";
import { fail, say } from "./notices.js";
import { notice, problem } from "./problem.js";
import type { Session } from "./session.js";

/** What a file can be, as a person calls it. */
export const formats: [Format, string][] = [
  ["csv", "CSV"],
  ["jsonl", "JSON lines (APOC)"],
  ["neo4j-json", "JSON of Neo4j’s export"],
  ["graphology", "graphology JSON"],
  ["graphml", "GraphML"],
  ["gexf", "GEXF"],
  ["cypher", "Cypher script"],
  ["pocketgraph", "PocketGraph file"],
  ["nornicdb", "NornicDB"],
];
const nameOf = (format: string): string => formats.find(([key]) => key === format)?.[1] ?? "unknown";

export const acceptedFiles = ".csv,.tsv,.txt,.jsonl,.ndjson,.json,.graphml,.gexf,.xml,.cypher,.cql,.pocketgraph,.gz";
const previewRows = 8;

export class ImportWizard {
  private readonly stop = new AbortController();
  private readonly body = h("div", { class: "wizard" });
  private readonly shown = h("div", { class: "previews" });
  private readonly start = h("button", { type: "submit", class: "primary", disabled: true }, "Import");
  private readonly shell: { element: HTMLDialogElement; close(): void };
  /** The newest preview; older ones that come late are dropped. */
  private asked = 0;
  private choices = { format: "", delimiter: "", labels: "", type: "", replace: false };
  /** Of tables whose header does not say what their columns are: what the reader says, by file and column. */
  private readonly tables = new Map<string, Map<string, string>>();

  constructor(private readonly session: Session, private readonly files: readonly File[], private readonly changed: () => Promise<void>) {
    const what = files.length === 1 ? files[0].name : plural(files.length, "file");
    this.shell = dialog(`Import ${what}`, "wide", this.body);
    this.shell.element.addEventListener("close", () => this.stop.abort());
    const form = h("form", { method: "dialog" }, this.fields(), this.shown, h("div", { class: "actions" }, h("button", { type: "button", onclick: () => this.shell.close() }, "Cancel"), this.start));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.run();
    });
    this.body.append(form);
    form.querySelector("select")?.focus();
    void this.preview();
  }

  private fields(): HTMLElement {
    const changed = (key: "format" | "delimiter" | "labels" | "type") => (event: Event) => {
      this.choices[key] = (event.target as HTMLInputElement).value.trim();
      if (key === "format" || key === "delimiter") this.tables.clear(); // the columns are others
      void this.preview();
    };
    const format = h("select", { id: "import-format", onchange: changed("format") }, h("option", { value: "" }, "as it looks"), ...formats.map(([key, title]) => h("option", { value: key }, title)));
    const delimiter = h("select", { id: "import-delimiter", onchange: changed("delimiter") }, ...[["", "as it looks"], [",", "comma"], [";", "semicolon"], ["\t", "tab"], ["|", "bar"]].map(([key, title]) => h("option", { value: key }, title)));
    const labels = h("input", { type: "text", id: "import-labels", placeholder: "Person, Author", autocomplete: "off", onchange: changed("labels") });
    const type = h("input", { type: "text", id: "import-type", placeholder: "KNOWS", autocomplete: "off", onchange: changed("type") });
    const replace = h("input", { type: "checkbox", id: "import-replace", onchange: () => (this.choices.replace = replace.checked) });
    const field = (id: string, title: string, input: HTMLElement, style = "") => h("div", { class: `field ${style}` }, h("label", { for: id }, title), input);
    return h(
      "div",
      { class: "fields" },
      field("import-format", "Format", format),
      field("import-delimiter", "Fields are parted by", delimiter, "csv"),
      field("import-labels", "Labels of its nodes", labels, "csv"),
      field("import-type", "Type of its relationships", type, "csv"),
      h("label", { class: "check", for: "import-replace" }, replace, "Replace everything in the store"),
    );
  }

  private get options(): PreviewOptions {
    const { format, delimiter } = this.choices;
    return {
      ...(format ? { format: format as Format } : {}),
      ...(delimiter ? { delimiter } : {}),
      ...(this.tables.size ? { mapping: Object.fromEntries([...this.tables].map(([file, columns]) => [file, this.mapping(columns)])) } : {}),
      signal: this.stop.signal,
    };
  }

  /** Of a plain table: one with ends has relationships, any other nodes. */
  private mapping(columns: ReadonlyMap<string, string>): Mapping {
    const { labels, type } = this.choices;
    const ends = [...columns.values()].some((role) => role === ":START_ID" || role === ":END_ID");
    return { columns: Object.fromEntries(columns), ...(ends ? (type ? { type } : {}) : labels ? { labels: labels.split(",").map((label) => label.trim()).filter(Boolean) } : {}) };
  }

  /** A new choice for a plain table's column. */
  private readonly assign = (file: string, column: string, role: string): void => {
    const columns = this.tables.get(file)!;
    if (role) columns.set(column, role);
    else columns.delete(column);
    void this.preview();
  };

  private async preview(): Promise<void> {
    const mine = ++this.asked;
    try {
      const { files } = await this.session.database().preview(this.files, { ...this.options, rows: previewRows });
      if (mine !== this.asked) return;
      for (const file of files) if (isPlainTable(file) && !this.tables.has(file.name)) this.tables.set(file.name, guessed(file));
      const focused = document.activeElement?.id; // a column's select is made anew
      fill(this.shown, ...files.map((file) => previewOf(file, this.tables.get(file.name), this.assign)));
      if (focused) document.getElementById(focused)?.focus();
      this.body.classList.toggle("is-csv", files.some(({ format }) => format === "csv"));
      if (mine === 1 && this.tables.size) this.body.querySelector<HTMLElement>("#import-labels")!.focus(); // what is missing
      this.start.disabled = files.some(({ format, problem: wrong }) => format === "" || Boolean(wrong));
    } catch (error) {
      if (mine !== this.asked || this.stop.signal.aborted) return;
      fill(this.shown, problem(error));
      this.start.disabled = true;
    }
  }

  private async run(): Promise<void> {
    const bar = h("progress", { max: "1", "aria-label": "Progress of the import" });
    const text = h("p", { class: "muted", role: "status" }, "starting");
    fill(this.body, bar, text, h("div", { class: "actions" }, h("button", { type: "button", onclick: () => this.shell.close() }, "Stop")));
    const onProgress = (progress: FileProgress) => {
      if (progress.total) bar.value = progress.done / progress.total;
      text.textContent = told(progress);
    };
    try {
      const { replace } = this.choices;
      const report = await this.session.database().import(this.files, { ...this.options, replace, onProgress });
      say(reportNotice("Imported", report));
    } catch (error) {
      if (this.stop.signal.aborted) say(notice("plain", "The import was stopped", ["The store is as it was before."]));
      else fail(error);
    }
    this.shell.close();
    if (this.session.state === "open") await this.changed();
  }
}

export function told({ phase, file, done, total, elements }: FileProgress): string {
  const words = { download: "Loading the module for files", read: `Reading ${file ?? "the file"}`, write: "Writing" };
  const far = phase === "write" ? number(done) : bytes(done);
  return `${words[phase]}: ${far}${total ? ` of ${phase === "write" ? number(total) : bytes(total)}` : ""}${elements ? `, ${plural(elements, "element")}` : ""}`;
}

/** What was read or written, and what is not as it was. */
export function reportNotice(title: string, { format, nodes, relationships, notes }: FileReport): HTMLElement {
  return notice(notes.length ? "warn" : "good", title, [
    `${plural(nodes, "node")} and ${plural(relationships, "relationship")}, ${nameOf(format)}.`,
    ...notes.map(({ count, detail }) => (count > 1 ? `${detail} (and ${plural(count - 1, "more like it", "more like it")})` : detail)),
  ]);
}

/** A table whose header does not say what its lines are. */
function isPlainTable({ format, columns }: FilePreview): boolean {
  return format === "csv" && columns !== undefined && columns.every(({ role }) => role === "property");
}

/** Types as their values are written. A number with leading zeros is a text, and so is one that 64 bits do not hold. */
const written: [type: string, form: RegExp][] = [
  ["INT", /^-?(0|[1-9]\d{0,17})$/],
  ["FLOAT", /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i],
  ["BOOLEAN", /^(true|false)$/i],
  ["DATE", /^\d{4}-\d\d-\d\d$/],
];

/** What the first rows of a plain table look like, by column; the reader sees it and may say otherwise. */
function guessed({ columns = [], rows = [] }: FilePreview): Map<string, string> {
  const guesses = columns.map(({ name }, i): [string, string] | undefined => {
    const values = rows.map((row) => row[i]).filter((value) => value !== null && value !== undefined);
    const type = values.length > 0 && written.find(([, form]) => values.every((value) => form.test(value)))?.[0];
    return type ? [name, `${name}:${type}`] : undefined;
  });
  return new Map(guesses.filter((guess) => guess !== undefined));
}

type Assign = (file: string, column: string, role: string) => void;

/** `plain` are the choices for a plain table's columns: what it still lacks is no mistake. */
function previewOf({ name, format, columns, rows, elements, text, problem: wrong }: FilePreview, plain: ReadonlyMap<string, string> | undefined, assign: Assign): HTMLElement {
  return h(
    "section",
    { class: "preview" },
    h("h3", {}, name, h("span", { class: "count" }, format ? nameOf(format) : "not recognised")),
    wrong !== undefined && wrong !== "" && (plain
      ? h("p", { class: "needed" }, "A plain table. Its lines become nodes with the labels above, or, where two columns are the ends, relationships of the type above; ends name the identifiers of nodes.")
      : h("p", { class: "wrong" }, wrong)),
    columns && rows && h("div", { class: "preview-scroll", tabindex: "0", role: "region", "aria-label": `First rows of ${name}` },
      h("table", {},
        h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column.name, plain ? roleSelect(name, column.name, plain, assign) : h("span", { class: "role" }, roleText(column)))))),
        h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((field) => h("td", {}, field === null ? h("span", { class: "value null" }, "null") : field))))))),
    elements && elements.length > 0 && h("ul", { class: "preview-elements" }, ...elements.map((element) => h("li", {}, h("code", {}, elementText(element))))),
    text !== undefined && h("pre", { tabindex: "0", role: "region", "aria-label": `Beginning of ${name}` }, text),
  );
}

function roleText({ name, role, key, type }: NonNullable<FilePreview["columns"]>[number]): string {
  return [role === "property" && key !== name ? key : role, type?.toLowerCase()].filter(Boolean).join(" · ");
}

/** What a column of a plain table is. */
function roleSelect(file: string, column: string, chosen: ReadonlyMap<string, string>, assign: Assign): HTMLElement {
  const roles: [string, string][] = [
    ["", "text"],
    [`${column}:INT`, "integer"],
    [`${column}:FLOAT`, "number"],
    [`${column}:BOOLEAN`, "true or false"],
    [`${column}:DATE`, "date"],
    [`${column}:ID`, "identifier"],
    [":START_ID", "start"],
    [":END_ID", "end"],
    [":IGNORE", "left out"],
  ];
  const select = h("select", { id: `import-column-${file}-${column}`, class: "role", "aria-label": `${column} is`, onchange: () => assign(file, column, select.value) }, ...roles.map(([value, title]) => h("option", { value, selected: (chosen.get(column) ?? "") === value }, title)));
  return select;
}

function elementText({ kind, labels, type, start, end, properties }: NonNullable<FilePreview["elements"]>[number]): string {
  const pairs = Object.entries(properties).map(([key, json]) => `${key}: ${json}`).join(", ");
  const map = pairs && ` {${pairs}}`;
  return kind === "node" ? `(${(labels ?? []).map((label) => `:${label}`).join("")}${map})` : `(${start ?? ""})-[:${type ?? ""}${map}]->(${end ?? ""})`;
}

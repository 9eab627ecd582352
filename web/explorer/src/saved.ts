// Queries that were saved under a name, in the page's localStorage and as a JSON file.

import { keep, kept } from "./keep.js";

const key = "pocketgraph.saved";
const format = "pocketgraph-queries";
const mostSaved = 500;
export const longestName = 120; // characters
const longestQuery = 100_000; // characters

interface SavedQuery {
  name: string;
  query: string;
}

const valid = (entry: any): entry is SavedQuery =>
  typeof entry?.name === "string" && entry.name.trim() !== "" && entry.name.length <= longestName && typeof entry.query === "string" && entry.query.length <= longestQuery;

const refuse = (message: string, hint: string): never => {
  throw Object.assign(new Error(message), { code: "LIMIT", hint });
};

export class SavedQueries {
  private entries: SavedQuery[] = load();

  constructor(private readonly changed: () => void) {}

  list(): readonly SavedQuery[] {
    return this.entries;
  }

  has(name: string): boolean {
    return this.entries.some((entry) => entry.name === name);
  }

  /** Saves, or replaces what has the name. Throws when there is no room; nothing is lost then. */
  save(name: string, query: string): void {
    if (query.length > longestQuery) refuse(`the query has ${query.length} characters`, `A saved query has at most ${longestQuery}. Keep long scripts in a file.`);
    this.store([...this.entries.filter((entry) => entry.name !== name), { name, query }]);
  }

  remove(name: string): void {
    this.store(this.entries.filter((entry) => entry.name !== name));
  }

  toFile(): string {
    return `${JSON.stringify({ format, version: 1, queries: this.entries }, null, 2)}\n`;
  }

  /** Adds what the file has; a name that is taken by another query gets a number. Returns how many were new. */
  addFrom(text: string): number {
    const queries = readFile(text);
    const all = [...this.entries];
    for (const { name, query } of queries) {
      if (all.some((entry) => entry.query === query && entry.name.startsWith(name))) continue;
      let free = name;
      for (let i = 2; all.some((entry) => entry.name === free); i++) free = `${name.slice(0, longestName - 8)} (${i})`;
      all.push({ name: free, query });
    }
    const added = all.length - this.entries.length;
    this.store(all);
    return added;
  }

  private store(entries: SavedQuery[]): void {
    if (entries.length > mostSaved) refuse(`${entries.length} queries would be saved`, `At most ${mostSaved} are. Delete some that are not needed.`);
    entries.sort((a, b) => a.name.localeCompare(b.name));
    keep(key, entries);
    this.entries = entries;
    this.changed();
  }
}

function readFile(text: string): SavedQuery[] {
  const wrong = (what: string): never => {
    throw Object.assign(new Error(`this is no file of saved queries: ${what}`), { code: "FORMAT", hint: `Such a file is made by “Export”: {"format": "${format}", "version": 1, "queries": [{"name", "query"}]}. Nothing was added.` });
  };
  let content: any;
  try {
    content = JSON.parse(text);
  } catch (error) {
    wrong((error as Error).message);
  }
  if (content?.format !== format) wrong(`its format is not “${format}”`);
  if (content.version !== 1) wrong(`its version is ${JSON.stringify(content.version) ?? "missing"}, and this page reads version 1`);
  if (!Array.isArray(content.queries)) wrong("it has no list of queries");
  const bad = content.queries.findIndex((entry: unknown) => !valid(entry));
  if (bad >= 0) wrong(`query ${bad + 1} has no name, no text, or too much of either`);
  return content.queries.map(({ name, query }: SavedQuery) => ({ name, query }));
}

function load(): SavedQuery[] {
  const stored = kept(key);
  return Array.isArray(stored) ? stored.filter(valid).slice(0, mostSaved) : [];
}

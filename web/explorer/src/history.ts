// Queries that were run, newest first, in the page's localStorage.

import { keepIfPossible, kept } from "./keep.js";

const key = "pocketgraph.history";
const most = 100; // a list a person can still scroll
const longest = 20_000; // characters; a pasted script does not belong into it

export class History {
  private entries: string[] = load();
  /** Where Alt+Up has come to; -1 is the text being written. */
  private at = -1;
  private draft = "";

  constructor(private readonly changed: () => void) {}

  list(): readonly string[] {
    return this.entries;
  }

  add(text: string): void {
    this.at = -1;
    if (text.length > longest) return;
    this.entries = [text, ...this.entries.filter((entry) => entry !== text)].slice(0, most);
    this.save();
  }

  clear(): void {
    this.entries = [];
    this.save();
  }

  /** The entry a step away, or null at the ends. `current` is kept to come back to. */
  step(by: 1 | -1, current: string): string | null {
    const next = this.at + by;
    if (next < -1 || next >= this.entries.length) return null;
    if (this.at === -1) this.draft = current;
    this.at = next;
    return next === -1 ? this.draft : this.entries[next];
  }

  private save(): void {
    keepIfPossible(key, this.entries);
    this.changed();
  }
}

function load(): string[] {
  const stored = kept(key);
  return Array.isArray(stored) ? stored.filter((entry) => typeof entry === "string").slice(0, most) : [];
}

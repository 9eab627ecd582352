// Running a script, one statement after another, with a progress bar.

import type { Database } from "pocketgraph";
import { byId, h, plural } from "./dom.js";
import { splitScript, type Piece } from "./script.js";

/** What a script can be at most; the whole text is in the page's memory. */
export const longestScript = 64 * 1024 * 1024;

export class ScriptError extends Error {
  constructor(readonly piece: Piece, readonly index: number, readonly reason: any) {
    super(String(reason?.message ?? reason));
  }
  /** "statement 3, line 17" in the file. */
  get where(): string {
    return `statement ${this.index}, line ${this.piece.line + (this.reason?.line ? this.reason.line - 1 : 0)}`;
  }
}

interface ScriptOutcome {
  statements: number;
  counters: { [name: string]: number };
  milliseconds: number;
}

/** Runs the script; what ran before an error stays. Throws ScriptError, or the signal's error. */
export async function runScript(db: Database, title: string, script: string, stop: AbortController): Promise<ScriptOutcome> {
  const began = performance.now();
  const counters: { [name: string]: number } = {};
  const bar = progress(title, () => stop.abort());
  let index = 0;
  try {
    for (const piece of splitScript(script)) {
      index++;
      try {
        const { summary } = await db.query(piece.text, {}, { signal: stop.signal });
        for (const [name, n] of Object.entries(summary.counters)) if (typeof n === "number" || typeof n === "bigint") counters[name] = (counters[name] ?? 0) + Number(n);
      } catch (error) {
        throw new ScriptError(piece, index, error);
      }
      bar.set(piece.end / script.length, index);
    }
  } finally {
    bar.remove();
  }
  return { statements: index, counters, milliseconds: performance.now() - began };
}

function progress(title: string, stop: () => void) {
  const meter = h("progress", { max: "1", value: "0", "aria-label": `Progress of ${title}` });
  const text = h("span", { class: "muted" }, "starting");
  const panel = h("section", { class: "notice plain running", role: "status" }, h("h2", {}, `Running ${title}`), meter, h("div", { class: "actions" }, text, h("button", { type: "button", onclick: stop }, "Stop")));
  byId("notices").replaceChildren(panel);
  return {
    set(share: number, statements: number) {
      meter.value = share;
      text.textContent = `${Math.round(100 * share)} %, ${plural(statements, "statement")}`;
    },
    remove: () => panel.remove(),
  };
}

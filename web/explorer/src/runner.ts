// Running what is in the editor, one thing at a time.

import type { Result, Value } from "pocketgraph";
import { byId, duration, plural } from "./dom.js";
import type { Editor } from "./editor.js";
import type { History } from "./history.js";
import { fail, say } from "./notices.js";
import { withMode } from "./planview.js";
import type { Session } from "./session.js";
import { done } from "./summary.js";

interface RunnerParts {
  session: Session;
  editor: Editor;
  history: History;
  show(result: Result<Value[]>): Promise<void>;
  /** The graph was changed. */
  wrote(): Promise<void>;
  /** Something else is run: a live query is over. */
  began(): void;
  /** The engine is gone. */
  dead(): void;
}

export class Runner {
  private running: AbortController | null = null;

  constructor(private readonly parts: RunnerParts) {
    byId("run").addEventListener("click", () => void this.run());
    byId("explain").addEventListener("click", () => void this.run("EXPLAIN"));
    byId("profile").addEventListener("click", () => void this.run("PROFILE"));
    byId("stop").addEventListener("click", () => this.running?.abort());
  }

  get busy(): boolean {
    return this.running !== null;
  }

  /** Puts a query into the editor and runs it. */
  async askFor(query: string): Promise<void> {
    this.parts.editor.text = query;
    await this.run();
  }

  async run(mode?: "EXPLAIN" | "PROFILE"): Promise<void> {
    const { session, editor, history } = this.parts;
    const written = editor.text;
    if (this.busy || !written.trim()) return;
    const { text, shift } = mode ? withMode(written, mode) : { text: written, shift: 0 };
    const stop = this.begin();
    this.parts.began();
    editor.mark(null);
    history.add(written);
    try {
      const result = await session.database().query<Value[]>(text, {}, { rows: "array", integers: "bigint", signal: stop.signal });
      say();
      await this.parts.show(result);
      const did = done(result.summary.counters);
      byId("summary").textContent = `${plural(result.rows.length, "row")} in ${duration(result.summary.milliseconds)}${did ? `; ${did}` : ""}`;
      if (result.summary.writes) await this.parts.wrote();
    } catch (error) {
      const at = (error as { position?: { offset: number } }).position;
      if (at) editor.mark(at.offset - shift);
      byId("summary").textContent = ""; // of the answer before, which is still below
      if (session.state === "dead") this.parts.dead();
      else fail(error);
    } finally {
      this.end();
    }
  }

  /** From here to end() nothing else runs, and Stop aborts. */
  begin(): AbortController {
    this.running = new AbortController();
    this.show();
    return this.running;
  }

  end(): void {
    this.running = null;
    this.show();
  }

  private show(): void {
    for (const id of ["run", "explain", "profile"]) byId(id).hidden = this.busy;
    byId("stop").hidden = !this.busy;
    document.body.classList.toggle("busy", this.busy);
  }
}

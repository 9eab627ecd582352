// A query that stays: its answer is drawn anew whenever commits have made it
// another one, whoever made them.

import type { Live, LiveUpdate, Row, Value } from "pocketgraph";
import { byId, plural } from "./dom.js";
import { fail } from "./notices.js";
import type { Session } from "./session.js";

interface LiveParts {
  session: Session;
  /** What is in the editor. */
  written(): string;
  /** `fresh` are the rows that were not there before. */
  show(columns: string[], rows: Value[][], fresh: ReadonlySet<Value[]>, first: boolean): Promise<void>;
  /** The engine is gone. */
  dead(): void;
}

export class LiveQuery {
  private query: Live<Row> | null = null;
  private readonly button = byId("live");

  constructor(private readonly parts: LiveParts) {
    this.button.addEventListener("click", () => (this.on ? this.stop() : void this.start()));
  }

  get on(): boolean {
    return this.query !== null;
  }

  /** Shows the answer to what is in the editor until stop(). */
  async start(): Promise<void> {
    this.stop();
    const { session } = this.parts;
    const text = this.parts.written();
    if (!text.trim()) return;
    let mine: Live<Row> | null = null;
    try {
      mine = session.database().live(text, {}, { integers: "bigint" });
      this.become(mine);
      let updates = 0;
      for await (const update of mine) {
        if (this.query !== mine) return;
        const { columns, rows, fresh } = asArrays(update);
        await this.parts.show(columns, rows, updates ? fresh : new Set(), updates === 0);
        byId("summary").textContent = `live: ${plural(rows.length, "row")}, ${updates ? plural(updates, "update") : "waiting for changes"}`;
        updates++;
      }
    } catch (error) {
      if (mine !== null && this.query !== mine) return; // stopped meanwhile
      if (session.state === "dead") this.parts.dead();
      else fail(error);
    }
    if (this.query === mine) this.become(null);
  }

  stop(): void {
    const { query } = this;
    if (!query) return;
    this.become(null);
    byId("summary").textContent = "";
    void query.return().catch(() => {}); // the store may be closed
  }

  private become(query: Live<Row> | null): void {
    this.query = query;
    this.button.setAttribute("aria-pressed", String(query !== null));
  }
}

/** Updates have rows as objects, which tell the columns. */
function asArrays({ rows, added, changed }: LiveUpdate<Row>): { columns: string[]; rows: Value[][]; fresh: Set<Value[]> } {
  const columns = Object.keys(rows[0] ?? {});
  const news = new Set([...added, ...changed.map(({ after }) => after)]);
  const fresh = new Set<Value[]>();
  const arrays = rows.map((row) => {
    const array = columns.map((column) => row[column]);
    if (news.has(row)) fresh.add(array);
    return array;
  });
  return { columns, rows: arrays, fresh };
}

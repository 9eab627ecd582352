// Keeps the page in step with the store, whoever writes to it: this page, a
// script of it, or another tab.

import type { Database } from "pocketgraph";

const counts = "OPTIONAL MATCH (n) WITH count(n) AS nodes OPTIONAL MATCH ()-[r]->() RETURN nodes, count(r) AS relationships";
/** Between two looks at a store that changes without pause. */
const pause = 400; // milliseconds

export interface Counts {
  nodes: number;
  relationships: number;
}

/** Tells the counts, now and whenever commits have changed them, until the database is closed or its engine ends. */
export async function inStep(db: Database, tell: (counts: Counts) => Promise<void>): Promise<void> {
  try {
    for await (const { rows } of db.live<Counts & { [column: string]: number }>(counts)) {
      if (db.closed) return;
      await tell(rows[0]);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  } catch (error) {
    if (!db.closed) throw error; // the end of the database is no news here: whoever waits for an answer is told
  }
}

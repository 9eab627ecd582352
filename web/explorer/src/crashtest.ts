// Writes without pause, kills the worker in the middle, opens the store again,
// and compares what was acknowledged with what is there.

import type { Database } from "pocketgraph";
import type { Session } from "./session.js";

const label = "CrashTest";
/** How long it writes before the kill, and how many writes are in flight. */
const writingMilliseconds = 700;
const writers = 8;

interface CrashResult {
  acknowledged: number;
  found: number;
  missing: number;
  /** Present though never acknowledged: allowed, each is there whole. */
  extra: number;
  problems: string[];
}

/** `told` hears how many writes have been acknowledged. */
export async function crashTest(session: Session, told: (acknowledged: number) => void): Promise<CrashResult> {
  const acknowledged = new Set<number>();
  await write(session, acknowledged, told);
  const db = await session.open(session.name);
  const { rows } = await db.query<[number]>(`MATCH (n:${label}) RETURN n.number`, {}, { rows: "array" });
  const found = new Set(rows.map(([n]) => Number(n)));
  const problems = await db.check();
  await db.query(`MATCH (n:${label}) DELETE n`);
  const missing = [...acknowledged].filter((n) => !found.has(n)).length;
  return { acknowledged: acknowledged.size, found: found.size, missing, extra: found.size - (acknowledged.size - missing), problems };
}

async function write(session: Session, acknowledged: Set<number>, told: (n: number) => void): Promise<void> {
  const db: Database = session.database();
  await db.query(`MATCH (n:${label}) DELETE n`);
  let next = 0;
  let killed = false;
  const writer = async () => {
    while (!killed) {
      const n = next++;
      await db.query(`CREATE (:${label} {number: $n})`, { n });
      acknowledged.add(n);
      told(acknowledged.size);
    }
  };
  const all = Promise.allSettled(Array.from({ length: writers }, writer));
  await new Promise((resolve) => setTimeout(resolve, writingMilliseconds));
  session.kill();
  killed = true;
  // The package learns from the worker's lock that it is gone and rejects what was in flight.
  await all;
}

// Migrations of open(): steps that bring a database to the form that a release
// of an app wants. A module of its own, loaded where there are any.
//
// How many have run is kept in the graph, in a node of a label of its own, and
// written in the transaction of the step: after a crash a step is there whole,
// and is not run again, or not at all. A transaction that writes has the
// database to itself, whichever tab's it is, so no step runs twice.

import type { ErrorDetails, PocketGraphError } from "./errors.js";
import type { Migration, Queryable, Transaction, TransactionOptions } from "./types.js";

/** The label of the node that has the number. */
const label = "__Migrations";
/** How often a step is begun whose owner goes. */
const tries = 6;

/** What this module needs of the package, of which there is one in the page. */
export interface MigrationHome extends Queryable {
  transaction<T>(fn: (tx: Transaction) => Promise<T>, options: TransactionOptions): Promise<T>;
}
type MakeError = (code: string, message: string, details?: ErrorDetails) => PocketGraphError;

/** Runs what has not run yet. `told` hears in the end how many have, whoever ran them: the owner may be a tab that then lets go. */
export async function migrate(db: MigrationHome, migrations: readonly Migration[], error: MakeError, told: (version: number) => void, signal?: AbortSignal): Promise<void> {
  let version = await versionOf(db, signal);
  try {
    for (let tried = 1; version < migrations.length; ) {
      try {
        version = await db.transaction((tx) => step(tx, migrations, error, signal), { signal });
        tried = 1;
      } catch (cause) {
        const { code, applied } = cause as PocketGraphError;
        if (code !== "OWNER_CHANGED" || applied !== "no" || ++tried > tries) throw cause;
      }
    }
  } finally {
    told(version); // a step that threw leaves those before it
  }
  if (version > migrations.length) throw error("NEWER_SCHEMA", `the database has had ${version} migrations, and this release of the app knows ${migrations.length}`);
}

async function versionOf(db: Queryable, signal?: AbortSignal): Promise<number> {
  const { rows } = await db.query<{ version: number | bigint | null }>(`MATCH (m:${label}) RETURN max(m.version) AS version`, {}, { signal });
  return Number(rows[0].version ?? 0); // a bigint where the app wants them
}

async function step(tx: Transaction, migrations: readonly Migration[], error: MakeError, signal?: AbortSignal): Promise<number> {
  const version = await versionOf(tx, signal);
  if (version >= migrations.length) return version; // another tab was faster
  const migration = migrations[version];
  try {
    if (typeof migration === "function") await migration(tx);
    else for (const text of statements(migration)) await tx.query(text, {}, { signal });
  } catch (cause) {
    if ((cause as PocketGraphError).code === "OWNER_CHANGED" || signal?.aborted) throw cause;
    throw error("MIGRATION_FAILED", `migration ${version + 1} of ${migrations.length}: ${(cause as Error)?.message ?? cause}`, { cause });
  }
  await tx.query(`MERGE (m:${label}) SET m.version = $version`, { version: version + 1 });
  return version + 1;
}

/** The statements of a script, which semicolons separate: those outside of strings, quoted names and comments. */
export function statements(script: string): string[] {
  const comment = String.raw`\/\/[^\n]*|\/\*[^]*?\*\/`;
  const quoted = String.raw`'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|` + "`[^`]*`";
  const parts = script.match(new RegExp(`(?:${comment}|${quoted}|[^;'"\`/]+|[^;])+`, "g")) ?? [];
  return parts.filter((part) => part.replace(new RegExp(comment, "g"), "").trim());
}

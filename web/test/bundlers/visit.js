// What every app here does: opens a database, says that somebody was here, and shows how often anybody was.
import { open, PocketGraphError } from "pocketgraph";

export async function visit() {
  const db = await open("visits", { storage: "opfs" });
  await db.query("CREATE (:Visit {at: $now})", { now: new Date() });
  const { rows } = await db.query("MATCH (v:Visit) RETURN count(v) AS visits");
  const { code } = await db.query("RETRUN 1").catch((error) => (error instanceof PocketGraphError ? error : { code: `${error}` }));
  // What reads files comes in files of its own, which the bundle has to find, too.
  const { nodes } = await db.import('{"type":"node","id":"a","labels":["Imported"],"properties":{}}');
  await db.close();
  return { ...rows[0], storage: db.info.storage, code, imported: nodes };
}

export async function show() {
  globalThis.visited = await visit().catch(({ code, message, hint }) => ({ code, message, hint }));
  document.body.append(JSON.stringify(globalThis.visited));
}

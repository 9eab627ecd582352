import * as assert from "./assert.js";
import { cases } from "./cases.js";
import * as files from "./files.js";

/** Makes the package and the cases reachable for the test process; more are those of a page of its own. */
export function setUp(pg, more = {}) {
  globalThis.pg = pg;
  globalThis.files = files;
  globalThis.runCase = async (name, storage) => {
    const opened = [];
    const tools = {
      ...assert,
      pg,
      storage,
      /** A name of its own for each case and storage. */
      name: `${storage}-${name.replace(/\W+/g, "-").slice(0, 60)}`,
      async open(options = {}, called = tools.name) {
        const db = await pg.open(called, { storage, ...options });
        opened.push(db);
        return db;
      },
    };
    try {
      await (more[name] ?? cases[name]).run(tools);
    } catch (error) {
      return `${error}\n${error.stack ?? ""}${error.hint ? `\nhint: ${error.hint}` : ""}`; // errors lose their text on the way out
    } finally {
      for (const db of opened) await db.close().catch(() => {});
    }
    return "";
  };
  globalThis.ready = true;
}

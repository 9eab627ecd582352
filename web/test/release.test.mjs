// What a release promises: packing twice gives the same bytes, and stores that
// earlier versions wrote (testdata/formats) open and answer as they did.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, test } from "node:test";
import { buildPackage } from "../scripts/build.mjs";
import { kept, questions, shown } from "../scripts/format-fixture.mjs";
import { web } from "./fixture.mjs";

const timeout = 300_000;
let temporary, pg;
before(async () => {
  if (!process.env.POCKETGRAPH_BUILT) await buildPackage();
  temporary = mkdtempSync(join(tmpdir(), "pocketgraph-release-"));
  pg = await import(pathToFileURL(join(web, "dist/node.js")).href);
}, { timeout });
after(() => temporary && rmSync(temporary, { recursive: true, force: true }));

function packed() {
  const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", temporary], { cwd: web, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  const bytes = readFileSync(join(temporary, filename));
  rmSync(join(temporary, filename));
  return createHash("sha256").update(bytes).digest("hex");
}

test("a package that is built and packed again is the same, byte for byte", { timeout }, async () => {
  const first = packed();
  await buildPackage({ wasm: Boolean(process.env.POCKETGRAPH_LONG) }); // the wasm takes its time: with the full counts
  assert.equal(packed(), first);
});

const versions = readdirSync(kept);
test("the version of the package has, or an earlier one had, its store kept", () => assert.ok(versions.length > 0));

for (const version of versions) {
  describe(`a store of ${version}`, () => {
    const { answers } = JSON.parse(readFileSync(join(kept, version, "answers.json"), "utf8"));
    const copy = (name) => cpSync(join(kept, version), join(temporary, name), { recursive: true, filter: (path) => !path.endsWith("answers.json") });
    const ask = async (db) => {
      for (const { text, rows } of answers) assert.deepEqual(shown((await db.query(text)).rows), rows, text);
    };

    test("opens, answers as it did, is written to, and opens again", { timeout }, async () => {
      copy("old");
      const db = await pg.open("old", { directory: temporary, create: false });
      assert.ok(db.info.recovery.snapshotSequence > 0 && db.info.recovery.records > 0, "from a snapshot and a log");
      assert.ok(answers.length > 0 && answers.length <= questions.length);
      await ask(db);
      assert.deepEqual(await db.check(), []);
      await db.query("CREATE (:New)");
      await db.snapshot();
      await db.close();
      const again = await pg.open("old", { directory: temporary, create: false });
      assert.equal((await again.query("MATCH (n:New) RETURN count(n) AS n")).rows[0].n, 1);
      assert.deepEqual(await again.check(), []);
      await again.query("MATCH (n:New) DELETE n");
      await ask({ query: (text) => (text.includes("max(id(n))") ? { rows: [{ last: JSON.parse(answers.find((a) => a.text === text).rows[0]).last }] } : again.query(text)) });
      await again.close();
    });

    test("what is salvaged of it is all of it", { timeout }, async () => {
      copy("salvaged");
      await pg.recover("salvaged", { directory: temporary, mode: "salvage" });
      const db = await pg.open("salvaged", { directory: temporary, create: false });
      await ask(db);
      await db.close();
    });
  });
}

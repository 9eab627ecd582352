// Live queries: what is shown follows what is committed.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

export function liveQueries(the) {
  test("a live query follows commits, and stops when it is told to", async () => {
    const { reader } = the;
    const { page } = reader;
    await reader.run("MATCH (m:Moving) DETACH DELETE m");
    await reader.run("CREATE (:Moving {n: 1})");
    await write(reader, "MATCH (m:Moving) RETURN m.n AS n ORDER BY n");
    await page.click("#live");
    await reader.waitFor(() => /^live: 1 row, waiting/.test(document.getElementById("summary").textContent));
    assert.deepEqual(await reader.rows(), [["1"]]);
    await commit(the, "CREATE (:Moving {n: 2})");
    await reader.waitFor(() => /^live: 2 rows, 1 update$/.test(document.getElementById("summary").textContent));
    assert.deepEqual(await reader.rows(), [["1"], ["2"]]);
    assert.equal((await page.$$("#table tr.fresh")).length, 1, "what is new is shown as such");
    await page.click("#live");
    assert.equal(await page.$eval("#live", (button) => button.getAttribute("aria-pressed")), "false");
    await commit(the, "CREATE (:Moving {n: 3})");
    assert.deepEqual(await reader.rows(), [["1"], ["2"]]);
  });

  test("a live graph keeps its places", async () => {
    const { reader } = the;
    await write(reader, "MATCH (m:Moving) RETURN m");
    await reader.page.click("#live");
    await reader.waitFor(() => /Moving3/.test(document.getElementById("legend").textContent));
    await commit(the, "MATCH (m:Moving {n: 1}) CREATE (m)-[:TO]->(:Moving {n: 4})");
    await reader.waitFor(() => /Moving4/.test(document.getElementById("legend").textContent));
    await commit(the, "MATCH (m:Moving) WHERE m.n > 1 DETACH DELETE m");
    await reader.waitFor(() => /Moving1/.test(document.getElementById("legend").textContent));
    await reader.run("MATCH (m:Moving) DETACH DELETE m");
    assert.equal(await reader.page.$eval("#live", (button) => button.getAttribute("aria-pressed")), "false", "another query ends it");
  });

  test("a query that writes cannot be live, and writes nothing", async () => {
    const { reader } = the;
    await write(reader, "CREATE (m:Moving) RETURN m");
    await reader.page.click("#live");
    await reader.page.waitForSelector(".problem");
    assert.equal(await reader.page.$eval("#live", (button) => button.getAttribute("aria-pressed")), "false");
    await reader.run("MATCH (m:Moving) RETURN count(m) AS n");
    assert.deepEqual(await reader.rows(), [["0"]]);
  });
}

/** Commits beside what is in the editor: by a script file. */
async function commit({ reader, files }, statement) {
  const path = join(files, "commit.cypher");
  writeFileSync(path, statement);
  await (await reader.page.$("#file")).uploadFile(path);
  await reader.waitFor(() => /has run/.test(document.getElementById("notices").textContent));
  await reader.page.evaluate(() => document.getElementById("notices").replaceChildren());
}

/** Puts a query into the editor. */
const write = (reader, text) =>
  reader.page.evaluate((text) => {
    document.getElementById("notices").replaceChildren();
    const { view } = document.getElementById("editor").shadowRoot.querySelector(".cm-content").cmTile;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }, text);

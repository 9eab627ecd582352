// The life of a store: scripts, snapshots, kills, a second tab.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { visit } from "./reader.mjs";

export function living(the) {
  test("a script file runs, and its error has statement, line and caret", async () => {
    const good = join(the.files, "good.cypher");
    writeFileSync(good, "// a comment; with a semicolon\nUNWIND range(1, 50) AS i CREATE (:Scripted {i: i, text: 'a;b'});\n" + "CREATE (:Scripted);\n".repeat(150));
    const input = await the.reader.page.$("#file");
    await the.reader.page.evaluate(() => {
      globalThis.seen = 0;
      new MutationObserver(() => (globalThis.seen = Math.max(globalThis.seen, document.querySelector("progress")?.value ?? 0))).observe(document.getElementById("notices"), { childList: true, subtree: true, characterData: true });
    });
    await input.uploadFile(good);
    await the.reader.waitFor(() => /has run/.test(document.getElementById("notices").textContent));
    assert.match(await the.reader.text("#notices"), /151 statements in .*: created 200 nodes/);
    assert.ok((await the.reader.page.evaluate(() => globalThis.seen)) > 0.3, "the progress bar moved");
    const bad = join(the.files, "bad.cypher");
    writeFileSync(bad, "CREATE (:Scripted);\n\nMATCH (n)\nRETURN wrong;\nCREATE (:Never)");
    await (await the.reader.page.$("#file")).uploadFile(bad);
    await the.reader.waitFor(() => document.querySelector(".problem"));
    assert.match(await the.reader.text(".problem .where"), /statement 2, line 4/);
    assert.match(await the.reader.text(".problem .caret"), /RETURN wrong\n.*\^/);
    await the.reader.ask("MATCH (n:Scripted) RETURN count(n)");
    assert.deepEqual(await the.reader.rows(), [["201"]]);
  });

  test("a snapshot is written and shown", async () => {
    await the.reader.page.click("#snapshot");
    await the.reader.waitFor(() => /Snapshot written/.test(document.getElementById("notices").textContent));
    await the.reader.page.click("#tab-store");
    await the.reader.waitFor(() => /Last snapshotcommit \d/.test(document.getElementById("panel-store").textContent));
  });

  test("the store's panel has room, persistence and diagnostics", async () => {
    const { page } = the.reader;
    assert.match(await the.reader.text("#panel-store"), /This site uses.* of .*Keptthe browser (may|promised).*Offlinethis page/);
    // Firefox asks its user, who is not there to answer.
    if (the.name === "chromium" && (await page.$("#persist"))) {
      await page.click("#persist");
      await the.reader.waitFor(() => !document.getElementById("persist"));
    }
    await page.$eval("#diagnostics", (button) => button.click());
    await page.waitForSelector("dialog .diagnostics");
    const told = JSON.parse(await the.reader.text(".diagnostics"));
    assert.equal(told.nodes, 516);
    assert.doesNotMatch(JSON.stringify(told), /Portugal|Scripted/, "none of the data");
    await page.keyboard.press("Escape");
  });

  test("recover closes the store and says what it found", async () => {
    await the.reader.page.click("#recover");
    await the.reader.waitFor(() => /closed cleanly/.test(document.getElementById("notices").textContent));
  });

  test("the killed worker's store comes back whole, with its report", async () => {
    await the.reader.ask("CREATE (:Survivor {x: 1})");
    await the.reader.page.click("#kill");
    await the.reader.waitFor(() => document.querySelector("#status").dataset.state === "dead");
    assert.match(await the.reader.text("#notices"), /worker is gone/);
    await the.reader.page.click("#reopen");
    await the.reader.waitFor(() => document.querySelector("#status").dataset.state === "open" && /Recovered/.test(document.getElementById("notices").textContent));
    assert.match(await the.reader.text("#notices"), /not been closed.*Read the snapshot of commit \d+.*replayed \d+ commit/);
    await the.reader.ask("MATCH (s:Survivor) RETURN s.x");
    assert.deepEqual(await the.reader.rows(), [["1"]]);
  });

  test("killed while writing, nothing acknowledged is lost", async () => {
    await the.reader.page.click("#tab-store");
    // In one step: the panel is drawn anew when the store's figures come, and a
    // button that was found may be gone when it is clicked.
    await the.reader.waitFor(() => {
      const button = document.querySelector("#crash-test:not(:disabled)");
      button?.click();
      return button !== null;
    });
    await the.reader.waitFor(() => /Every acknowledged write is there/.test(document.getElementById("notices").textContent));
    assert.match(await the.reader.text("#notices"), /Acknowledged before the kill: [1-9].*Missing: 0.*found nothing wrong/);
  });

  test("a second tab is in step with the first, and takes over when that is closed", async () => {
    const first = the.reader;
    const second = await visit(the.browser, the.url);
    assert.match(await second.text("#status-text"), /open through another tab/);
    assert.equal(await second.page.$eval("#kill", (button) => button.disabled), true, "the engine is not its own");
    await second.run("CREATE (:Second {x: 1})");
    await first.page.bringToFront();
    await first.page.click("#tab-schema");
    await first.waitFor(() => /Second/.test(document.getElementById("panel-schema").textContent));
    await first.run("MATCH (s:Second) RETURN s.x AS x");
    assert.deepEqual(await first.rows(), [["1"]]);
    await second.page.bringToFront();
    await first.page.close();
    await second.waitFor(() => document.getElementById("status-text").textContent === "open");
    assert.equal(await second.page.$eval("#kill", (button) => button.disabled), false);
    await second.run("MATCH (s:Second) DETACH DELETE s RETURN count(*) AS n");
    assert.deepEqual(await second.rows(), [["1"]]);
    second.complaints.push(...first.complaints);
    the.reader = second;
  });
}

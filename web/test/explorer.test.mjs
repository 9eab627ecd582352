// The explorer as a reader uses it, in real browsers, under its strict policy.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildExplorer } from "../explorer/build.mjs";
import { serveExplorer } from "../explorer/serve.mjs";
import { browsers, launch } from "./browsers.mjs";

let server;
before(async () => {
  await buildExplorer({ pkg: !process.env.POCKETGRAPH_BUILT });
  server = await serveExplorer();
}, { timeout: 180_000 });
after(() => server?.close());

// Chromium says so about drawing without a graphics card; it is no fault of the page.
const harmless = /software WebGL|GPU stall/;

/** The explorer in a new tab: {page, complaints}, and what a reader does with it. */
async function visit(browser) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error.message)));
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && !harmless.test(message.text()) && complaints.push(message.text()));
  await page.evaluateOnNewDocument(() => {
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}:${event.columnNumber} ${event.sample}`));
  });
  if (process.env.POCKETGRAPH_VERBOSE) page.on("console", (message) => console.error(message.text()));
  await page.goto(server.url);
  await page.waitForFunction("document.documentElement.dataset.ready === 'true'", { timeout: 60_000 });
  const reader = {
    page,
    complaints,
    text: (selector) => page.$eval(selector, (element) => element.textContent),
    waitFor: (what, ...args) => page.waitForFunction(what, { timeout: 60_000 }, ...args),
    /** Types a query over what is in the editor and runs it, by keyboard alone. */
    async ask(query) {
      await page.evaluate(() => {
        document.getElementById("summary").textContent = "";
        document.getElementById("notices").replaceChildren();
        document.getElementById("editor").shadowRoot.querySelector(".cm-content").focus();
      });
      await chord(page, "a");
      await page.keyboard.type(query);
      await chord(page, "Enter");
      await reader.waitFor(() => document.getElementById("summary").textContent || document.querySelector(".problem"));
    },
    /** Whole cells of the result's table. */
    rows: () => page.$$eval("#table tbody tr", (rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent))),
  };
  return reader;
}

async function chord(page, key) {
  await page.keyboard.down("Control");
  await page.keyboard.press(key);
  await page.keyboard.up("Control");
}

for (const name of browsers) {
  describe(`explorer in ${name}`, () => {
    let browser;
    let reader;
    const files = mkdtempSync(join(tmpdir(), "pocketgraph-explorer-"));
    before(async () => {
      browser = await launch(name);
      reader = await visit(browser);
    }, { timeout: 120_000 });
    after(async () => {
      await browser?.close();
      rmSync(files, { recursive: true, force: true });
    });

    test("the first visit shows the demo graph and its counts", async () => {
      assert.match(await reader.text("#status"), /world\s+open\s+315 nodes, 799 relationships/);
      assert.match(await reader.text("#legend"), /Africa48Europe43Asia41/);
      assert.match(await reader.text("#summary"), /^318 rows/);
      assert.equal(await reader.page.$eval("#graph-empty", (e) => e.hidden), true);
      assert.ok((await reader.page.$$("#canvas canvas, #canvas circle")).length > 3, "something is drawn");
    });

    test("a query by keyboard gives rows", async () => {
      await reader.ask("MATCH (c:Country {code: 'DE'})-[:BORDERS]-(n) RETURN c.name AS country, count(n) AS neighbours, 1.0 AS float");
      assert.deepEqual(await reader.rows(), [["'Germany'", "9", "1.0"]]);
      assert.equal(await reader.page.$eval("#tab-table", (tab) => tab.getAttribute("aria-selected")), "true");
    });

    test("the facts of the demo graph", async () => {
      await reader.ask(`MATCH (c:Country) RETURN count(c), count { (c)-[:BORDERS]->(c) } > 0 AS itself, count { (c)-[:IN]->(:Continent) } AS continents`);
      assert.deepEqual(await reader.rows(), [["197", "false", "1"]]);
    });

    test("every example answers", async () => {
      const count = await reader.page.$$eval("#examples button", (buttons) => buttons.length);
      for (let i = 0; i < count; i++) {
        await reader.page.evaluate((i) => {
          document.getElementById("summary").textContent = "";
          document.querySelectorAll("#examples button")[i].click();
        }, i);
        await reader.waitFor(() => document.getElementById("summary").textContent || document.querySelector(".problem"));
        assert.equal(await reader.page.$(".problem"), null, `example ${i}`);
        assert.doesNotMatch(await reader.text("#summary"), /^0 rows/);
      }
    });

    test("an error shows code, line and caret", async () => {
      await reader.ask("MATCH (n:Country)\nRETURN m");
      assert.match(await reader.text(".problem .code"), /SyntaxError/);
      assert.match(await reader.text(".problem .caret"), /RETURN m\n.*\^/);
      assert.equal(await reader.page.evaluate(() => document.getElementById("editor").shadowRoot.querySelector(".cm-wrong")?.textContent), "m");
    });

    test("the history brings the query before back", async () => {
      await reader.ask("RETURN 1 AS one");
      await reader.ask("RETURN 2 AS two");
      await reader.page.keyboard.down("Alt");
      await reader.page.keyboard.press("ArrowUp");
      await reader.page.keyboard.press("ArrowUp");
      await reader.page.keyboard.up("Alt");
      assert.equal(await reader.page.evaluate(() => document.getElementById("editor").shadowRoot.querySelector(".cm-content").textContent), "RETURN 1 AS one");
    });

    test("details open for a chip and Escape closes them", async () => {
      await reader.ask("MATCH (c:Country {code: 'PT'}) RETURN c");
      await reader.page.click("#tab-table");
      await reader.page.click("#table .chip.node");
      assert.match(await reader.text("#details"), /Portugal.*capital'Lisbon'/);
      await reader.page.keyboard.press("Escape");
      assert.equal(await reader.page.$eval("#details", (e) => e.hidden), true);
    });

    test("hostile names and values are text", async () => {
      const hostile = "<img src=x onerror=alert(1)>";
      await reader.ask(`CREATE (n:\`${hostile}\` {\`__proto__\`: '${hostile}', \`constructor\`: 1, \`<b>\`: ['</td><script>']})-[:\`<i>\`]->(m) RETURN n, n.\`__proto__\` AS \`__proto__\`, '${hostile}' AS \`${hostile}\``);
      await reader.page.click("#tab-table");
      await reader.page.click("#table .chip.node");
      const details = await reader.text("#details");
      assert.ok(details.includes(`__proto__'${hostile}'`), details);
      assert.ok(details.includes("['</td><script>']"));
      assert.deepEqual((await reader.rows())[0].slice(1), [`'${hostile}'`, `'${hostile}'`]);
      await reader.page.click("#tab-schema");
      await reader.waitFor((name) => document.getElementById("panel-schema").textContent.includes(name), hostile);
      assert.equal(await reader.page.$("img, #table script, #side script, b, i"), null);
      await reader.ask(`MATCH (n:\`${hostile}\`)-->(m) DETACH DELETE n, m`);
    });

    test("a script file runs, and its error has statement, line and caret", async () => {
      const good = join(files, "good.cypher");
      writeFileSync(good, "// a comment; with a semicolon\nUNWIND range(1, 50) AS i CREATE (:Scripted {i: i, text: 'a;b'});\n" + "CREATE (:Scripted);\n".repeat(150));
      const input = await reader.page.$("#file");
      await reader.page.evaluate(() => {
        globalThis.seen = 0;
        new MutationObserver(() => (globalThis.seen = Math.max(globalThis.seen, document.querySelector("progress")?.value ?? 0))).observe(document.getElementById("notices"), { childList: true, subtree: true, characterData: true });
      });
      await input.uploadFile(good);
      await reader.waitFor(() => /has run/.test(document.getElementById("notices").textContent));
      assert.match(await reader.text("#notices"), /151 statements in .*: created 200 nodes/);
      assert.ok((await reader.page.evaluate(() => globalThis.seen)) > 0.3, "the progress bar moved");
      const bad = join(files, "bad.cypher");
      writeFileSync(bad, "CREATE (:Scripted);\n\nMATCH (n)\nRETURN wrong;\nCREATE (:Never)");
      await (await reader.page.$("#file")).uploadFile(bad);
      await reader.waitFor(() => document.querySelector(".problem"));
      assert.match(await reader.text(".problem .where"), /statement 2, line 4/);
      assert.match(await reader.text(".problem .caret"), /RETURN wrong\n.*\^/);
      await reader.ask("MATCH (n:Scripted) RETURN count(n)");
      assert.deepEqual(await reader.rows(), [["201"]]);
    });

    test("a snapshot is written and shown", async () => {
      await reader.page.click("#snapshot");
      await reader.waitFor(() => /Snapshot written/.test(document.getElementById("notices").textContent));
      await reader.page.click("#tab-store");
      await reader.waitFor(() => /Last snapshotcommit \d/.test(document.getElementById("panel-store").textContent));
    });

    test("recover closes the store and says what it found", async () => {
      await reader.page.click("#recover");
      await reader.waitFor(() => /closed cleanly/.test(document.getElementById("notices").textContent));
    });

    test("the killed worker's store comes back whole, with its report", async () => {
      await reader.ask("CREATE (:Survivor {x: 1})");
      await reader.page.click("#kill");
      await reader.waitFor(() => document.querySelector("#status").dataset.state === "dead");
      assert.match(await reader.text("#notices"), /worker is gone/);
      await reader.page.click("#reopen");
      await reader.waitFor(() => document.querySelector("#status").dataset.state === "open" && /Recovered/.test(document.getElementById("notices").textContent));
      assert.match(await reader.text("#notices"), /not been closed.*Read the snapshot of commit \d+.*replayed \d+ commit/);
      await reader.ask("MATCH (s:Survivor) RETURN s.x");
      assert.deepEqual(await reader.rows(), [["1"]]);
    });

    test("killed while writing, nothing acknowledged is lost", async () => {
      await reader.page.click("#tab-store");
      // In one step: the panel is drawn anew when the store's figures come, and a
      // button that was found may be gone when it is clicked.
      await reader.waitFor(() => {
        const button = document.querySelector("#crash-test:not(:disabled)");
        button?.click();
        return button !== null;
      });
      await reader.waitFor(() => /Every acknowledged write is there/.test(document.getElementById("notices").textContent));
      assert.match(await reader.text("#notices"), /Acknowledged before the kill: [1-9].*Missing: 0.*found nothing wrong/);
    });

    test("a second tab is told that the store is locked", async () => {
      const second = await visit(browser);
      assert.match(await second.text("#notices"), /LOCKED/);
      await second.page.close();
      await reader.page.bringToFront();
    });

    test("no policy violation and no complaint in the console", async () => {
      assert.deepEqual(await reader.page.evaluate(() => globalThis.violations), []);
      assert.deepEqual(reader.complaints, []);
    });
  });
}

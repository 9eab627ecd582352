// The first visit, and asking.

import assert from "node:assert/strict";
import { test } from "node:test";

/** `the` has reader, browser, url, and a folder for files, once the tests run. */
export function asking(the) {
  test("the first visit shows the demo graph and its counts", async () => {
    // The counts follow the store, a moment behind it.
    await the.reader.waitFor(() => !document.getElementById("status-count").textContent.startsWith("0 "));
    assert.match(await the.reader.text("#status"), /world\s+open\s+315 nodes, 799 relationships/);
    assert.match(await the.reader.text("#legend"), /Africa48Europe43Asia41/);
    assert.match(await the.reader.text("#summary"), /^318 rows/);
    assert.equal(await the.reader.page.$eval("#graph-empty", (e) => e.hidden), true);
    assert.ok((await the.reader.page.$$("#canvas canvas, #canvas circle")).length > 3, "something is drawn");
  });

  test("a query by keyboard gives rows", async () => {
    await the.reader.ask("MATCH (c:Country {code: 'DE'})-[:BORDERS]-(n) RETURN c.name AS country, count(n) AS neighbours, 1.0 AS float");
    assert.deepEqual(await the.reader.rows(), [["'Germany'", "9", "1.0"]]);
    assert.equal(await the.reader.page.$eval("#tab-table", (tab) => tab.getAttribute("aria-selected")), "true");
  });

  test("the facts of the demo graph", async () => {
    await the.reader.ask(`MATCH (c:Country) RETURN count(c), count { (c)-[:BORDERS]->(c) } > 0 AS itself, count { (c)-[:IN]->(:Continent) } AS continents`);
    assert.deepEqual(await the.reader.rows(), [["197", "false", "1"]]);
  });

  test("every example answers", async () => {
    const count = await the.reader.page.$$eval("#examples button", (buttons) => buttons.length);
    for (let i = 0; i < count; i++) {
      await the.reader.page.evaluate((i) => {
        document.getElementById("summary").textContent = "";
        document.querySelectorAll("#examples button")[i].click();
      }, i);
      await the.reader.waitFor(() => !document.body.classList.contains("busy") && (document.getElementById("summary").textContent || document.querySelector(".problem")));
      assert.equal(await the.reader.page.$(".problem"), null, `example ${i}`);
      assert.doesNotMatch(await the.reader.text("#summary"), /^0 rows/);
    }
  });

  test("an error shows code, line and caret", async () => {
    await the.reader.ask("MATCH (n:Country)\nRETURN m");
    assert.match(await the.reader.text(".problem .code"), /SyntaxError/);
    assert.match(await the.reader.text(".problem .caret"), /RETURN m\n.*\^/);
    assert.equal(await the.reader.page.evaluate(() => document.getElementById("editor").shadowRoot.querySelector(".cm-wrong")?.textContent), "m");
  });

  test("the history brings the query before back", async () => {
    await the.reader.ask("RETURN 1 AS one");
    await the.reader.ask("RETURN 2 AS two");
    await the.reader.page.keyboard.down("Alt");
    await the.reader.page.keyboard.press("ArrowUp");
    await the.reader.page.keyboard.press("ArrowUp");
    await the.reader.page.keyboard.up("Alt");
    assert.equal(await the.reader.page.evaluate(() => document.getElementById("editor").shadowRoot.querySelector(".cm-content").textContent), "RETURN 1 AS one");
  });

  test("details open for a chip and Escape closes them", async () => {
    await the.reader.ask("MATCH (c:Country {code: 'PT'}) RETURN c");
    await the.reader.page.click("#tab-table");
    await the.reader.page.click("#table .chip.node");
    assert.match(await the.reader.text("#details"), /Portugal.*capital'Lisbon'/);
    await the.reader.page.keyboard.press("Escape");
    assert.equal(await the.reader.page.$eval("#details", (e) => e.hidden), true);
  });

  test("hostile names and values are text", async () => {
    const hostile = "<img src=x onerror=alert(1)>";
    await the.reader.run(`CREATE (n:\`${hostile}\` {\`__proto__\`: '${hostile}', \`constructor\`: 1, \`<b>\`: ['</td><script>']})-[:\`<i>\`]->(m) RETURN n, n.\`__proto__\` AS \`__proto__\`, '${hostile}' AS \`${hostile}\``);
    await the.reader.page.click("#tab-table");
    await the.reader.page.click("#table .chip.node");
    const details = await the.reader.text("#details");
    assert.ok(details.includes(`__proto__'${hostile}'`), details);
    assert.ok(details.includes("['</td><script>']"));
    assert.deepEqual((await the.reader.rows())[0].slice(1), [`'${hostile}'`, `'${hostile}'`]);
    await the.reader.page.click("#tab-schema");
    await the.reader.waitFor((name) => document.getElementById("panel-schema").textContent.includes(name), hostile);
    assert.equal(await the.reader.page.$("img, #table script, #side script, b, i"), null);
    await the.reader.run(`MATCH (n:\`${hostile}\`)-->(m) DETACH DELETE n, m`);
  });
}

// Plans and the schema.

import assert from "node:assert/strict";
import { test } from "node:test";

export function views(the) {
  const steps = () => the.reader.page.$$eval("#plan .step", (all) => all.map((step) => [step.querySelector(".step-name").textContent, step.querySelector(".step-fact")?.textContent ?? ""]));

  test("Explain shows the plan and its notes, and runs nothing", async () => {
    const { reader } = the;
    await reader.run("MATCH (c:Cuntry) WHERE all(x IN [1]\n  WHERE x > '(' + c.name) CREATE (:Never) RETURN c", "explain");
    await reader.run("MATCH (c:Cuntry {code: 'PT'}) WHERE any(x IN ['(']\n  WHERE x > c.name) RETURN c.name AS name LIMIT 3", "explain");
    assert.equal(await reader.page.$eval("#tab-plan", (tab) => tab.getAttribute("aria-selected")), "true");
    const names = (await steps()).map(([name]) => name);
    assert.equal(names.at(-1), "Limit");
    assert.ok(names.includes("LabelScan") && names.includes("Filter"), names.join());
    assert.match(await reader.text("#plan .plan-notes"), /label Cuntry; did you mean Country\?/);
    await reader.run("MATCH (n:Never) RETURN count(n) AS n");
    assert.deepEqual(await reader.rows(), [["0"]]);
  });

  test("Profile shows the rows of each step, those of inner plans indented", async () => {
    const { reader } = the;
    await reader.run("MATCH (c:Country)-[:BORDERS]->(n) WHERE n.landlocked RETURN c.name AS name, count { (n)-[:SPEAKS]->() } AS n ORDER BY name", "profile");
    const all = await steps();
    assert.deepEqual(all.find(([name]) => name === "Expand"), ["Expand", "318 rows"]);
    const widest = await reader.page.$$eval("#plan .share", (bars) => bars.map((bar) => bar.style.width));
    assert.ok(widest.includes("100%"));
    assert.equal(await reader.page.evaluate(() => document.getElementById("plan").scrollWidth <= document.getElementById("plan").clientWidth), true);
    await reader.run("MATCH (c:Country) CALL { WITH c MATCH (c)-[:IN]->(k) RETURN k LIMIT 1 } RETURN count(k) AS n", "profile");
    assert.ok((await reader.page.$$("#plan .steps .steps .step")).length >= 2, "an inner plan");
  });

  test("an error of an explained query is marked where it was written", async () => {
    const { reader } = the;
    await reader.run("MATCH (n)\nRETURN m", "explain");
    assert.match(await reader.text(".problem .code"), /SyntaxError/);
    assert.equal(await reader.page.evaluate(() => document.getElementById("editor").shadowRoot.querySelector(".cm-wrong")?.textContent), "m");
  });

  test("the schema has labels with properties and their types, and a click asks", async () => {
    const { reader } = the;
    await reader.page.click("#tab-schema");
    await reader.page.click("[aria-label='Properties of Country']");
    await reader.waitFor(() => /capitalstring/.test(document.querySelector("#panel-schema .nested").textContent));
    assert.match(await reader.text("#panel-schema .nested"), /landlockedboolean/);
    assert.match(await reader.text("#panel-schema"), /Country \(code\)index range/);
    assert.match(await reader.text("#panel-schema"), /Country \(code\)uniqueness/);
    await reader.page.evaluate(() => (document.getElementById("summary").textContent = ""));
    await reader.page.click("#panel-schema .nested .entry");
    await reader.waitFor(() => document.getElementById("summary").textContent);
    assert.match(await reader.written(), /n\.capital AS value, count\(\*\) AS nodes/);
    assert.equal((await reader.rows()).length, 50);
  });

  test("the drawn schema asks too, by keyboard", async () => {
    const { reader } = the;
    await reader.page.click("#draw-schema");
    await reader.page.waitForSelector(".schema-drawing");
    assert.equal((await reader.page.$$(".schema-label")).length, 3);
    assert.deepEqual((await reader.page.$$eval(".schema-type", (all) => all.map((e) => e.getAttribute("aria-label")))).sort(), ["BORDERS from Country to Country", "IN from Country to Continent", "SPEAKS from Country to Language"]);
    await reader.page.evaluate(() => {
      document.getElementById("summary").textContent = "";
      document.querySelector("[aria-label='SPEAKS from Country to Language']").focus();
    });
    await reader.page.keyboard.press("Enter");
    await reader.waitFor(() => document.getElementById("summary").textContent);
    assert.match(await reader.written(), /\(a:Country\)-\[r:SPEAKS\]->\(b:Language\)/);
    assert.match(await reader.text("#summary"), /^100 rows/);
    await reader.page.click("#tab-queries");
  });
}

// The drawn graph: by keyboard, its menu, its looks, and its work.

import assert from "node:assert/strict";
import { test } from "node:test";

export function drawnGraph(the) {
  const legend = () => the.reader.text("#legend");
  const said = () => the.reader.text("#graph-said");
  const items = () => the.reader.page.$$eval(".menu [role=menuitem]", (all) => all.map((item) => item.textContent));

  /** Portugal, drawn alone and selected by keyboard. */
  async function portugal() {
    const { reader } = the;
    await reader.run("MATCH (c:Country {code: 'PT'}) RETURN c");
    await reader.rest();
    await reader.page.focus("#canvas");
    await reader.page.keyboard.press("ArrowRight");
    await reader.waitFor(() => /^Portugal/.test(document.getElementById("graph-said").textContent));
  }

  test("a node is expanded, collapsed, hidden and pinned by keyboard", async () => {
    const { reader } = the;
    const { keyboard } = reader.page;
    await portugal();
    await keyboard.press("e");
    await reader.waitFor(() => /Language/.test(document.getElementById("legend").textContent));
    assert.match(await legend(), /Country2.*Language1.*Continent1|Country2.*Continent1.*Language1/);
    await reader.rest();
    await keyboard.press("p");
    assert.equal(await said(), "Portugal is pinned");
    await keyboard.press("p");
    assert.equal(await said(), "Portugal is free");
    await keyboard.press("c");
    await reader.waitFor(() => /Show 3 hidden nodes/.test(document.getElementById("legend").textContent));
    await reader.page.click("#show-hidden");
    await reader.waitFor(() => !document.getElementById("show-hidden"));
    await keyboard.press("h");
    await reader.waitFor(() => /Show 1 hidden node$/.test(document.getElementById("legend").textContent));
    assert.match(await legend(), /Country1/);
  });

  test("the menu offers neighbours by type", async () => {
    const { reader } = the;
    await portugal();
    await reader.page.keyboard.press("m");
    await reader.page.waitForSelector(".menu");
    assert.deepEqual(await items(), ["Show its neighbours3", "← BORDERS1", "IN →1", "SPEAKS →1", "Collapse", "HideH", "PinP", "Details↵"]);
    await reader.page.keyboard.press("ArrowDown");
    await reader.page.keyboard.press("Enter");
    await reader.waitFor(() => /Country2/.test(document.getElementById("legend").textContent));
    assert.doesNotMatch(await legend(), /Language/);
    assert.equal(await reader.page.evaluate(() => document.activeElement.id), "canvas", "the focus is back");
    await reader.page.keyboard.press("m");
    await reader.page.waitForSelector(".menu");
    await reader.page.keyboard.press("Escape");
    assert.equal(await reader.page.$(".menu"), null);
  });

  test("a label's colour, size and caption are chosen in the legend and kept", async () => {
    const { reader } = the;
    const look = () => reader.page.evaluate(() => JSON.parse(localStorage.getItem("pocketgraph.looks")));
    await reader.run("MATCH (k:Continent)<-[r:IN]-(c {code: 'PT'}) RETURN k, r, c");
    await reader.rest();
    await reader.page.$$eval(".legend-edit", (all) => all.find((e) => e.textContent.startsWith("Continent")).click());
    await reader.page.click("#look-colour-4");
    await reader.page.select("#look-size", "large");
    await reader.page.select("#look-caption", "label");
    assert.deepEqual(await look(), [["Continent", { colour: 4, size: "large", caption: "label" }]]);
    assert.equal(await reader.page.$$eval(".legend-edit", (all) => getComputedStyle(all.find((e) => e.textContent.startsWith("Continent")).querySelector(".dot")).backgroundColor), "rgb(147, 56, 107)");
    await reader.page.click("#look-reset");
    assert.deepEqual(await look(), []);
    await reader.page.$$eval(".legend-edit[aria-expanded=true]", (all) => all.forEach((e) => e.click()));
  });
}

/** What a large graph costs, counted; Chromium only. */
export function largeGraph(the) {
  test("5,000 nodes: the layout runs in its worker, and the pointer over the graph draws nothing anew", async () => {
    const { reader } = the;
    const { page } = reader;
    await reader.run("MATCH (n:Dot) DETACH DELETE n");
    await reader.run("UNWIND range(0, 4999) AS i CREATE (:Dot {i: i})");
    await reader.run("CREATE INDEX dots FOR (d:Dot) ON (d.i)");
    await reader.run("UNWIND range(0, 4999) AS i MATCH (a:Dot {i: i}), (b:Dot {i: (i * 7 + 1) % 5000}) CREATE (a)-[:NEAR]->(b)");
    const counted = await page.evaluate(() => {
      globalThis.draws = 0;
      globalThis.places = 0;
      for (const kind of ["drawArrays", "drawArraysInstanced", "drawElements"]) {
        const original = WebGL2RenderingContext.prototype[kind];
        WebGL2RenderingContext.prototype[kind] = function (...args) {
          globalThis.draws++;
          return original.apply(this, args);
        };
      }
      const original = Worker.prototype.addEventListener;
      Worker.prototype.addEventListener = function (type, listener, ...rest) {
        return original.call(this, type, type === "message" ? Object.assign((event) => (event.data.places && globalThis.places++, listener(event))) : listener, ...rest);
      };
      return performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/layout.js"));
    });
    assert.equal(counted, true, "the layout has its own worker");
    await reader.run("MATCH (a:Dot)-[r:NEAR]->(b) RETURN a, r, b");
    await reader.rest();
    await page.waitForFunction(() => /Dot5,000/.test(document.getElementById("legend").textContent));
    const after = await page.evaluate(() => ({ draws: globalThis.draws, places: globalThis.places }));
    // One drawing for each answer of the layout, and few for the beginning and the end:
    // of nodes, edges and their picking, some calls each.
    assert.ok(after.places >= 1 && after.places <= 200, `${after.places} answers of the layout, one for at most each iteration`);
    assert.ok(after.draws <= 8 * (after.places + 10), `${after.draws} draw calls for ${after.places} answers`);
    const box = await (await page.$("#canvas")).boundingBox();
    for (let i = 0; i < 40; i++) await page.mouse.move(box.x + box.width / 2 + 4 * i, box.y + box.height / 2);
    const hovered = await page.evaluate(() => globalThis.draws);
    assert.ok(hovered - after.draws <= 2 * 40, `${hovered - after.draws} draw calls while the pointer moved: at most the ring around a node`);
    await reader.run("MATCH (n:Dot) DETACH DELETE n");
    await reader.run("DROP INDEX dots");
  });
}

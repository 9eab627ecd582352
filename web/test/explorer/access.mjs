// The tour, and what axe finds in every main state, in both themes; Chromium only.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe complains about, in words. */
async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // Without preload it fetches no style sheets, which the policy would have to allow.
    const { violations, passes } = await globalThis.axe.run(document, { preload: false, resultTypes: ["violations"] });
    if (passes.length === 0) return ["axe looked at nothing"];
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`));
  });
}

export function accessible(the) {
  test("the tour goes by keyboard, can be skipped, and is offered once", async () => {
    const { page } = the.reader;
    await the.reader.run("MATCH (a:Country {code: 'PT'})-[r]-(b) RETURN a, r, b");
    await the.reader.rest();
    await page.focus("#help");
    await page.keyboard.press("Enter");
    const steps = [];
    for (let i = 0; i < 10 && (await page.$(".tour")); i++) {
      steps.push(await the.reader.text(".tour h2"));
      if (i === 0) assert.deepEqual(await violations(page), []);
      await page.keyboard.press("Enter");
    }
    assert.equal(steps.length, 6, steps.join());
    assert.equal(steps[0], "Ask in Cypher");
    assert.equal(await page.evaluate(() => document.activeElement.id), "help", "the focus is back");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    assert.equal(await the.reader.text(".tour h2"), steps[1]);
    await page.keyboard.press("Escape");
    assert.equal(await page.$(".tour"), null);
    assert.equal(await page.evaluate(() => localStorage.getItem("pocketgraph.tour")), "true");
  });

  const states = {
    graph: async ({ reader, page }) => {
      await reader.run("MATCH (a:Country {code: 'PT'})-[r]-(b) RETURN a, r, b");
      await reader.rest();
      await page.$$eval(".legend-edit", (all) => all[0].click());
    },
    details: async ({ reader, page }) => {
      await page.$$eval(".legend-edit[aria-expanded=true]", (all) => all[0].click());
      await page.click("#tab-table");
      await page.click("#table .chip.node");
      await page.click("#node-menu");
      await page.waitForSelector(".menu");
    },
    table: async ({ reader, page }) => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await reader.run("MATCH (c:Country) RETURN c, c.name AS name, 1 AS one, null AS nothing LIMIT 8");
      await page.click("#tab-table");
    },
    plan: ({ reader }) => reader.run("MATCH (c:Cuntry)-[:BORDERS]->(n) RETURN n.name, count(*)", "profile"),
    schema: async ({ page }) => {
      await page.click("#tab-schema");
      await page.click("#draw-schema");
      await page.waitForSelector(".schema-drawing");
    },
    store: async ({ reader, page }) => {
      await page.click("#tab-store");
      await reader.waitFor(() => document.getElementById("check"));
    },
    diagnostics: async ({ reader, page }) => {
      // In one step: the panel is drawn anew when the store's figures come.
      await reader.waitFor(() => document.querySelector("#diagnostics:not(:disabled)"));
      await page.$eval("#diagnostics", (button) => button.click());
      await page.waitForSelector(".diagnostics");
    },
    problem: async ({ reader, page }) => {
      await page.keyboard.press("Escape");
      await reader.run("MATCH (n)\nRETURN m");
    },
    dialog: async ({ page }) => {
      await page.click("#tab-queries");
      await page.click("#save");
    },
    import: async ({ page }) => {
      await page.keyboard.press("Escape");
      const path = join(the.files, "people.csv");
      writeFileSync(path, "name,born\nAda,1815\nGrace,\n");
      await (await page.$("#file")).uploadFile(path);
      await page.waitForSelector("dialog .preview table");
    },
    "a phone": async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.setViewport({ width: 390, height: 800 });
    },
    "a phone's menu": async ({ page }) => {
      await page.click("#menu");
      await new Promise((slid) => setTimeout(slid, 400));
    },
  };
  for (const [name, reach] of Object.entries(states)) {
    test(`axe finds nothing wrong: ${name}`, async () => {
      const { reader } = the;
      const { page } = reader;
      await reach({ reader, page });
      for (const scheme of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
        assert.deepEqual(await violations(page), [], scheme);
      }
    });
  }

  test("nothing moves for who wants no motion, and the window is as it was", async () => {
    const { page } = the.reader;
    const moving = await page.evaluate(() => document.getAnimations().length);
    assert.equal(moving, 0);
    await page.emulateMediaFeatures([]);
    await page.keyboard.press("Escape");
    await page.setViewport({ width: 1280, height: 800 });
  });
}

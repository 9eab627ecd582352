// Makes the pictures of the explorer in docs/images, each in one theme: the
// graph in both, a profile, the schema, the panel of the store.
//
//   node explorer/screenshots.mjs

import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../test/browsers.mjs";
import { visit } from "../test/explorer/reader.mjs";
import { buildExplorer } from "./build.mjs";
import { serveExplorer } from "./serve.mjs";

const largest = 300_000; // bytes of a picture in the repository
const out = join(dirname(fileURLToPath(import.meta.url)), "../../docs/images");

await buildExplorer();
mkdirSync(out, { recursive: true });
const server = await serveExplorer();
const browser = await launch("chromium");
try {
  const reader = await visit(browser, server.url);
  const { page } = reader;
  await page.click("#notices .icon");
  await reader.rest();
  await picture(page, "light");

  await reader.run("// Which neighbours of landlocked countries speak what?\nMATCH (c:Country {landlocked: true})-[:BORDERS]-(n)-[:SPEAKS]->(l:Language)\nWHERE NOT n.landlocked\nRETURN l.name AS language, count(DISTINCT c) AS countries\nORDER BY countries DESC LIMIT 10", "profile");
  await picture(page, "plan");

  await page.click("#tab-schema");
  await page.click("[aria-label='Properties of Country']");
  await page.click("#draw-schema");
  await page.waitForSelector(".schema-drawing");
  await picture(page, "schema");

  await page.click("#theme");
  await page.click("#tab-store");
  await reader.waitFor(() => document.getElementById("check"));
  await ask(reader, "Every shortest way");
  await picture(page, "store");

  await page.click("#tab-queries");
  await ask(reader, "South America");
  await picture(page, "dark");
} finally {
  await browser.close();
  await server.close();
}

/** One of the examples, until its graph rests. */
async function ask(reader, beginning) {
  await reader.page.evaluate((beginning) => {
    document.getElementById("summary").textContent = "";
    [...document.querySelectorAll("#examples button")].find((example) => example.textContent.startsWith(beginning)).click();
  }, beginning);
  await reader.waitFor(() => document.getElementById("summary").textContent && !document.body.classList.contains("busy"));
  await reader.rest();
}

async function picture(page, name) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.mouse.move(640, 790);
  await new Promise((drawn) => setTimeout(drawn, 500));
  const path = join(out, `explorer-${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > largest) throw new Error(`${path} has ${size} bytes, more than ${largest}`);
  console.log(`${path}: ${size} bytes`);
}

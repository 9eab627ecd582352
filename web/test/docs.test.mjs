// The documentation as `make docs` builds it: every page is there, opens as a
// file in Chromium, throws nothing, and every link within it leads somewhere.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { withFigures } from "../bench/readme.mjs";
import { launch } from "./browsers.mjs";
import { web } from "./fixture.mjs";

const timeout = 300_000;
let site, pages;
before(() => {
  site = mkdtempSync(join(tmpdir(), "pocketgraph-docs-"));
  execFileSync(process.execPath, [join(web, "node_modules/typedoc/bin/typedoc"), "--logLevel", "Error", "--out", site], { cwd: web, stdio: ["ignore", "inherit", "inherit"], timeout });
  pages = readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html"));
}, { timeout });
after(() => site && rmSync(site, { recursive: true, force: true }));

test("every page of docs/ and every entry is in it", () => {
  const documents = readdirSync(join(web, "../docs")).filter((name) => name.endsWith(".md"));
  assert.ok(documents.length > 10);
  const titles = pages.map((name) => /<h1[^>]*>(.*?)<(?:a |\/h1)/.exec(readFileSync(join(site, name), "utf8"))?.[1]);
  for (const name of documents) assert.ok(titles.includes(/^# (.+)$/m.exec(readFileSync(join(web, "../docs", name), "utf8"))[1]), name);
  for (const entry of ["", "_neo4j", "_react", "_vue", "_svelte", "_graphology", "_cytoscape", "_esbuild", "_rollup"]) assert.ok(existsSync(join(site, `modules/pocketgraph${entry}.html`)), entry);
  const front = readFileSync(join(site, "index.html"), "utf8");
  for (const title of ["Guide__the_first_hour", "Recipes", "Language_reference", "Examples", "Errors"]) assert.ok(front.includes(`href="documents/${title}.html`), title);
});

test("the figures in the README are those of docs/performance.md", () => {
  const read = (name) => readFileSync(join(web, "..", name), "utf8");
  assert.equal(read("README.md"), withFigures(read("README.md"), read("docs/performance.md")), "node web/bench/readme.mjs");
});

test("links lead somewhere", () => {
  const lost = [];
  let links = 0;
  for (const name of pages) {
    for (const [, href] of readFileSync(join(site, name), "utf8").matchAll(/(?:href|src)="([^"#?:]+)(?:[?#][^"]*)?"/g)) {
      links++;
      if (!existsSync(join(site, dirname(name), decodeURIComponent(href)))) lost.push(`${name}: ${href}`);
    }
  }
  assert.ok(links > 1000);
  assert.deepEqual([...new Set(lost)].slice(0, 20), []);
});

test("it opens as a file in Chromium", { timeout }, async (t) => {
  const browser = await launch("chromium");
  t.after(() => browser.close());
  const page = await browser.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  for (const name of ["index.html", "interfaces/pocketgraph.Database.html", pages.find((name) => /documents\/.*durability/i.test(name))]) {
    await page.goto(pathToFileURL(join(site, name)).href);
    assert.ok((await page.evaluate(() => document.querySelector(".col-content").innerText)).length > 500, name);
    if (process.env.POCKETGRAPH_SCREENSHOTS) await page.screenshot({ path: join(process.env.POCKETGRAPH_SCREENSHOTS, `${basename(name)}.png`) });
  }
  assert.deepEqual(wrong, []);
});

// Functions and procedures that are registered, and files for LOAD CSV: every
// case of page/functions.js in every browser, under the strict content security
// policy, with the package as npm installs it and through a bundler.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, openApp, serveApp, session, web } from "./fixture.mjs";
import { cases } from "./page/functions.js";

const only = process.env.POCKETGRAPH_CASE;
const chosen = Object.keys(cases).filter((name) => !only || name.includes(only));
const timeout = 120_000;
const routes = {
  "/numbers.csv": (_, response) => response.writeHead(200, { "content-type": "text/csv" }).end("1,one\n".repeat(100_000)),
  "/away.csv": (_, response) => response.writeHead(302, { location: "https://example.invalid/numbers.csv" }).end(),
};

// Northwind's own script and ours, as data_northwind_test.go runs them natively: only the addresses differ.
const data = process.env.POCKETGRAPH_DATA ?? join(web, "../../shared/data");
const skip = existsSync(data) ? false : `no data at ${data} (POCKETGRAPH_DATA names another folder)`;
const scripts = () => [join(data, "northwind/northwind.cypher"), join(web, "../testdata/northwind-more.cypher")];
const statements = () => scripts().flatMap((file) => readFileSync(file, "utf8").split(";\n").map((text) => text.trim()).filter(Boolean));
const northwind = JSON.parse(readFileSync(join(web, "../testdata/northwind.json"), "utf8")).datasets[0];

/** On the page: runs the statements, with files of the page or addresses of this origin, and answers the questions. */
async function runNorthwind(texts, queries, byURL) {
  const db = await globalThis.pg.open(`northwind-${byURL}`, { storage: byURL ? "memory" : "opfs", allowOrigins: byURL ? [location.origin] : undefined });
  let loads = 0;
  for (const text of texts) {
    const names = [];
    const script = text.replace(/(LOAD CSV WITH HEADERS FROM )"[^"]*\/([a-z-]+\.csv)"/g, (_, start, name) => (names.push(name), `${start}"${byURL ? `${location.origin}/data/northwind/` : "file:///"}${name}"`));
    loads += names.length;
    const files = {};
    for (const name of byURL ? [] : names) files[name] = await (await fetch(`/data/northwind/${name}`)).blob();
    await db.query(script, {}, byURL ? {} : { files });
  }
  const answers = [];
  for (const { text, params } of queries) answers.push((await db.query(text, params ?? {}, { rows: "array" })).rows);
  const problems = await db.check();
  await db.close();
  return { loads, answers, problems };
}

let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

for (const browser of browsers) {
  describe(browser, () => {
    let server, here;
    before(async () => {
      server = await serveApp(app, { routes, mounts: skip ? {} : { "/data/": data } });
      here = await session(browser, app, { server, path: "/functions.html" });
    }, { timeout });
    after(async () => {
      await here?.close();
      await server?.close();
    });
    for (const name of chosen) {
      test(name, { timeout }, async () => {
        assert.equal(await here.page.evaluate((n) => globalThis.runCase(n, "memory"), name), "");
      });
    }
    for (const byURL of [false, true]) {
      test(`Northwind by its own LOAD CSV script, from ${byURL ? "an allowed origin" : "files of the page"}`, { timeout, skip }, async () => {
        const { loads, answers, problems } = await here.page.evaluate(runNorthwind, statements(), northwind.queries, byURL);
        assert.ok(loads >= 11, `${loads} files were loaded`);
        assert.deepEqual(problems, []);
        northwind.queries.forEach(({ name, rows }, i) => assert.deepEqual(answers[i], rows, name));
      });
    }
    test("on OPFS, through a bundler", { timeout }, async () => {
      const page = await openApp(here.browser, `${server.url}/bundled/index.html`);
      const found = await page.evaluate(async () => {
        const db = await globalThis.pg.open("bundled-functions", { storage: "opfs" });
        await db.registerFunction("my.slug", "(title :: STRING) :: STRING", { module: "/functions-module.js" });
        await db.registerFunction("my.up", "(text :: STRING) :: STRING", (text) => text.toUpperCase());
        await db.query("LOAD CSV FROM 'x' AS row CREATE (:P {slug: my.slug(row[0]), up: my.up(row[0])})", {}, { files: { x: "A b\n" } });
        const { rows } = await db.query("MATCH (p:P) RETURN p.slug AS slug, p.up AS up");
        await db.close();
        return rows;
      });
      assert.deepEqual(found, [{ slug: "a-b", up: "A B" }]);
      await page.close();
    });
  });
}

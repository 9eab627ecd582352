// Functions and procedures that are registered, and files for LOAD CSV: every
// case of page/functions.js in every browser, under the strict content security
// policy, with the package as npm installs it and through a bundler.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, openApp, serveApp, session } from "./fixture.mjs";
import { cases } from "./page/functions.js";

const only = process.env.POCKETGRAPH_CASE;
const chosen = Object.keys(cases).filter((name) => !only || name.includes(only));
const timeout = 120_000;
const routes = {
  "/numbers.csv": (_, response) => response.writeHead(200, { "content-type": "text/csv" }).end("1,one\n".repeat(100_000)),
  "/away.csv": (_, response) => response.writeHead(302, { location: "https://example.invalid/numbers.csv" }).end(),
};

let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

for (const browser of browsers) {
  describe(browser, () => {
    let server, here;
    before(async () => {
      server = await serveApp(app, { routes });
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

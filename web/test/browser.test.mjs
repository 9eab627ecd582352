// Every case of page/cases.js in every browser, in memory and on OPFS, under
// the strict content security policy; and once more through a bundler.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, openApp, session } from "./fixture.mjs";
import { cases } from "./page/cases.js";

const only = process.env.POCKETGRAPH_CASE; // a part of a case's name, to run that alone
const chosen = Object.keys(cases).filter((name) => !only || name.includes(only));
const timeout = 120_000;

let app;
before(async () => (app = await makeApp()), { timeout });
after(() => app?.remove());

for (const browser of browsers) {
  describe(browser, () => {
    let here;
    before(async () => (here = await session(browser, app)), { timeout });
    after(() => here?.close());
    for (const storage of ["memory", "opfs", "indexeddb"]) {
      for (const name of chosen) {
        if (cases[name].storages && !cases[name].storages.includes(storage)) continue;
        test(`${storage}: ${name}`, { timeout }, async () => {
          assert.equal(await here.page.evaluate((n, s) => globalThis.runCase(n, s), name, storage), "");
        });
      }
    }
    test("bundled by esbuild", { timeout }, async () => {
      const page = await openApp(here.browser, `${here.url}/bundled/index.html`);
      const [first] = Object.keys(cases);
      assert.equal(await page.evaluate((n) => globalThis.runCase(n, "memory"), first), "");
      assert.equal(await page.evaluate((n) => globalThis.runCase(n, "opfs"), "a second opener shares it; who must have the files alone gets LOCKED"), "");
      await page.close();
    });
    test("a reload, and a second tab that cannot find the first and is LOCKED", { timeout }, async () => {
      const write = () => globalThis.pg.open("tabs", { storage: "opfs" }).then((db) => ((globalThis.db = db), db.query("CREATE (n:N) WITH 1 AS x MATCH (n:N) RETURN count(n) AS n"))).then((r) => r.rows[0].n);
      const tab = await openApp(here.browser, `${here.url}/index.html`);
      assert.equal(await tab.evaluate(write), 1);
      const other = await openApp(here.browser, `${here.url}/index.html`);
      await other.evaluate(() => {
        globalThis.BroadcastChannel = undefined; // a browser that has none
      });
      const error = await other.evaluate(() => globalThis.pg.open("tabs", { storage: "opfs" }).catch(({ code, message, hint, holder }) => ({ code, message, hint, holder })));
      assert.equal(error.code, "LOCKED");
      assert.match(error.hint, /tab/);
      assert.match(error.message, /open in another tab: "PocketGraph tests" at \/index.html, since 20\d\d-/);
      assert.deepEqual({ ...error.holder, since: "" }, { here: false, page: "/index.html", title: "PocketGraph tests", since: "" });
      assert.ok(Date.now() - Date.parse(error.holder.since) < timeout);
      await tab.reload(); // nothing was closed in order
      await tab.waitForFunction("globalThis.ready === true");
      assert.equal(await tab.evaluate(write), 2);
      await tab.close();
      assert.equal(await other.evaluate(write), 3);
      await other.close();
    });
  });
}

// Where else a page's code runs: service workers, shared workers, dedicated
// workers, frames, extensions. It works there, or a clear error says why not.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers, launch } from "./browsers.mjs";
import { makeApp, openApp, session } from "./fixture.mjs";
import { serve } from "./server.mjs";

const timeout = 120_000;
const dist = "/node_modules/pocketgraph/dist/index.js";

/** A worker's script: opens a database when it is asked, and says how that ended. */
const worker = (from) => `import { open } from ${JSON.stringify(from)};
const trial = () => open("contexts", { storage: "opfs" }).then(
  async (db) => {
    const { rows } = await db.query("CREATE (:C) WITH 1 AS one MATCH (c:C) RETURN count(c) AS n");
    await db.close();
    return { rows, storage: db.info.storage };
  },
  ({ code, message, hint }) => ({ code, message, hint }),
);
addEventListener("message", async (event) => (event.source ?? self).postMessage(await trial()));
addEventListener("connect", async ({ ports: [port] }) => port.postMessage(await trial()));
globalThis.trial = trial;`;

let app;
before(async () => {
  app = await makeApp();
  writeFileSync(join(app.root, "context.js"), worker(dist));
}, { timeout });
after(() => app?.remove());

/** Run on the page: what the worker of this kind answers. */
const ask = async (kind) => {
  if (kind === "dedicated") {
    const worker = new Worker("/context.js", { type: "module" });
    worker.postMessage("");
    return new Promise((answer) => (worker.onmessage = ({ data }) => answer(data)));
  }
  if (kind === "shared") return new Promise((answer) => (new SharedWorker("/context.js", { type: "module" }).port.onmessage = ({ data }) => answer(data)));
  const registration = await navigator.serviceWorker.register("/context.js", { type: "module" });
  const active = () => registration.active ?? new Promise((ready) => (registration.installing ?? registration.waiting).addEventListener("statechange", ({ target }) => target.state === "activated" && ready(target)));
  const answer = new Promise((answer) => navigator.serviceWorker.addEventListener("message", ({ data }) => answer(data)));
  navigator.serviceWorker.startMessages();
  (await active()).postMessage("");
  return answer;
};

for (const browser of browsers) {
  describe(browser, () => {
    let here;
    before(async () => (here = await session(browser, app)), { timeout });
    after(() => here?.close());

    test("a dedicated worker", { timeout }, async () => {
      assert.deepEqual(await here.page.evaluate(ask, "dedicated"), { rows: [{ n: 1 }], storage: "opfs" });
    });

    // Firefox 128 and on has no module service workers: what they cannot load needs no error of ours.
    for (const kind of browser === "chromium" ? ["service", "shared"] : ["shared"]) {
      test(`a ${kind} worker, which says why not where it has no workers`, { timeout }, async () => {
        const answer = await here.page.evaluate(ask, kind);
        if (answer.rows) return assert.equal(answer.storage, "opfs");
        assert.equal(answer.code, "NO_WORKER", JSON.stringify(answer));
        assert.match(answer.hint, /from a page/);
      });
    }

    test("a frame", { timeout }, async (t) => {
      const server = await serve(app.root); // without the policy of the others, which allows no frames
      t.after(() => server.close());
      const page = await openApp(here.browser, `${server.url}/index.html`);
      const opened = await page.evaluate(async () => {
        const frame = document.createElement("iframe");
        frame.src = "/index.html?frame";
        document.body.append(frame);
        while (!frame.contentWindow.pg) await new Promise((later) => setTimeout(later, 20));
        const db = await frame.contentWindow.pg.open("frame", { storage: "opfs" });
        const { rows } = await db.query("RETURN $list AS list", { list: [{ of: "another realm" }] });
        await db.close();
        return rows;
      }).catch((error) => String(error));
      assert.deepEqual(opened, [{ list: [{ of: "another realm" }] }]);
      await page.close();
    });
  });
}

if (browsers.includes("chromium")) {
  test("an extension: its pages have databases, its service worker says why not", { timeout }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "pocketgraph-extension-"));
    cpSync(join(app.root, "node_modules/pocketgraph/dist"), join(folder, "pocketgraph"), { recursive: true });
    mkdirSync(join(folder, "page"));
    const manifest = {
      manifest_version: 3,
      name: "PocketGraph",
      version: "1",
      background: { service_worker: "background.js", type: "module" },
      content_security_policy: { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" },
    };
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "background.js"), worker("./pocketgraph/index.js"));
    writeFileSync(join(folder, "page/page.js"), worker("../pocketgraph/index.js"));
    writeFileSync(join(folder, "page/page.html"), '<!doctype html><title>Extension</title><script type="module" src="page.js"></script>');
    const browser = await launch("chromium", { extension: folder });
    t.after(() => browser.close().finally(() => rmSync(folder, { recursive: true, force: true })));
    const target = await browser.waitForTarget((target) => target.type() === "service_worker", { timeout: 30_000 });
    const background = await target.worker();
    while (!(await background.evaluate(() => !!globalThis.trial))) await new Promise((later) => setTimeout(later, 50)); // its module may still be loading
    const refused = await background.evaluate(() => globalThis.trial());
    assert.equal(refused.code, "NO_WORKER", JSON.stringify(refused));
    const page = await browser.newPage();
    await page.goto(new URL("/page/page.html", target.url()).href);
    await page.waitForFunction("globalThis.trial");
    const opened = await page.evaluate(() => globalThis.trial());
    assert.deepEqual(opened, { rows: [{ n: 1 }], storage: "opfs" });
  });
}

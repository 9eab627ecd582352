// Where worker and WebAssembly come from: each way to say so works where the
// files are not beside the module, and nothing else is asked for.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, openApp, serveApp, session } from "./fixture.mjs";

const timeout = 120_000;
let app, worker, wasm;
before(async () => {
  app = await makeApp();
  const dist = join(app.root, "node_modules/pocketgraph/dist");
  [worker, wasm] = ["worker.js", "pocketgraph.wasm"].map((name) => readFileSync(join(dist, name)));
}, { timeout });
after(() => app?.remove());

/** On the page: opens in one of the ways and asks something; an error comes back as its code. */
const ways = {
  "strings relative to the page": () => ({ workerURL: "elsewhere/engine.js", wasmURL: "elsewhere/engine.wasm" }),
  "absolute paths": () => ({ workerURL: "/elsewhere/engine.js", wasmURL: "/elsewhere/engine.wasm" }),
  "URL objects": () => ({ workerURL: new URL("/elsewhere/engine.js", location.href), wasmURL: new URL("/elsewhere/engine.wasm", location.href) }),
  "a worker of one's own": () => ({ createWorker: () => new Worker("/elsewhere/engine.js", { type: "module" }), wasmURL: "/elsewhere/engine.wasm" }),
  "a compiled module": async () => ({ workerURL: "/elsewhere/engine.js", wasmModule: await WebAssembly.compileStreaming(fetch("/elsewhere/engine.wasm")) }),
};

for (const browser of browsers) {
  describe(browser, () => {
    let server, here, asked;
    before(async () => {
      const send = (bytes, type) => (request, response) => {
        asked.push(request.url);
        // Not kept: a copy that the browser has is taken without asking.
        response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(bytes);
      };
      const missing = (request, response) => {
        asked.push(request.url);
        response.writeHead(404).end();
      };
      const routes = {
        "/elsewhere/engine.js": send(worker, "text/javascript"),
        "/elsewhere/engine.wasm": send(wasm, "application/wasm"),
        "/node_modules/pocketgraph/dist/worker.js": missing,
        "/node_modules/pocketgraph/dist/pocketgraph.wasm": missing,
      };
      asked = [];
      server = await serveApp(app, { routes });
      here = await session(browser, app, { server });
    }, { timeout });
    after(async () => {
      await here?.close();
      await server?.close();
    });

    for (const [name, options] of Object.entries(ways)) {
      test(name, { timeout }, async () => {
        const page = await openApp(here.browser, `${server.url}/index.html`);
        asked.length = 0;
        const answer = await page.evaluate(async (source) => {
          const { open, list, destroy } = globalThis.pg;
          const options = { storage: "opfs", ...(await (0, eval)(source)()) };
          const db = await open("assets", options);
          const { rows } = await db.query("RETURN 1 AS x");
          await db.close();
          const listed = await list(options);
          await destroy("assets", options);
          return { rows, listed };
        }, `(${options})`).catch((error) => ({ error: String(error) }));
        assert.deepEqual(answer, { rows: [{ x: 1 }], listed: [{ name: "assets", storage: "opfs" }] });
        assert.deepEqual([...new Set(asked)].sort(), ["/elsewhere/engine.js", "/elsewhere/engine.wasm"]);
        await page.close();
      });
    }

    test("without a word they are sought beside the module", { timeout }, async () => {
      asked.length = 0;
      const code = await here.page.evaluate(() => globalThis.pg.open("assets", { storage: "memory" }).then(() => "opened", ({ code }) => code));
      assert.equal(code, "WORKER_FAILED");
      assert.ok(asked.includes("/node_modules/pocketgraph/dist/worker.js"), `${asked}`);
    });
  });
}

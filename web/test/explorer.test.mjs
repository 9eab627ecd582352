// The explorer as a reader uses it, in real browsers, under its strict policy.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildExplorer } from "../explorer/build.mjs";
import { serveExplorer } from "../explorer/serve.mjs";
import { browsers, launch } from "./browsers.mjs";
import { accessible } from "./explorer/access.mjs";
import { asking } from "./explorer/asking.mjs";
import { drawnGraph, largeGraph } from "./explorer/graph.mjs";
import { importing } from "./explorer/import.mjs";
import { liveQueries } from "./explorer/live.mjs";
import { living } from "./explorer/living.mjs";
import { withoutNetwork } from "./explorer/offline.mjs";
import { queries } from "./explorer/queries.mjs";
import { visit } from "./explorer/reader.mjs";
import { views } from "./explorer/views.mjs";

let server;
before(async () => {
  await buildExplorer({ pkg: !process.env.POCKETGRAPH_BUILT });
  server = await serveExplorer();
}, { timeout: 180_000 });
after(() => server?.close());

for (const name of browsers) {
  describe(`explorer in ${name}`, () => {
    const the = { name, files: mkdtempSync(join(tmpdir(), "pocketgraph-explorer-")) };
    before(async () => {
      the.url = server.url;
      the.browser = await launch(name);
      the.reader = await visit(the.browser, the.url);
    }, { timeout: 120_000 });
    after(async () => {
      await the.browser?.close();
      rmSync(the.files, { recursive: true, force: true });
    });

    asking(the);
    queries(the);
    views(the);
    drawnGraph(the);
    liveQueries(the);
    importing(the);
    if (name === "chromium") {
      largeGraph(the);
      accessible(the);
      withoutNetwork(the);
    }
    living(the);

    test("no policy violation and no complaint in the console", async () => {
      assert.deepEqual(await the.reader.page.evaluate(() => globalThis.violations), []);
      assert.deepEqual(the.reader.complaints, []);
    });
  });
}

// Installed and without a network, on a server of its own; Chromium only.

import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildServiceWorker, dist, keptFiles } from "../../explorer/build.mjs";
import { serveExplorer } from "../../explorer/serve.mjs";
import { visit } from "./reader.mjs";

export function withoutNetwork(the) {
  test("the page opens and answers after its server has stopped, and takes a new version when it is told to", async () => {
    let server = await serveExplorer();
    const port = Number(new URL(server.url).port);
    const style = join(dist, "style.css");
    const before = readFileSync(style);
    const reader = await visit(the.browser, server.url);
    const { page } = reader;
    try {
      await reader.waitFor(() => navigator.serviceWorker.controller?.state === "activated");
      assert.deepEqual(await kept(page), expected(), "exactly the built files");

      await server.close();
      await page.reload();
      await reader.waitFor(() => document.documentElement.dataset.ready === "true");
      await reader.run("MATCH (c:Country) RETURN count(c) AS n");
      assert.deepEqual(await reader.rows(), [["197"]]);

      appendFileSync(style, "/* new */");
      await buildServiceWorker();
      server = await serveExplorer(port);
      assert.equal(server.url, `http://127.0.0.1:${port}/`);
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
      await page.waitForSelector("#reload");
      assert.doesNotMatch(await page.evaluate(async () => (await fetch("style.css")).text()), /new \*\/$/, "not before it is told to");
      await page.evaluate(() => document.documentElement.removeAttribute("data-ready"));
      await page.click("#reload");
      await reader.waitFor(() => document.documentElement.dataset.ready === "true");
      assert.match(await page.evaluate(async () => (await fetch("style.css")).text()), /new \*\/$/);
      assert.deepEqual(await kept(page), expected(), "what is old is gone");
    } finally {
      await page.close();
      await server.close();
      writeFileSync(style, before);
      await buildServiceWorker();
    }
  });

  test("the browser finds nothing that keeps the page from being installed", async () => {
    const session = await the.reader.page.createCDPSession();
    const { errors, data } = await session.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const { icons, name } = JSON.parse(data);
    assert.equal(name, "PocketGraph explorer");
    for (const { src, sizes, type } of icons) {
      const size = await the.reader.page.evaluate(async (src) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        return `${image.naturalWidth}x${image.naturalHeight}`;
      }, src);
      if (type === "image/png") assert.equal(size, sizes, src);
    }
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    assert.deepEqual(installabilityErrors, []);
    await session.detach();
  });
}

/** Paths and sums that the page's cache has. */
const kept = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await (await caches.open(names[0])).keys();
    return { caches: names.length, files: Object.fromEntries(requests.map(({ url }) => [new URL(url).pathname.slice(1), new URL(url).searchParams.get("sha256")]).sort()) };
  });

const expected = () => ({ caches: 1, files: Object.fromEntries(Object.entries(keptFiles()).sort()) });

// The app of docs/without-the-package.md, as it stands there: the object
// globalThis.pocketgraph and nothing of the package.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildPackage } from "../scripts/build.mjs";
import { browsers, launch } from "./browsers.mjs";
import { web } from "./fixture.mjs";
import { serve } from "./server.mjs";

const timeout = 120_000;
let root;
before(async () => {
  if (!process.env.POCKETGRAPH_BUILT) await buildPackage();
  root = mkdtempSync(join(tmpdir(), "pocketgraph-bare-"));
  const page = readFileSync(join(web, "../docs/without-the-package.md"), "utf8");
  const files = [...page.matchAll(/`([\w.]+)`:\n\n```\w+\n([^]*?)```/g)];
  assert.deepEqual(files.map(([, name]) => name), ["index.html", "worker.js"], "the files on the page");
  for (const [, name, text] of files) writeFileSync(join(root, name), text);
  cpSync(join(web, "dist/pocketgraph.wasm"), join(root, "pocketgraph.wasm"));
  const goroot = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  cpSync(join(goroot, "lib/wasm/wasm_exec.js"), join(root, "wasm_exec.js"));
}, { timeout });
after(() => root && rmSync(root, { recursive: true, force: true }));

for (const name of browsers) {
  describe(name, () => {
    let server, browser;
    before(async () => {
      server = await serve(root);
      browser = await launch(name);
    }, { timeout });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    test("the page of the docs runs, and says what it promises", { timeout }, async () => {
      const page = await browser.newPage();
      const said = async () => {
        await page.goto(`${server.url}/index.html`);
        await page.waitForFunction(() => /"done"|"message"/.test(document.getElementById("out").textContent), { timeout });
        return (await page.evaluate(() => document.getElementById("out").textContent)).trim().split("\n").map((line) => JSON.parse(line));
      };
      assert.deepEqual(await said(), [
        { storage: "opfs", sequence: 0 },
        { columns: ["p", "born"], labels: ["Person"], properties: { name: "Ada", born: 1815 }, born: 1815, writes: false },
        { snapshot: true },
        { clean: true, fromSnapshot: 1, fromLog: 1 },
        ["Ada", "Charles"],
        { code: "CLOSED" },
        "done",
      ]);
      const [again] = await said(); // the store is there now
      assert.equal(again.code, "EXISTS");
      await page.close();
    });
  });
}

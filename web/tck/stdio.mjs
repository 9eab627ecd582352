#!/usr/bin/env node
// The stdio protocol (docs/stdio.md: query, reset, procedure) answered by a page
// in Chromium that has the built package: what drives `pocketgraph stdio`
// natively drives the npm package through this.
//
//   node web/tck/stdio.mjs        one request a line in, one answer a line out
//
// dist/ must have been built. Standard error tells what goes wrong in the page.

import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launch } from "../test/browsers.mjs";
import { serve, strictPolicy } from "../test/server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const server = await serve(here, {
  mounts: { "/dist/": join(dirname(here), "dist") },
  headers: { "content-security-policy": strictPolicy },
});
const browser = await launch("chromium");
let ended = false;
async function end() {
  if (ended) return;
  ended = true;
  await browser.close();
  await server.close();
}
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => end().then(() => process.exit(1)));

try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`page: ${error.stack ?? error}`));
  await page.goto(`${server.url}/index.html`);
  await page.waitForFunction("globalThis.ready === true");
  const answer = await page.evaluateHandle("globalThis.answer");
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    process.stdout.write(`${await answer.evaluate((ask, request) => ask(request), line)}\n`);
  }
} finally {
  await end();
}

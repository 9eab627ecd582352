// Makes the pictures of the README: docs/images/explorer-light.png and -dark.png.
//
//   node explorer/screenshots.mjs

import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../test/browsers.mjs";
import { buildExplorer } from "./build.mjs";
import { serveExplorer } from "./serve.mjs";

const largest = 300_000; // bytes of a picture in the repository
const out = join(dirname(fileURLToPath(import.meta.url)), "../../docs/images");

await buildExplorer();
mkdirSync(out, { recursive: true });
const server = await serveExplorer();
const browser = await launch("chromium");
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(server.url);
  await page.waitForFunction("document.documentElement.dataset.ready === 'true'");
  await page.click("#notices .icon");
  await picture(page, "light");
  await page.click("#theme");
  await page.click("#tab-store");
  await page.evaluate(() => [...document.querySelectorAll("#examples button")].find((b) => b.textContent.startsWith("South America")).click());
  await page.waitForFunction(() => /Language/.test(document.getElementById("legend").textContent));
  await picture(page, "dark");
} finally {
  await browser.close();
  await server.close();
}

async function picture(page, name) {
  await new Promise((settled) => setTimeout(settled, 2_500)); // the layout moves for a while
  const path = join(out, `explorer-${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > largest) throw new Error(`${path} has ${size} bytes, more than ${largest}`);
  console.log(`${path}: ${size} bytes`);
}

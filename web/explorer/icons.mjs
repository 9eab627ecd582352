// Makes the icons of the installed page from icon.svg: explorer/icons/*.png.
//
//   node explorer/icons.mjs

import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../test/browsers.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const icon = readFileSync(join(here, "icon.svg"), "utf8");
const ground = /<rect[^>]*fill="(#[0-9a-f]+)"/.exec(icon)[1];

mkdirSync(join(here, "icons"), { recursive: true });
const browser = await launch("chromium");
try {
  const page = await browser.newPage();
  await draw(page, "192.png", 192, 1);
  await draw(page, "512.png", 512, 1);
  await draw(page, "180.png", 180, 0.8, ground); // for iOS, which cuts the corners itself
  await draw(page, "maskable-512.png", 512, 0.74, ground); // the circle that no launcher cuts is 80 % wide
} finally {
  await browser.close();
}

/** The icon, `share` as wide as the picture, on `background`. */
async function draw(page, name, size, share, background = "transparent") {
  await page.setViewport({ width: size, height: size });
  await page.setContent(`<style>body{margin:0;height:100vh;display:grid;place-items:center;background:${background}}svg{width:${100 * share}vw}</style>${icon}`);
  await page.screenshot({ path: join(here, "icons", name), omitBackground: true });
}

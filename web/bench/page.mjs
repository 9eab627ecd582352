// The benchmark page on the installed package, in one browser.

import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeApp, session } from "../test/fixture.mjs";

/** Runs fn(page) on the benchmark page and cleans up. */
export async function onPage(browser, fn) {
  const app = await makeApp();
  try {
    cpSync(join(dirname(fileURLToPath(import.meta.url)), "page"), join(app.root, "bench"), { recursive: true });
    const here = await session(browser, app, { path: "/bench/index.html" });
    try {
      return await fn(here.page);
    } finally {
      await here.close();
    }
  } finally {
    app.remove();
  }
}

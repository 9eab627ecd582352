// An empty app with the package in it as a user gets it: packed by npm pack,
// installed from the tarball, and served by a plain static server.

import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPackage } from "../scripts/build.mjs";
import { launch } from "./browsers.mjs";
import { serve, strictPolicy } from "./server.mjs";

export const web = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = (cwd, ...args) => execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The tarball, packed once in a process. */
let packed;

export function tarball() {
  if (packed) return packed;
  const out = mkdtempSync(join(tmpdir(), "pocketgraph-pack-"));
  process.on("exit", () => rmSync(out, { recursive: true, force: true }));
  const [{ filename }] = JSON.parse(npm(web, "pack", "--json", "--pack-destination", out));
  return (packed = join(out, filename));
}

/** Packs the package and installs the tarball in a folder with a package.json, which stays as it is. */
export function installPacked(folder) {
  npm(folder, "install", "--no-save", "--offline", "--no-audit", "--no-fund", tarball());
}

/** Builds (unless POCKETGRAPH_BUILT says that is done), packs and installs. Returns {root, remove}. */
export async function makeApp() {
  if (!process.env.POCKETGRAPH_BUILT) await buildPackage();
  const root = mkdtempSync(join(tmpdir(), "pocketgraph-app-"));
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  installPacked(root);
  cpSync(join(web, "test/page"), root, { recursive: true });
  await bundleApp(root);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** The same app through a bundler: one script, and the files it and the worker load beside it. */
async function bundleApp(root) {
  const out = join(root, "bundled");
  mkdirSync(out);
  writeFileSync(join(root, "bundle-entry.js"), 'import * as pg from "pocketgraph";\nimport { setUp } from "./harness.js";\nsetUp(pg);\n');
  await build({ entryPoints: [join(root, "bundle-entry.js")], bundle: true, format: "esm", outfile: join(out, "main.js"), logLevel: "warning" });
  const dist = join(root, "node_modules/pocketgraph/dist");
  for (const name of readdirSync(dist).filter((n) => n.endsWith("worker.js") || n === "indexeddb.js" || n.endsWith(".wasm"))) copyFileSync(join(dist, name), join(out, name));
  copyFileSync(join(root, "index.html"), join(out, "index.html"));
}

/** The app on a server that sends the strict content security policy. */
export async function serveApp(app, options = {}) {
  return serve(app.root, { headers: { "content-security-policy": strictPolicy }, ...options });
}

/** Opens the app in a new tab and waits until its script has run. Errors of the page are printed. */
export async function openApp(browser, url) {
  const page = await browser.newPage();
  // Firefox reports what a policy blocked as an error of the page; tests block on purpose.
  page.on("pageerror", (error) => /Content-Security-Policy|Loading Worker/.test(error.message) || console.error(`page: ${error.stack ?? error}`));
  if (process.env.POCKETGRAPH_VERBOSE) page.on("console", (message) => console.error(`console: ${message.text()}`));
  await page.goto(url);
  await page.waitForFunction("globalThis.ready === true");
  return page;
}

/** A browser with the app open in it: {browser, page, url, close}. */
export async function session(name, app, { path = "/index.html", server, ...options } = {}) {
  const own = server ?? (await serveApp(app));
  const browser = await launch(name, options);
  const page = await openApp(browser, own.url + path);
  return {
    browser,
    page,
    url: own.url,
    async close() {
      await browser.close();
      if (!server) await own.close();
    },
  };
}

/** mulberry32: a small generator with one number of state, so that a seed repeats a run. */
export function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// The stage of every benchmark in the browser: the page and its worker bundled,
// the package and the peers as they are, served from 127.0.0.1, one Chromium.

import { copyFileSync, createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launch } from "../test/browsers.mjs";
import { serve } from "../test/server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const web = dirname(here);
const data = process.env.POCKETGRAPH_DATA ?? join(web, "../../shared/data");

/** Why the LDBC network is not there, or "". */
export const noNetwork = existsSync(join(data, "ldbc-snb-tiny/manifest.json")) ? "" : `no LDBC data at ${data} (POCKETGRAPH_DATA names another folder)`;

/** Isolated, the page's clock ticks every 5 µs instead of every 100. Nothing else here needs it. */
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

async function bundle(out) {
  const entryPoints = ["page.js", "worker.js"].map((name) => join(here, "page", name));
  // The package and the peers are loaded as they are published; splitting keeps a peer's code out of the others' workers.
  await build({ entryPoints, bundle: true, splitting: true, format: "esm", target: "es2022", outdir: out, external: ["/dist/*", "/peers/*"], nodePaths: [join(here, "node_modules")], logLevel: "warning" });
  for (const name of ["index.html", "echo.js"]) copyFileSync(join(here, "page", name), join(out, name));
}

/**
 * Runs fn(stage) and cleans up. A stage has page, browser, call(name, …args)
 * and reload(). `engine`: a WebAssembly file in place of the published one;
 * `dist`: another build of the package.
 */
export async function onStage(fn, { engine, dist = join(web, "dist") } = {}) {
  const root = mkdtempSync(join(tmpdir(), "pocketgraph-bench-"));
  let server, browser;
  try {
    await bundle(root);
    const routes = engine ? { "/dist/pocketgraph.wasm": (_, response) => createReadStream(engine).pipe(response.writeHead(200, { "content-type": "application/wasm" })) } : {};
    server = await serve(root, { routes, headers: isolated, mounts: { "/dist/": dist, "/peers/": join(here, "node_modules"), "/data/": data } });
    browser = await launch("chromium", { network: false }); // watched, a reload pays for each byte of a module once more
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(`page: ${error.stack ?? error}`));
    if (process.env.POCKETGRAPH_VERBOSE) page.on("console", (message) => console.error(`console: ${message.text()}`));
    const stage = {
      page,
      browser,
      call: (method, ...args) => callOn(page, method, args),
      async reload() {
        await page.goto(`${server.url}/index.html`);
        await page.waitForFunction("globalThis.ready === true");
      },
    };
    await stage.reload();
    return await fn(stage);
  } finally {
    await browser?.close();
    await server?.close();
    rmSync(root, { recursive: true, force: true });
  }
}

/** Started and polled rather than awaited: no time-out of the protocol then applies. */
async function callOn(page, method, args) {
  await page.evaluate((method, args) => {
    globalThis.outcome = null;
    Promise.resolve().then(() => globalThis.bench[method](...args)).then(
      (value) => (globalThis.outcome = { value: value ?? null }),
      (error) => (globalThis.outcome = { error: String(error?.stack ?? error) }),
    );
  }, method, args);
  const handle = await page.waitForFunction("globalThis.outcome", { polling: 20, timeout: 0 });
  const { value, error } = await handle.jsonValue();
  if (error) throw new Error(`${method}(${JSON.stringify(args).slice(0, 200)}): ${error}`);
  return value;
}

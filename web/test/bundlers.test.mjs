// The package in apps as its users build them: the packed package is
// installed, an app built with each bundler and opened in Chromium, a
// database written, the page reloaded and the database reopened.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildPackage } from "../scripts/build.mjs";
import { launch } from "./browsers.mjs";
import { installPacked, tarball, web } from "./fixture.mjs";
import { serve } from "./server.mjs";

const timeout = 300_000;
const home = join(web, "test/bundlers");
/** Next.js takes a minute to install and to build with, so it is of the full counts. */
const long = Boolean(process.env.POCKETGRAPH_LONG);

/** Runs a script of an installed package, or of the app, in the app's folder. */
function run(app, script, ...args) {
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  execFileSync(process.execPath, [script, ...args], { cwd: join(home, app), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout, env });
}
const bin = (path, at = home) => join(at, "node_modules", path);

let browser;
before(async () => {
  execFileSync(join(web, "../scripts/setup.sh"), ["bundlers", ...(long ? ["next"] : [])], { stdio: ["ignore", "ignore", "inherit"] });
  if (!process.env.POCKETGRAPH_BUILT) await buildPackage();
  installPacked(home);
  if (long) installPacked(join(home, "next"));
  browser = await launch("chromium");
}, { timeout });
after(() => browser?.close());

/** Opens the page twice in one profile: what the app said it found. */
async function visits(url) {
  const page = await browser.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  const seen = async () => {
    await page.waitForFunction("globalThis.visited", { timeout: 60_000 }).catch((error) => assert.fail(`${error}: ${wrong}`));
    return page.evaluate(() => globalThis.visited);
  };
  await page.goto(url);
  const answers = [await seen()];
  await page.reload();
  answers.push(await seen());
  await page.close();
  assert.deepEqual(wrong, []);
  return answers;
}
const twice = [1, 2].map((visits) => ({ visits, storage: "opfs", code: "SyntaxError", imported: 1 }));

/** A server for as long as the test runs. */
async function serving(t, ...options) {
  const server = await serve(...options);
  t.after(() => server.close());
  return server;
}

/** One app: how it is built, and the folder and pages that are then served. */
function builds(name, { app, build, served = app, pages = ["/index.html"] }) {
  describe(name, () => {
    test("builds", { timeout }, build);
    for (const page of pages) {
      test(`${page} writes a database, and finds it again`, { timeout }, async (t) => {
        const server = await serving(t, join(home, served));
        assert.deepEqual(await visits(server.url + page), twice);
      });
    }
  });
}

builds("Vite", { app: "vite", served: "vite/dist", build: () => run("vite", bin("vite/bin/vite.js"), "build", "--logLevel", "error") });
builds("webpack", { app: "webpack", build: () => run("webpack", "build.mjs") });
builds("esbuild", { app: "esbuild", pages: ["/index.html", "/script.html"], build: () => run("esbuild", "build.mjs") });
builds("Rollup", { app: "rollup", build: () => run("rollup", bin("rollup/dist/bin/rollup"), "--config", "--silent") });
if (long) {
  const next = join(home, "next");
  for (const bundler of ["turbopack", "webpack"]) {
    builds(`Next.js, ${bundler}`, { app: "next", served: "next/dist", build: () => run("next", bin("next/dist/bin/next", next), "build", `--${bundler}`) });
  }
}

test("Vite's development server", { timeout }, async () => {
  const { createServer } = await import(bin("vite/dist/node/index.js"));
  const cacheDir = mkdtempSync(join(tmpdir(), "pocketgraph-vite-"));
  const server = await createServer({ root: join(home, "vite"), cacheDir, logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
  try {
    await server.listen();
    assert.deepEqual(await visits(server.resolvedUrls.local[0]), twice);
  } finally {
    await server.close();
    rmSync(cacheDir, { recursive: true, force: true });
  }
});

/** A page without any build: an import map says where the package is. */
const plain = (where) => (request, response) =>
  response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html>
<title>PocketGraph without a bundler</title>
<body>
<script type="importmap">${JSON.stringify({ imports: { pocketgraph: where } })}</script>
<script type="module">import { show } from "/visit.js"; show();</script>`);

test("a static server and <script type=module>", { timeout }, async (t) => {
  const server = await serving(t, home, { routes: { "/index.html": plain("/node_modules/pocketgraph/dist/index.js") } });
  assert.deepEqual(await visits(`${server.url}/index.html`), twice);
});

test("imported from another origin, as from a CDN", { timeout }, async (t) => {
  const cdn = await serving(t, bin(""), { headers: { "access-control-allow-origin": "*" } });
  const server = await serving(t, home, { routes: { "/index.html": plain(`${cdn.url}/pocketgraph/dist/index.js`) } });
  assert.deepEqual(await visits(`${server.url}/index.html`), twice);
});

/** Runs a checker of packages on what npm pack makes. */
function clean(checker, ...args) {
  try {
    execFileSync(process.execPath, [bin(checker), ...args], { encoding: "utf8", timeout });
  } catch (error) {
    assert.fail(error.stdout + error.stderr);
  }
}

test("publint has nothing to say", { timeout }, () => clean("publint/src/cli.js", "--strict", bin("pocketgraph")));

// The package is of ES modules only. pocketgraph.wasm is a file for servers and bundlers, not a module with types.
test("the types resolve for every entry (are the types wrong?)", { timeout }, () => {
  clean("@arethetypeswrong/cli/dist/index.js", tarball(), "--profile", "esm-only", "--exclude-entrypoints", "./pocketgraph.wasm", "./importers.wasm");
});

// What goes wrong in the first hour, and in bad places: each has its code,
// and a hint that says what to do.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { browsers, launch } from "./browsers.mjs";
import { makeApp, openApp, serveApp, session } from "./fixture.mjs";
import { serve, strictPolicy } from "./server.mjs";

const timeout = 120_000;
const html = (request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>App</title>");

let app, wasm;
before(async () => {
  app = await makeApp();
  const { pocketgraph } = await import(pathToFileURL(join(app.root, "node_modules/pocketgraph/dist/esbuild.js")).href);
  // A module cannot be loaded from a file; a script that a bundler made can.
  await build({ stdin: { contents: 'import * as pg from "pocketgraph"; globalThis.pg = pg;', resolveDir: app.root }, bundle: true, format: "iife", outfile: join(app.root, "as-a-file.js"), plugins: [pocketgraph()], logLevel: "error", logOverride: { "empty-import-meta": "silent" } });
  writeFileSync(join(app.root, "as-a-file.html"), '<!doctype html><title>A file</title><script src="as-a-file.js"></script>');
  wasm = readFileSync(join(app.root, "node_modules/pocketgraph/dist/pocketgraph.wasm"));
}, { timeout });
after(() => app?.remove());

const send = (bytes, type = "application/wasm") => (request, response) => response.writeHead(200, { "content-type": type }).end(bytes);
let old = "";
/** Paths that are asked for again and again: what they answer with, and how often they were asked. */
const kept = new Map();
const keep = (path, bytes) => kept.set(path, { bytes, asked: kept.get(path)?.asked ?? 0 });
const answerKept = (request, response) => {
  const path = request.url;
  const file = kept.get(path);
  file.asked++;
  response.writeHead(200, { "content-type": "application/wasm", "cache-control": "max-age=60", etag: `"${file.asked}"` }).end(file.bytes);
};
/** A server that says of any copy it is still good. */
const confirmed = { bytes: null, answers: [] };
const answerConfirmed = (request, response) => {
  const good = request.headers["if-none-match"] === '"same"';
  confirmed.answers.push(good ? 304 : 200);
  if (good) return response.writeHead(304).end();
  response.writeHead(200, { "content-type": "application/wasm", "cache-control": "max-age=60", etag: '"same"' }).end(confirmed.bytes);
};
const routes = {
  "/confirmed.wasm": answerConfirmed,
  "/kept.wasm": answerKept,
  "/older.wasm": answerKept,
  "/mended.wasm": answerKept,
  "/old-worker.js": send('import "/old.js"; import "/node_modules/pocketgraph/dist/worker.js";', "text/javascript"),
  "/old.js": (q, r) => send(old, "text/javascript")(q, r),
  "/page.wasm": html,
  "/cut.wasm": (q, r) => send(wasm.subarray(0, wasm.length >> 1))(q, r),
  "/empty.wasm": send(""),
  "/text.wasm": (q, r) => send(wasm, "text/plain")(q, r),
  "/broken-off.wasm": (request, response) => {
    response.writeHead(200, { "content-type": "application/wasm", "content-length": wasm.length });
    response.write(wasm.subarray(0, 1000), () => response.destroy());
  },
  "/page-worker.js": html,
  "/throwing-worker.js": send("throw new Error('on purpose')", "text/javascript"),
  "/silent-worker.js": send("", "text/javascript"),
};

/** Runs on the page: opens with the options and says how that ended. */
const tryOpen = (options, called = "failing") =>
  globalThis.pg.open(called, { storage: "memory", ...options }).then(
    async (db) => {
      const { info } = db;
      await db.query("RETURN 1");
      await db.close();
      return { info };
    },
    ({ name, code, message, hint }) => ({ name, code, message, hint }),
  );

for (const browser of browsers) {
  describe(browser, () => {
    let server, here;
    before(async () => {
      server = await serveApp(app, { routes });
      here = await session(browser, app, { server });
    }, { timeout });
    after(async () => {
      await here?.close();
      await server?.close();
    });

    const fails = (what, options, code, hint) =>
      test(what, { timeout }, async () => {
        const error = await here.page.evaluate(tryOpen, options);
        assert.equal(error.code, code, `${JSON.stringify(error)}`);
        assert.equal(error.name, "PocketGraphError");
        if (hint) assert.match(error.hint, hint);
      });

    fails("a server that answers with its start page", { wasmURL: "/page.wasm" }, "WASM_INVALID", /wasmURL/);
    fails("a truncated wasm", { wasmURL: "/cut.wasm" }, "WASM_INVALID", /cut short/);
    fails("an empty wasm", { wasmURL: "/empty.wasm" }, "WASM_INVALID");
    fails("a wasm that is not there", { wasmURL: "/missing.wasm" }, "WASM_UNREACHABLE", /wasmURL/);
    fails("a download that breaks off", { wasmURL: "/broken-off.wasm" }, "WASM_UNREACHABLE");
    fails("a wasm that the policy forbids to fetch", { wasmURL: "http://127.0.0.1:9/x.wasm" }, "WASM_UNREACHABLE", /connect-src/);
    fails("a worker that is not there", { workerURL: "/missing.js" }, "WORKER_FAILED", /workerURL/);
    fails("a worker that is a page", { workerURL: "/page-worker.js" }, "WORKER_FAILED");
    fails("a worker that throws", { workerURL: "/throwing-worker.js" }, "WORKER_FAILED");

    test("a wasm with the wrong MIME type works", { timeout }, async () => {
      assert.ok((await here.page.evaluate(tryOpen, { wasmURL: "/text.wasm" })).info);
    });

    test("a copy that the browser has is taken without asking the server", { timeout }, async () => {
      keep("/kept.wasm", wasm);
      const before = kept.get("/kept.wasm").asked;
      for (let i = 0; i < 3; i++) assert.ok((await here.page.evaluate(tryOpen, { wasmURL: "/kept.wasm" })).info);
      assert.equal(kept.get("/kept.wasm").asked, before + 1);
    });

    for (const [what, path, bytes] of [
      ["of another build", "/older.wasm", () => Buffer.concat([wasm.subarray(0, -1), Buffer.from([wasm.at(-1) ^ 1])])],
      ["that is not whole", "/mended.wasm", () => wasm.subarray(0, wasm.length >> 1)],
    ]) {
      test(`a copy ${what} is asked for again`, { timeout }, async () => {
        keep(path, bytes());
        await here.page.evaluate((path) => fetch(path, { cache: "reload" }).then((response) => response.arrayBuffer()), path);
        keep(path, wasm);
        const before = kept.get(path).asked;
        for (let i = 0; i < 2; i++) assert.ok((await here.page.evaluate(tryOpen, { wasmURL: path })).info);
        assert.equal(kept.get(path).asked, before + 1);
      });
    }

    test("a broken copy that the server confirms is loaded again", { timeout }, async () => {
      confirmed.bytes = wasm.subarray(0, wasm.length >> 1);
      await here.page.evaluate(() => fetch("/confirmed.wasm", { cache: "reload" }).then((response) => response.arrayBuffer()));
      confirmed.bytes = wasm;
      confirmed.answers = [];
      for (let i = 0; i < 2; i++) assert.ok((await here.page.evaluate(tryOpen, { wasmURL: "/confirmed.wasm" })).info);
      assert.deepEqual(confirmed.answers, [304, 200], "asked, then loaded, then kept");
    });

    for (const [what, lacks, words] of [
      ["a browser without WebAssembly", "delete globalThis.WebAssembly", /no WebAssembly/],
      ["a browser with an old WebAssembly", "WebAssembly.validate = () => false", /too old/],
    ]) {
      test(what, { timeout }, async () => {
        old = lacks;
        const error = await here.page.evaluate((tryOpen) => {
          const createWorker = () => new Worker("/old-worker.js", { type: "module" });
          return (0, eval)(tryOpen)({ createWorker });
        }, `(${tryOpen})`);
        assert.equal(error.code, "UNAVAILABLE", JSON.stringify(error));
        assert.match(error.message, words);
        assert.match(error.hint, /Safari/);
      });
    }

    test("a page opened as a file", { timeout }, async () => {
      const page = await here.browser.newPage();
      await page.goto(pathToFileURL(join(app.root, "as-a-file.html")).href);
      await page.waitForFunction("globalThis.pg");
      const error = await page.evaluate(tryOpen, {});
      if (browser === "firefox") assert.equal(error.info?.storage, "memory", "Firefox starts workers there");
      else {
        assert.equal(error.code, "WORKER_FAILED", JSON.stringify(error));
        assert.match(error.hint, /opened as a file/);
      }
      await page.close();
    });

    test("a policy without 'wasm-unsafe-eval'", { timeout }, async () => {
      const strict = await serve(app.root, { headers: { "content-security-policy": strictPolicy.replace("'wasm-unsafe-eval'", "") } });
      const page = await openApp(here.browser, `${strict.url}/index.html`);
      const error = await page.evaluate(tryOpen, {});
      assert.equal(error.code, "WASM_BLOCKED", JSON.stringify(error));
      await page.close();
      await strict.close();
    });

    test("a policy without workers", { timeout }, async () => {
      const strict = await serve(app.root, { headers: { "content-security-policy": strictPolicy.replace("worker-src 'self'", "worker-src 'none'") } });
      const page = await openApp(here.browser, `${strict.url}/index.html`);
      const error = await page.evaluate(tryOpen, {});
      assert.equal(error.code, "WORKER_FAILED", JSON.stringify(error));
      assert.match(error.message, /content security policy/);
      assert.match(error.hint, /worker-src/);
      await page.close();
      await strict.close();
    });

    test("the package from another origin", { timeout }, async () => {
      const far = await serve(app.root, { headers: { "access-control-allow-origin": "*" } });
      const near = await serve(app.root);
      const page = await openApp(here.browser, `${near.url}/index.html`);
      const opened = await page.evaluate(async (url) => {
        const { open } = await import(url);
        const db = await open("far", { storage: "opfs" });
        const { rows } = await db.query("RETURN 1 AS x");
        await db.close();
        return rows;
      }, `${far.url}/node_modules/pocketgraph/dist/index.js`);
      assert.deepEqual(opened, [{ x: 1 }]);
      await page.close();
      await Promise.all([far.close(), near.close()]);
    });

    const getDirectory = "StorageManager.getDirectory";
    const createHandle = "FileSystemFileHandle.createSyncAccessHandle";
    for (const [what, ...lacks] of [
      ["a browser without OPFS", getDirectory, createHandle],
      ["a browser with OPFS and no sync access handles", createHandle],
      ["a browser with sync access handles and no getDirectory", getDirectory],
      ["a browser whose directories cannot be listed", "FileSystemDirectoryHandle.values"],
    ]) {
      test(what, { timeout }, async () => {
        const without = async (lacks) => {
          const createWorker = () => new Worker(`/no-opfs-worker.js?${new URLSearchParams(lacks.map((lack) => ["lack", lack]))}`, { type: "module" });
          const { open, list, destroy } = globalThis.pg;
          const failure = (promise) => promise.then((x) => ({ code: JSON.stringify(x) }), ({ code, message, hint }) => ({ code, message, hint }));
          return {
            opfs: await failure(open("nowhere", { storage: "opfs", createWorker })),
            list: await failure(list({ storage: "opfs", createWorker })),
            destroy: await failure(destroy("nowhere", { storage: "opfs", createWorker })),
            auto: await open("nowhere", { storage: "auto", createWorker }).then(async (db) => (await db.query("CREATE (:N)"), await db.close(), db.info)),
            again: await open("nowhere", { storage: "auto", createWorker }).then(async (db) => ((await db.close()), db.info.storage)),
            listed: await list({ createWorker }),
            destroyed: await destroy("nowhere", { createWorker }).then(() => list({ createWorker })),
          };
        };
        const { opfs, list, destroy, auto, again, listed, destroyed } = await here.page.evaluate(without, lacks);
        for (const error of [opfs, list, destroy]) {
          assert.equal(error.code, "UNAVAILABLE", JSON.stringify(error));
          assert.match(error.message, new RegExp(lacks[0]), "names what is missing");
          assert.match(error.hint, /"memory"/);
        }
        assert.deepEqual([auto.storage, again], ["indexeddb", "indexeddb"]);
        assert.match(auto.storageReason, new RegExp(lacks[0]));
        assert.deepEqual([listed, destroyed], [[{ name: "nowhere", storage: "indexeddb" }], []]);
        const memory = await here.page.evaluate(without, [...lacks, "indexedDB"]);
        assert.equal(memory.auto.storage, "memory");
        assert.match(memory.auto.storageReason, new RegExp(`${lacks[0]}.*IndexedDB`));
        assert.equal(memory.auto.persisted, false);
        assert.deepEqual([memory.listed, memory.destroyed], [[], []]);
      });
    }

    /** Makes a store, lets damage(files) spoil it, and opens it again; says how that ended and what the files then are. */
    const spoiled = (name, damage) =>
      here.page.evaluate(async (called, source) => {
        const { files, pg } = globalThis;
        const db = await pg.open(called, { storage: "opfs" });
        await db.query("CREATE (:Kept)");
        await db.close();
        const sizes = async () => Object.fromEntries(await Promise.all(Object.entries(await files.filesOf(called)).map(async ([n, h]) => [n, (await h.getFile()).size])));
        const found = await files.filesOf(called);
        const damages = {
          letter: () => Promise.all(Object.values(found).map((handle) => files.rewrite(handle, () => "this was somebody's letter ".repeat(1000)))),
          future: () => files.rewrite(found.meta, files.fromTheFuture),
        };
        await damages[source]();
        const before = await sizes();
        const error = await pg.open(called, { storage: "opfs" }).then(() => ({ code: "opened" }), ({ code, message, hint }) => ({ code, message, hint }));
        return { ...error, before, after: await sizes() };
      }, name, damage);

    test("files that are no store are refused and left as they are", { timeout }, async () => {
      const error = await spoiled("no-store", "letter");
      assert.equal(error.code, "NOT_A_STORE", JSON.stringify(error));
      assert.deepEqual(error.after, error.before);
    });

    test("a store of a newer format is refused and left as it is", { timeout }, async () => {
      const error = await spoiled("newer", "future");
      assert.equal(error.code, "NEWER_FORMAT", JSON.stringify(error));
      assert.deepEqual(error.after, error.before);
    });
  });
}

if (browsers.includes("firefox")) {
  test("a private window of Firefox, which has no OPFS", { timeout }, async () => {
    const server = await serveApp(app);
    const browser = await launch("firefox", { prefs: { "browser.privatebrowsing.autostart": true } });
    const page = await openApp(browser, `${server.url}/index.html`);
    assert.equal((await page.evaluate(tryOpen, { storage: "opfs" })).code, "UNAVAILABLE");
    const { info } = await page.evaluate(tryOpen, { storage: "auto" });
    assert.equal(info.storage, "indexeddb");
    assert.match(info.storageReason, /SecurityError/);
    await browser.close();
    await server.close();
  });
}

if (browsers.includes("chromium")) {
  test("a site whose data the user blocks in Chromium, which refuses locks too", { timeout }, async () => {
    const profile = mkdtempSync(join(tmpdir(), "pocketgraph-blocked-"));
    mkdirSync(join(profile, "Default"));
    writeFileSync(join(profile, "Default/Preferences"), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
    const server = await serveApp(app);
    const browser = await launch("chromium", { profile });
    const page = await openApp(browser, `${server.url}/index.html`);
    assert.match(await page.evaluate(() => navigator.locks.request("x", () => "granted").catch(String)), /SecurityError/, "it is blocked");
    const { code, hint } = await page.evaluate(tryOpen, { storage: "opfs" });
    assert.equal(code, "UNAVAILABLE");
    assert.match(hint, /storage/);
    const { info } = await page.evaluate(tryOpen, { storage: "auto" });
    assert.equal(info?.storage, "memory");
    await browser.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  });
}

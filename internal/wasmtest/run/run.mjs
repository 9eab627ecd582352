// A runner for `go test -exec` in a real, stock browser, of the same shape as
// wasmbrowsertest: it serves a page, wasm_exec.js and the test binary from
// 127.0.0.1, opens the page, prints what the page prints and ends with its code.
//
//   GOOS=js GOARCH=wasm go test -exec "node internal/wasmtest/run/run.mjs" ./opfs
//
// Environment: WASM_BROWSER is firefox (default) or chromium; BROWSER_PATH is
// its executable, otherwise found on PATH; WASM_TIMEOUT is in seconds (600).
// puppeteer-core is resolved from web/node_modules or NODE_PATH.
import { execFileSync } from "node:child_process";
import { readFile, rm, mkdtemp } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const requireWeb = createRequire(path.join(here, "../../../web/package.json"));
const puppeteer = requireWeb("puppeteer-core");

const browserName = process.env.WASM_BROWSER || "firefox";
const executables = { firefox: ["firefox", "firefox-esr"], chromium: ["chromium", "chromium-browser", "google-chrome"] };
const [binary, ...flags] = process.argv.slice(2);
const wasmName = path.basename(binary).replace(/\.test$/, "") + ".wasm";
const timeout = Number(process.env.WASM_TIMEOUT || 600) * 1000;

function executable() {
  if (process.env.BROWSER_PATH) return process.env.BROWSER_PATH;
  for (const name of executables[browserName] ?? []) {
    for (const dir of process.env.PATH.split(path.delimiter)) {
      const file = path.join(dir, name);
      if (existsSync(file)) return file;
    }
  }
  throw new Error(`no ${browserName} on PATH; set BROWSER_PATH`);
}

function wasmExec() {
  const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  return readFileSync(path.join(root, "lib/wasm/wasm_exec.js"));
}

/** What keeps files in IndexedDB is the package's, and built from its source. */
async function indexedDBModule() {
  const { build } = requireWeb("esbuild");
  const entry = path.join(here, "../../../web/src/indexeddb.ts");
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", target: "es2022", write: false });
  return outputFiles[0].contents;
}

// The page's variables are few on purpose: Go has 8 KB for arguments and environment.
const passed = Object.fromEntries(Object.entries(process.env).filter(([k]) => /^(WASM_|POCKETGRAPH_|RED$|TZ$)/.test(k)));

const page = `<!doctype html><meta charset="utf-8"><title>go test</title><script src="/wasm_exec.js"></script><script>
let chain = Promise.resolve();
const send = (to, text, again) => fetch(to, { method: "POST", body: text }).catch((e) => again > 0 && send(to, text, again - 1));
const post = (to, text) => (chain = chain.then(() => send(to, text, 3))); // in order; one failure must not end it
console.log = (...a) => post("/line", a.join(" "));
console.error = console.warn = console.log;
(async () => {
  const go = new Go();
  go.argv = ${JSON.stringify(["/" + wasmName, ...flags])};
  go.env = ${JSON.stringify(passed)};
  let code = 1;
  go.exit = (c) => { code = c; };
  try {
    const bytes = await (await fetch("/${wasmName}")).arrayBuffer();
    await go.run((await WebAssembly.instantiate(bytes, go.importObject)).instance);
  } catch (e) { console.log(String(e && e.stack ? e + "\\n" + e.stack : e)); code = 1; }
  post("/exit", String(code));
})();
</script>`;

function serve(onExit) {
  const exec = wasmExec();
  const body = (req) => new Promise((resolve) => {
    const parts = [];
    req.on("data", (p) => parts.push(p)).on("end", () => resolve(Buffer.concat(parts).toString()));
  });
  const server = createServer(async (req, res) => {
    const send = (type, data) => res.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(data);
    if (req.url === "/") return send("text/html; charset=utf-8", page);
    if (req.url === "/wasm_exec.js") return send("text/javascript", exec);
    if (req.url === "/" + wasmName) return send("application/wasm", await readFile(binary));
    if (req.url === "/indexeddb.js") return send("text/javascript", await indexedDBModule());
    if (req.url === "/line") { process.stdout.write((await body(req)) + "\n"); return send("text/plain", ""); }
    if (req.url === "/exit") { const code = Number(await body(req)); send("text/plain", ""); return onExit(code); }
    res.writeHead(404).end();
  });
  server.keepAliveTimeout = 0; // never close a connection that the browser is about to use
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function launch(profile) {
  const firefox = browserName === "firefox";
  const args = firefox ? [] : ["--disable-background-networking"];
  if (!firefox && process.getuid?.() === 0) args.push("--no-sandbox"); // Chromium refuses its sandbox as root
  return puppeteer.launch({
    browser: firefox ? "firefox" : "chrome",
    executablePath: executable(), headless: true, args, userDataDir: profile,
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false, protocolTimeout: timeout,
  });
}

let exited;
const exit = new Promise((resolve) => { exited = resolve; });
const fail = (why) => { console.log(why); exited(1); };
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => fail(`run.mjs: ${signal}`));
const timer = setTimeout(() => fail(`run.mjs: no end after ${timeout / 1000} s`), timeout);
const profile = await mkdtemp(path.join(tmpdir(), "wasmtest-"));
const server = await serve(exited);
let browser;
let code = 1;
try {
  browser = await launch(profile);
  browser.on("disconnected", () => fail("run.mjs: the browser is gone"));
  const tab = await browser.newPage();
  // Only printed: tests may break workers of their own on purpose.
  tab.on("pageerror", (e) => console.log(`run.mjs: uncaught: ${e.stack || e}`));
  tab.goto(`http://127.0.0.1:${server.address().port}/`).catch((e) => fail(`run.mjs: ${e}`));
  code = await exit;
} catch (e) {
  console.log(`run.mjs: ${e.stack || e}`);
} finally {
  clearTimeout(timer);
  browser?.removeAllListeners("disconnected");
  await Promise.race([browser?.close().catch(() => {}), new Promise((r) => setTimeout(r, 5000))]);
  browser?.process()?.kill("SIGKILL"); // only what this runner started
  server.closeAllConnections();
  server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => {});
}
process.exit(code);

// The hooks in the frameworks they are for: an app with React and Vue, built
// by esbuild, in Chromium; Svelte's store by its contract, in the same page.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { launch } from "./browsers.mjs";
import { makeApp, web } from "./fixture.mjs";
import { serve } from "./server.mjs";

const timeout = 120_000;

const app = `
import { createElement as h, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { createApp, h as v, ref, defineComponent } from "vue";
import { get } from "svelte/store";
import { open } from "pocketgraph";
import { GraphProvider, useGraph, useQuery } from "pocketgraph/react";
import { provideGraph, useGraph as useVueGraph, useQuery as useVueQuery } from "pocketgraph/vue";
import { queryStore } from "pocketgraph/svelte";

const people = "MATCH (p:Person) WHERE p.born < $before RETURN p.name AS name ORDER BY name";
const renders = [];

function People() {
  const [before, setBefore] = useState(1900);
  const db = useGraph();
  const { rows, status, error } = useQuery(people, { before });
  const { rows: [counted], error: wrong } = useQuery("MATCH (p:Person) RETURN count(p) AS n", undefined, { live: false });
  renders.push(status);
  globalThis.react = { db, setBefore };
  return h("p", { id: "react", "data-status": status }, rows.map(({ name }) => name).join() + (error?.code ?? "") + " " + (counted?.n ?? ""));
}
function Wrong() {
  const { error, status } = useQuery("RETRUN 1");
  return h("p", { id: "wrong" }, status + " " + (error?.code ?? ""));
}
class Boundary extends (await import("react")).Component {
  state = {};
  static getDerivedStateFromError(error) { return { error }; }
  render() { return this.state.error ? h("p", { id: "outside" }, this.state.error.code) : this.props.children; }
}

globalThis.mount = async (name) => {
  const root = createRoot(document.getElementById("react-root"));
  globalThis.unmount = () => root.unmount();
  root.render(h(StrictMode, null,
    h(GraphProvider, { name, options: { storage: "opfs" }, fallback: h("p", { id: "fallback" }, "…") }, h(People), h(Wrong)),
    h(Boundary, null, h(People)),
    h(GraphProvider, { name: "never", options: { create: false }, onError: ({ code }) => h("p", { id: "never" }, code) })));
};
globalThis.mountVue = (db) => {
  const before = ref(1900);
  const List = defineComponent({ setup() { const found = useVueQuery(people, () => ({ before: before.value })); return () => v("p", { id: "vue", "data-status": found.value.status }, found.value.rows.map(({ name }) => name).join()); } });
  const app = createApp(defineComponent({ setup() { provideGraph(db); return () => v(List); } }));
  app.mount("#vue-root");
  globalThis.vue = { before, app };
  let code;
  createApp(defineComponent({ setup() { try { useVueGraph(); } catch (error) { code = error.code; } return () => v("i"); } })).mount(document.createElement("div"));
  return code;
};
globalThis.svelte = async (db) => {
  const store = queryStore(db, people, { before: 1900 });
  const states = [];
  const stop = store.subscribe((state) => states.push(state.status + state.rows.map(({ name }) => name)));
  const again = store.subscribe(() => {});
  while (states.length < 2) await new Promise((later) => setTimeout(later, 5));
  const now = get(store).rows.length;
  stop(); again(); stop();
  return { states, now };
};
globalThis.pg = { open };
globalThis.ready = true;
`;

describe("hooks", () => {
  let installed, server, browser, page;
  before(async () => {
    installed = await makeApp();
    const root = join(installed.root, "hooks");
    mkdirSync(root);
    writeFileSync(join(root, "app.js"), app);
    writeFileSync(join(root, "index.html"), '<!doctype html><meta charset="utf-8"><title>Hooks</title><div id="react-root"></div><div id="vue-root"></div><script type="module" src="out/app.js"></script>');
    for (const name of ["react", "react-dom", "scheduler", "vue", "@vue", "svelte", "esm-env"]) cpSync(join(web, "node_modules", name), join(installed.root, "node_modules", name), { recursive: true });
    const { pocketgraph } = await import(join(installed.root, "node_modules/pocketgraph/dist/esbuild.js"));
    await build({
      entryPoints: [join(root, "app.js")], outdir: join(root, "out"), bundle: true, format: "esm", plugins: [pocketgraph()], logLevel: "error",
      nodePaths: [join(web, "node_modules")], define: { "process.env.NODE_ENV": '"development"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
    });
    server = await serve(root);
    browser = await launch("chromium");
    page = await browser.newPage();
    page.on("pageerror", (error) => console.error(`page: ${error.stack ?? error}`));
    await page.goto(`${server.url}/index.html`);
    await page.waitForFunction("globalThis.ready");
    await page.evaluate(async () => {
      const db = await globalThis.pg.open("hooks", { storage: "opfs" });
      await db.query("UNWIND [['Ada', 1815], ['Charles', 1791], ['Grace', 1906]] AS row CREATE (:Person {name: row[0], born: row[1]})");
      await db.close();
    });
  }, { timeout });
  after(async () => {
    await browser?.close();
    await server?.close();
    installed?.remove();
  });
  const shows = (selector, text) => page.waitForFunction((selector, text) => document.querySelector(selector)?.textContent === text, { timeout: 20_000 }, selector, text).catch(async (error) => assert.fail(`${selector}: ${error.message}; ${await page.evaluate(() => document.body.innerHTML)}`));

  test("React: a provider that opens by name, in strict mode", { timeout }, async () => {
    await page.evaluate(() => globalThis.mount("hooks"));
    await shows("#react", "Ada,Charles 3");
    await shows("#wrong", "error SyntaxError");
    await shows("#outside", "INVALID_ARGUMENT");
    await shows("#never", "NOT_FOUND");
  });

  test("React: new parameters, equal parameters", { timeout }, async () => {
    await page.evaluate(() => globalThis.react.setBefore(1800));
    await shows("#react", "Charles 3");
    await page.evaluate(() => globalThis.react.setBefore(2000));
    await shows("#react", "Ada,Charles,Grace 3");
    assert.equal(await page.evaluate(() => document.querySelector("#react").dataset.status), "ready");
  });

  test("Vue: a ref that follows its parameters", { timeout }, async () => {
    const outside = await page.evaluate(() => globalThis.mountVue(globalThis.react.db));
    assert.equal(outside, "INVALID_ARGUMENT");
    await shows("#vue", "Ada,Charles");
    await page.evaluate(() => (globalThis.vue.before.value = 1800));
    await shows("#vue", "Charles");
  });

  test("Svelte: a store", { timeout }, async () => {
    assert.deepEqual(await page.evaluate(() => globalThis.svelte(globalThis.react.db)), { states: ["loading", "readyAda,Charles"], now: 2 });
  });

  test("all are told of a commit", { timeout }, async () => {
    await page.evaluate(() => globalThis.react.db.query("CREATE (:Person {name: 'Blaise', born: 1623})"));
    await shows("#vue", "Blaise,Charles");
    await shows("#react", "Ada,Blaise,Charles,Grace 3"); // the count is not live
  });

  test("what is taken down closes what it opened", { timeout }, async () => {
    await page.evaluate(() => (globalThis.vue.app.unmount(), globalThis.unmount()));
    const reopened = await page.evaluate(() => globalThis.pg.open("hooks", { storage: "opfs", create: false }).then((db) => db.close().then(() => "opened"), ({ code }) => code));
    assert.equal(reopened, "opened");
  });
});

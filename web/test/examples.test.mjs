// The pages of examples/ in Chromium, on a plain static server: each is opened,
// used as its reader would, reloaded, and still has what it had. axe looks at
// each, by day and by night.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveExamples } from "../examples/serve.mjs";
import { friendships } from "../examples/social/people.js";
import { buildPackage } from "../scripts/build.mjs";
import { launch } from "./browsers.mjs";
import { web } from "./fixture.mjs";
import { serve } from "./server.mjs";

const timeout = 120_000;
const patience = 30_000; // milliseconds for what a page takes one of
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let server, browser;
before(async () => {
  if (!process.env.POCKETGRAPH_BUILT) await buildPackage();
  server = await serveExamples();
  browser = await launch("chromium");
}, { timeout: 300_000 });
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens a page of the examples; what it throws or logs as an error is in `wrong`. */
async function visit(name) {
  const page = await browser.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.goto(`${server.url}${name}/`);
  /** Waits until `fn` holds on the page. */
  const inside = async (fn, ...given) => {
    await page.waitForFunction(fn, { timeout: patience, polling: 50 }, ...given).catch(async (error) => {
      throw new Error(`${error.message}: ${fn}\n${wrong.join("\n")}\n${await page.evaluate(() => document.body.innerText)}`);
    });
  };
  const text = (selector) => page.$eval(selector, (element) => element.innerText);
  const texts = (selector) => page.$$eval(selector, (elements) => elements.map((element) => element.innerText.replace(/\s+/g, " ").trim()));
  /** Clicks the first button in `within` whose text begins so. */
  const click = (within, beginning) => page.$$eval(`${within} button`, (buttons, beginning) => buttons.find((button) => button.innerText.startsWith(beginning)).click(), beginning);
  const fine = async () => assert.deepEqual([wrong, await page.$eval("#problem", (box) => (box.hidden ? "" : box.innerText))], [[], ""]);
  return { page, inside, text, texts, click, fine };
}

/** Chooses a file with this content, as its reader would. */
function choose(page, input, name, content) {
  return page.$eval(
    input,
    (input, name, content) => {
      const given = new DataTransfer();
      given.items.add(new File([content], name));
      input.files = given.files;
      input.dispatchEvent(new Event("change"));
    },
    name,
    content,
  );
}

/** No complaint of axe by day; by night what differs is the contrast. */
async function accessible(page) {
  await page.evaluate(axe);
  for (const [value, options] of [["light", {}], ["dark", { runOnly: ["color-contrast"] }]]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    const found = await page.evaluate(async (options) => (await globalThis.axe.run(options)).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" ")}`), options);
    assert.deepEqual(found, [], value);
  }
}

describe("notes", () => {
  test("links, renames, searches, in two tabs, and reloads without a network", { timeout }, async () => {
    const { page, inside, texts, click, fine } = await visit("notes");
    await inside(() => document.querySelectorAll("#list li").length === 4 && !document.getElementById("offline").hidden);
    await accessible(page);

    await page.click("#new");
    await page.keyboard.type("Harbour");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Seen from the [[Lighthouse]]. Back to [[Welcome]].");
    await inside(() => document.getElementById("saved").textContent === "Saved" && document.querySelectorAll("#to li").length === 2);
    assert.deepEqual(await texts("#to button"), ["Lighthouse", "Welcome"]);

    // What cannot be saved is not left for another note, and goes only when it is deleted.
    await page.click("#new");
    await page.type("#body", "a thought without a title");
    await click("#list", "Welcome");
    await inside(() => document.getElementById("saved").textContent.startsWith("Give it a title"));
    assert.equal(await page.$eval("#body", (field) => field.value), "a thought without a title");
    await page.click("#delete"); // then the note that was edited last is shown
    await inside(() => document.getElementById("body").value.startsWith("Seen from"));

    const other = await visit("notes");
    await other.inside(() => document.querySelectorAll("#list li").length === 6);
    assert.ok((await other.texts("#list li")).some((entry) => entry.startsWith("Lighthouse not written yet")));
    // Renamed in one tab, the link to it in the other's text follows.
    await other.click("#list", "Welcome");
    await other.inside(() => document.getElementById("title").value === "Welcome" && document.querySelectorAll("#from li").length === 1);
    await other.page.$eval("#title", (field) => ((field.value = "Start"), field.dispatchEvent(new Event("input"))));
    await inside(() => document.getElementById("body").value.includes("[[Start]]"));
    // A title that another note has is refused, and nothing is lost.
    await other.page.$eval("#title", (field) => ((field.value = "Harbour"), field.dispatchEvent(new Event("input"))));
    await other.inside(() => !document.getElementById("problem").hidden);
    assert.match(await other.text("#problem"), /There is a note “Harbour” already/);
    await other.page.close();

    await page.setOfflineMode(true);
    await page.reload();
    await inside(() => document.querySelectorAll("#list li").length === 6);
    assert.equal(await page.$eval("#body", (field) => field.value), "Seen from the [[Lighthouse]]. Back to [[Start]].");
    await page.type("#search", "lighthouse");
    await inside(() => document.querySelectorAll("#list li").length === 2);
    assert.deepEqual((await texts("#list li")).map((entry) => entry.split(" ")[0]), ["Harbour", "Lighthouse"]);
    await page.click("#delete");
    await inside(() => document.querySelectorAll("#list li").length === 1 && document.getElementById("list").innerText.includes("Nothing found"));
    await page.setOfflineMode(false);
    await fine();
    await page.close();
  });
});

describe("documents", () => {
  test("reads files, searches, walks, and keeps what it read", { timeout }, async () => {
    const { page, inside, text, texts, click, fine } = await visit("documents");
    await inside(() => document.body.dataset.ready);
    await page.click("#sample");
    await inside(() => document.querySelectorAll("#documents li").length === 6 && document.querySelectorAll("#passages li").length > 1);
    await accessible(page);
    const things = await texts("#things li .grow");
    for (const name of ["Elena Duarte", "Nora Weiss", "Amina Khalid", "Trieste", "Bica Street", "compass"]) assert.ok(things.includes(name), `${name} in ${things}`);

    await page.type("#search", "telephone"); // a word, not a name
    await inside(() => document.querySelectorAll("#things li").length < 6);
    await click("#things", "Amina Khalid");
    await inside(() => document.getElementById("name").innerText === "Amina Khalid");
    const bica = await page.$$eval("#to option", (options) => options.find((option) => option.text === "Bica Street").value);
    await page.select("#to", bica);
    await page.click("#way button");
    await inside(() => document.querySelectorAll("#found li").length >= 5);
    const way = await texts("#found li");
    assert.equal(way[0], "Amina Khalid");
    assert.equal(way.at(-1), "Bica Street");
    assert.ok(way.length % 2 === 1 && way.filter((_, i) => i % 2).every((passage) => passage.startsWith("“")), `${way}`);

    // A file of one's own, which links to a document by its title; then the same name with other content.
    const upload = (content) => choose(page, "#files", "mine.txt", content);
    await upload("Today Clara Berg asked for [[The workshop]].");
    await inside(() => document.querySelectorAll("#documents li").length === 7);
    await upload("Nobody is named here, but see [[The workshop]] and [[A book]].");
    await inside(() => document.getElementById("documents").innerText.includes("A book, not read"));
    await page.$eval("#search", (field) => ((field.value = ""), field.dispatchEvent(new Event("input"))));
    await inside(() => document.querySelectorAll("#things li").length > 10);
    assert.ok(!(await texts("#things li .grow")).includes("Clara Berg"));
    await click("#documents", "The workshop");
    await inside(() => document.getElementById("kind").innerText === "document");
    assert.deepEqual((await texts("#linked li")).sort(), ["← A letter from Lisbon", "← mine"]);

    await page.reload();
    await inside(() => document.body.dataset.ready && document.querySelectorAll("#documents li").length === 8);
    assert.equal(await text("#name"), "The workshop");
    await page.$eval("[aria-label='Forget Trieste']", (button) => button.click());
    await inside(() => document.getElementById("documents").innerText.includes("trieste.md, not read")); // the list still links to it
    await fine();
    await page.close();
  });
});

describe("dependencies", () => {
  test("answers about a lock, and refuses what is none", { timeout }, async () => {
    const lock = JSON.parse(readFileSync(join(web, "test/bundlers/package-lock.json"), "utf8"));
    const { page, inside, text, texts, fine } = await visit("dependencies");
    await inside(() => document.body.dataset.ready && !document.getElementById("empty").hidden);
    await page.click("#sample");
    await inside(() => document.querySelector("#heavy li") && document.querySelector("#cycles li"));
    await accessible(page);

    // Everything below is told from the lock without the database.
    const paths = Object.keys(lock.packages).filter(Boolean);
    assert.match(await text("#size"), new RegExp(`^${paths.length} packages`));
    const installed = paths.map((path) => path.split("node_modules/").at(-1));
    const twice = [...new Set(installed.filter((name, i) => installed.indexOf(name) < i))].sort();
    assert.ok(twice.length > 0);
    assert.deepEqual((await page.$$eval("#duplicates .grow", (found) => found.map((one) => one.querySelector("button").innerText))).sort(), twice);
    const depths = (await texts("#depth .number")).map(Number);
    const optional = paths.length - depths.reduce((sum, n) => sum + n, 0);
    assert.ok(optional >= 0 && optional < 5, `${optional} packages that nothing requires`);
    assert.equal(depths[0], new Set(Object.keys(lock.packages[""].devDependencies)).size);
    for (const round of await texts("#cycles li")) assert.equal(round.split(" → ")[0], round.split(" → ").at(-1));

    await page.type("#name", "supports-color");
    await page.keyboard.press("Enter");
    await inside(() => document.querySelectorAll("#why .chain").length === 2);
    for (const chain of await texts("#why .chain")) {
      const names = chain.split(" → ").slice(1).map((step) => step.split(" ")[0]);
      assert.ok(Object.hasOwn(lock.packages[""].devDependencies, names[0]) && names.at(-1) === "supports-color", chain);
    }

    await page.reload();
    await inside(() => document.body.dataset.ready && document.querySelectorAll("#why .chain").length === 2); // the address has the question
    await fine();
    const give = (content) => choose(page, "#file", "package-lock.json", content);
    for (const [content, said] of [["{", /not JSON/], ['{"lockfileVersion": 1, "dependencies": {}}', /npm 7/]]) {
      await give(content);
      await inside((said) => document.getElementById("problem").innerText.includes(said), said.source);
    }
    assert.equal((await texts("#duplicates > li")).length, twice.length); // what was there is there
    // A folder of the project, linked into node_modules, and an optional package that is not installed.
    await give(JSON.stringify({
      lockfileVersion: 3,
      packages: {
        "": { name: "root", dependencies: { a: "^1" } },
        "node_modules/a": { resolved: "packages/a", link: true },
        "packages/a": { version: "1.0.0", dependencies: { b: "^2" }, optionalDependencies: { gone: "*" } },
        "node_modules/b": { version: "1.0.0" },
        "packages/a/node_modules/b": { version: "2.0.0" },
      },
    }));
    await inside(() => document.getElementById("size").innerText.startsWith("3 packages, 2 requirements"));
    await page.type("#name", "b");
    await page.keyboard.press("Enter");
    await inside(() => document.querySelectorAll("#why li").length === 2);
    assert.deepEqual(await texts("#why li"), ["Nothing requires it: npm prune would take it away.", "root → a 1.0.0 (^1) → b 2.0.0 (^2)"]);
    await page.close();
  });
});

describe("friends", () => {
  test("communities, ways and top tens are those of the friendships", { timeout }, async () => {
    const { page, inside, text, texts, fine } = await visit("social");
    await inside(() => document.body.dataset.ready);
    await accessible(page);
    const friends = new Map();
    for (const [a, b] of [...friendships, ...friendships.map(([a, b]) => [b, a])]) friends.set(a, (friends.get(a) ?? new Set()).add(b));
    const steps = (from, to) => {
      for (let at = 0, seen = new Set([from]), edge = [from]; edge.length; at++) {
        if (edge.includes(to)) return at;
        edge = [...new Set(edge.flatMap((name) => [...friends.get(name)]))].filter((name) => !seen.has(name) && seen.add(name));
      }
    };
    // The five circles in which they met are found from the friendships alone.
    assert.deepEqual(await texts("#communities .number"), Array(5).fill("12 people"));
    const most = [...friends].map(([name, { size }]) => [name, size]).sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).slice(0, 10);
    assert.deepEqual(await texts("#connected li"), most.map(([name, n]) => `${name} ${n}`));

    await page.select("#person", "Otis");
    await inside(() => document.getElementById("chosen").innerText === "Otis");
    assert.deepEqual(await texts("#friends button"), [...friends.get("Otis")].sort());
    await page.select("#to", "Amara");
    await page.click("#way button");
    await inside(() => document.getElementById("found").innerText.includes("step"));
    assert.match(await text("#found"), new RegExp(`^Otis → .* → Amara \\(${steps("Otis", "Amara")} steps\\)$`));

    await page.select("#person", "Amara");
    await inside(() => document.getElementById("chosen").innerText === "Amara");
    const suggested = (await texts("#suggested .grow button"))[0];
    await page.click("#suggested li:first-child > button");
    await inside((name) => [...document.querySelectorAll("#friends button")].some((button) => button.innerText === name), suggested);
    await page.reload();
    await inside(() => document.body.dataset.ready);
    assert.equal(await text("#chosen"), "Amara");
    assert.ok((await texts("#friends button")).includes(suggested));
    assert.match(await text("#size"), new RegExp(`${friendships.length + 1} friendships`));
    await fine();
    await page.close();
  });
});

test("the README's page does what it says", { timeout }, async (t) => {
  const [, html, said] = /```html\n([^]*?console\.log\(rows\); \/\/ (.*)\n[^]*?)```/.exec(readFileSync(join(web, "../README.md"), "utf8"));
  const plain = await serve(web, { mounts: { "/pocketgraph/": join(web, "dist") }, routes: { "/": (_, response) => response.writeHead(200, { "content-type": "text/html" }).end(html) } });
  t.after(() => plain.close());
  const page = await browser.newPage();
  const logged = new Promise((done) => page.on("console", (message) => message.type() === "log" && done(message.args()[0].jsonValue())));
  await page.goto(plain.url);
  assert.deepEqual(await logged, new Function(`return ${said}`)());
  await page.close();
});

test("the front page leads to each", { timeout }, async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const links = await page.$$eval("main a", (found) => found.map((link) => link.href));
  assert.equal(links.length, 4);
  for (const link of links) assert.equal((await fetch(link)).status, 200);
  await accessible(page);
  await page.close();
});

// Saved queries: kept, given away as a file, taken from one.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chord } from "./reader.mjs";

export function queries(the) {
  const names = () => the.reader.page.$$eval("#saved .entry", (entries) => entries.map((entry) => entry.textContent));

  test("a query is saved by keyboard and put back into the editor", async () => {
    const { reader } = the;
    await reader.page.click("#tab-queries");
    await reader.ask("// Who is Portugal's neighbour?\nMATCH (:Country {code: 'PT'})-[:BORDERS]-(n) RETURN n.name");
    await chord(reader.page, "s");
    await reader.waitFor(() => document.querySelector("dialog[open]"));
    assert.equal(await reader.page.$eval("#dialog-name", (input) => input.value), "Who is Portugal's neighbour?");
    await reader.page.keyboard.press("Enter");
    assert.deepEqual(await names(), ["Who is Portugal's neighbour?"]);
    await reader.run("RETURN 1");
    await reader.page.click("#saved .entry");
    assert.match(await reader.written(), /PT/);
  });

  test("saved queries go out as a file that comes back whole", async () => {
    const { reader } = the;
    const text = await reader.page.evaluate(async () => {
      const made = [];
      const original = URL.createObjectURL;
      URL.createObjectURL = (blob) => (made.push(blob), original(blob));
      document.getElementById("saved-export").click();
      URL.createObjectURL = original;
      return made[0].text();
    });
    const content = JSON.parse(text);
    assert.deepEqual([content.format, content.version, content.queries.length], ["pocketgraph-queries", 1, 1]);
    content.queries.push({ name: "<img src=x>", query: "RETURN '<b>'" }, { name: content.queries[0].name, query: "RETURN 'another'" });
    await importFile(the, JSON.stringify(content));
    assert.deepEqual(await names(), ["<img src=x>", "Who is Portugal's neighbour?", "Who is Portugal's neighbour? (2)"]);
    await importFile(the, JSON.stringify(content));
    assert.equal((await names()).length, 3, "what is there is not added again");
  });

  test("a file of anything else is refused, and adds nothing", async () => {
    for (const [content, what] of [["not JSON", /JSON/], ['{"format":"other"}', /format/], ['{"format":"pocketgraph-queries","version":2,"queries":[]}', /version is 2/], ['{"format":"pocketgraph-queries","version":1,"queries":[{"name":"x"}]}', /query 1/]]) {
      await importFile(the, content);
      assert.equal(await the.reader.text(".problem .code"), "FORMAT");
      assert.match(await the.reader.text(".problem .message"), what);
    }
    assert.equal((await names()).length, 3);
  });

  test("when localStorage is full the page says so, and keeps what it had", async () => {
    const { reader } = the;
    await reader.page.evaluate(() => {
      for (let size = 4_000_000; size >= 1; size = Math.floor(size / 2)) {
        for (let i = 0; i < 3; i++) {
          try {
            localStorage.setItem(`ballast ${size} ${i}`, "x".repeat(size));
          } catch {
            break;
          }
        }
      }
    });
    await reader.run(`RETURN '${"long ".repeat(2_000)}' AS text`);
    await reader.page.click("#save");
    await reader.waitFor(() => document.querySelector("dialog[open]"));
    await reader.page.keyboard.type("Too much");
    await reader.page.keyboard.press("Enter");
    assert.equal(await reader.text(".problem .code"), "STORAGE_FULL");
    assert.equal((await names()).length, 3);
    await reader.page.evaluate(() => Object.keys(localStorage).forEach((key) => key.startsWith("ballast") && localStorage.removeItem(key)));
  });

  test("a saved query is deleted when that is confirmed", async () => {
    const { reader } = the;
    await reader.page.click("#saved .icon");
    await reader.page.click("dialog .danger");
    assert.deepEqual(await names(), ["Who is Portugal's neighbour?", "Who is Portugal's neighbour? (2)"]);
    await reader.page.reload();
    await reader.waitFor(() => document.documentElement.dataset.ready === "true");
    assert.equal((await names()).length, 2, "and the others are kept");
  });
}

async function importFile({ reader, files }, content) {
  const path = join(files, "queries.json");
  writeFileSync(path, content);
  await reader.page.evaluate(() => {
    document.getElementById("notices").replaceChildren();
    // The page's own input is never in the document; this one is found by the driver.
    const click = HTMLInputElement.prototype.click;
    HTMLInputElement.prototype.click = function () {
      HTMLInputElement.prototype.click = click;
      this.id = "chosen";
      this.hidden = true;
      document.body.append(this);
    };
    document.getElementById("saved-import").click();
  });
  const input = await reader.page.$("#chosen");
  await input.uploadFile(path);
  await reader.waitFor(() => document.getElementById("notices").textContent);
  await reader.page.evaluate(() => document.getElementById("chosen").remove());
}

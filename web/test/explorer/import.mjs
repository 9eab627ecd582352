// Files in and out: the wizard shows what they hold, and nothing is half read.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

export function importing(the) {
  async function bring(files) {
    const paths = Object.entries(files).map(([name, content]) => {
      writeFileSync(join(the.files, name), content);
      return join(the.files, name);
    });
    await the.reader.page.evaluate(() => document.getElementById("notices").replaceChildren());
    await (await the.reader.page.$("#file")).uploadFile(...paths);
    await the.reader.page.waitForSelector("dialog.wide .preview, dialog.wide .problem");
  }
  const cells = (row) => the.reader.page.$$eval(`.preview tbody tr:nth-child(${row}) td`, (cells) => cells.map((cell) => cell.textContent));
  async function confirm() {
    await the.reader.page.click("dialog.wide [type=submit]");
    await the.reader.waitFor(() => !document.querySelector("dialog") && document.getElementById("notices").textContent);
  }

  test("a plain CSV file is shown, mapped and read", async () => {
    const { reader } = the;
    await bring({ "people.csv": "name,born\nAda,1815\n\"<b>Grace\",\nKurt,1906\n" });
    assert.deepEqual(await cells(1), ["Ada", "1815"]);
    assert.deepEqual(await cells(2), ["<b>Grace", "null"]);
    assert.equal(await reader.page.$eval("[id='import-column-people.csv-born']", (select) => select.value), "born:INT", "what its values look like");
    await reader.page.type("#import-labels", "Person, Imported");
    await reader.page.keyboard.press("Tab");
    await reader.waitFor(() => !document.querySelector("dialog.wide [type=submit]").disabled);
    await confirm();
    assert.match(await reader.text("#notices"), /Imported.*3 nodes and 0 relationships, CSV/);
    await reader.run("MATCH (p:Person:Imported) RETURN p.name AS name, p.born AS born ORDER BY name");
    assert.deepEqual(await reader.rows(), [["'<b>Grace'", "null"], ["'Ada'", "1815"], ["'Kurt'", "1906"]]);
  });

  test("two plain tables become nodes and relationships", async () => {
    const { reader } = the;
    await bring({ "stations.csv": "nr,name,opened,open,post\nS1,Harbour,1901,true,01067\nS2,Castle,1911,false,10115\n", "lines.csv": "from,to,km\nS1,S2,3.5\n" });
    assert.match(await reader.page.$eval("dialog.wide .needed", (hint) => hint.textContent), /plain table/);
    assert.equal(await reader.page.evaluate(() => document.activeElement.id), "import-labels");
    await reader.page.type("#import-labels", "Station");
    await reader.page.type("#import-type", "LINE");
    await reader.page.keyboard.press("Tab");
    for (const [column, role] of [["stations.csv-nr", "nr:ID"], ["lines.csv-from", ":START_ID"], ["lines.csv-to", ":END_ID"]]) {
      await reader.page.select(`[id="import-column-${column}"]`, role);
      await reader.waitFor((column, role) => document.getElementById(`import-column-${column}`).value === role, column, role);
    }
    await reader.waitFor(() => !document.querySelector("dialog.wide [type=submit]").disabled);
    await confirm();
    assert.match(await reader.text("#notices"), /2 nodes and 1 relationship/);
    await reader.run("MATCH (a:Station)-[l:LINE]->(b) RETURN a.nr + a.name AS one, a.opened AS opened, a.open AS open, a.post AS post, l.km AS km, b.name AS other");
    assert.deepEqual(await reader.rows(), [["'S1Harbour'", "1901", "true", "'01067'", "3.5", "'Castle'"]], "numbers with leading zeros are texts");
    await reader.run("MATCH (s:Station) DETACH DELETE s");
  });

  test("a file that is wrong says where, and nothing of it is there", async () => {
    const { reader } = the;
    await bring({ "bad.jsonl": '{"type":"node","id":"1","labels":["Half"],"properties":{}}\n{"type":"node","id":"2","labels":["Half"],"properties":{]}\n' });
    if (!(await reader.page.$eval("dialog.wide [type=submit]", (button) => button.disabled))) {
      await confirm();
      assert.match(await reader.text(".problem"), /bad\.jsonl|line 2/);
    } else {
      await reader.page.keyboard.press("Escape");
    }
    await reader.run("MATCH (h:Half) RETURN count(h) AS n");
    assert.deepEqual(await reader.rows(), [["0"]]);
  });

  test("what is exported comes back", async () => {
    const { reader } = the;
    const { page } = reader;
    await page.click("#tab-store");
    await page.waitForSelector("#export");
    const exported = {};
    for (const format of ["jsonl", "graphml"]) {
      await page.evaluate((format) => {
        document.getElementById("notices").replaceChildren();
        document.getElementById("export-format").value = format;
        const original = URL.createObjectURL;
        URL.createObjectURL = (blob) => {
          globalThis.exported = blob;
          URL.createObjectURL = original;
          return original(blob);
        };
        document.getElementById("export").click();
      }, format);
      await reader.waitFor(() => /Exported as/.test(document.getElementById("notices").textContent));
      exported[format] = await page.evaluate(() => globalThis.exported.text());
    }
    assert.match(exported.jsonl, /"Portugal"/);
    assert.match(exported.graphml, /<graphml/);
    await bring({ "again.graphml": exported.graphml });
    await page.click("#import-replace");
    await confirm();
    assert.match(await reader.text("#notices"), /318 nodes and 799 relationships, GraphML/);
    await reader.run("MATCH (p:Person:Imported) DETACH DELETE p");
    await reader.run("MATCH (c:Country {code: 'PT'})-[r:BORDERS]-(n) RETURN n.name AS name");
    assert.deepEqual(await reader.rows(), [["'Spain'"]]);
    await page.click("#tab-queries");
  });
}

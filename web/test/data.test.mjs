// Real graphs loaded in the page through the package, with the counts their
// sources state. Skipped where the shared data folder is absent.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, serveApp, session, web } from "./fixture.mjs";

const data = process.env.POCKETGRAPH_DATA ?? join(web, "../../shared/data");
const skip = existsSync(data) ? false : `no data at ${data} (POCKETGRAPH_DATA names another folder)`;
const timeout = 300_000;

let app;
before(async () => !skip && (app = await makeApp()), { timeout });
after(() => app?.remove());

/** On the page: everything there is, by label and by type. */
async function counts(name) {
  const db = await globalThis.pg.open(name, { storage: "opfs", create: false });
  const one = async (text) => (await db.query(text)).rows;
  const group = (rows) => Object.fromEntries(rows.map(({ k, n }) => [k, n]).sort());
  const found = {
    nodes: (await one("MATCH (n) RETURN count(n) AS n"))[0].n,
    rels: (await one("MATCH ()-[r]->() RETURN count(r) AS n"))[0].n,
    labels: group(await one("MATCH (n) UNWIND labels(n) AS k RETURN k, count(*) AS n")),
    types: group(await one("MATCH ()-[r]->() RETURN type(r) AS k, count(*) AS n")),
    problems: await db.check(),
  };
  await db.close();
  return found;
}

for (const browser of browsers) {
  describe(browser, { skip }, () => {
    let server, here;
    before(async () => {
      server = await serveApp(app, { mounts: { "/data/": data } });
      here = await session(browser, app, { server });
    }, { timeout });
    after(async () => {
      await here?.close();
      await server?.close();
    });

    test("the Movies script", { timeout }, async () => {
      const answers = await here.page.evaluate(async () => {
        const script = await (await fetch("/data/movies/movies.cypher")).text();
        const db = await globalThis.pg.create("movies", { storage: "opfs" });
        // No string of this script has a semicolon at the end of a line.
        for (const statement of script.split(/;\s*$/m)) if (statement.trim()) await db.query(statement);
        const first = async (text) => Object.values((await db.query(text)).rows[0])[0];
        const answers = {
          coActors: await first("MATCH (:Person {name: 'Tom Hanks'})-[:ACTED_IN]->(:Movie)<-[:ACTED_IN]-(o:Person) RETURN count(DISTINCT o)"),
          nineties: await first("MATCH (m:Movie) WHERE 1990 <= m.released < 2000 RETURN count(m)"),
          ratings: await first("MATCH (:Person {name: 'Jessica Thompson'})-[r:REVIEWED]->() RETURN sum(r.rating)"),
        };
        await db.close();
        return answers;
      });
      assert.deepEqual(answers, expectedMovies());
      const found = await here.page.evaluate(counts, "movies");
      assert.deepEqual(found.problems, []);
      assert.deepEqual(found.labels, { Movie: 38, Person: 133 });
      assert.equal(found.nodes, 171);
      assert.equal(found.rels, 253);
      assert.equal(found.types.ACTED_IN, 172);
    });

    test("the LDBC graph, in batches of parameters", { timeout }, async () => {
      const manifest = JSON.parse(readFileSync(join(data, "ldbc-snb-tiny/manifest.json"), "utf8"));
      await here.page.evaluate(loadCSV, manifest);
      const found = await here.page.evaluate(counts, "ldbc");
      assert.deepEqual(found, { ...manifest.counts, problems: [] });
    });
  });
}

/** What the script itself says, counted on its text. */
function expectedMovies() {
  const script = readFileSync(join(data, "movies/movies.cypher"), "utf8");
  const acted = [...script.matchAll(/\((\w+)\)-\[:ACTED_IN.*?\]->\((\w+)\)/g)].map(([, who, what]) => [who, what]);
  const tom = new Set(acted.filter(([who]) => who === "TomH").map(([, what]) => what));
  const released = [...script.matchAll(/:Movie \{[^}]*released:\s*(\d+)/g)].map(([, year]) => Number(year));
  const ratings = [...script.matchAll(/\(JessicaThompson\)-\[:REVIEWED [^\]]*rating:(\d+)/g)].map(([, n]) => Number(n));
  return {
    coActors: new Set(acted.filter(([who, what]) => who !== "TomH" && tom.has(what)).map(([who]) => who)).size,
    nineties: released.filter((year) => year >= 1990 && year < 2000).length,
    ratings: ratings.reduce((sum, n) => sum + n, 0),
  };
}

/** On the page: loads neo4j-admin CSV as an app without an importer would, by UNWIND over parameters. */
async function loadCSV(manifest) {
  const db = await globalThis.pg.create("ldbc", { storage: "opfs" });
  const quote = (name) => `\`${name.replaceAll("`", "``")}\``;
  const fields = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) => field).slice(0, -1);
  const plain = (field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
  const convert = (field, type) => (type.endsWith("[]") ? plain(field).split(";") : /^(INT|LONG|ID)/.test(type) ? Number(field) : plain(field));
  async function* batches(file, size = 5000) {
    const lines = (await (await fetch(`/data/ldbc-snb-tiny/${file}`)).text()).split("\n").filter(Boolean);
    const header = lines[0].split(",").map((h) => h.split(":"));
    for (let from = 1; from < lines.length; from += size) yield lines.slice(from, from + size).map((line) => [header, fields(line + ",")]);
  }
  const properties = (header, values) => Object.fromEntries(header.flatMap(([name, type], i) => (name && values[i] !== "" ? [[name, convert(values[i], type)]] : [])));
  for (const { file, idSpace } of manifest.nodes) {
    await db.query(`CREATE INDEX IF NOT EXISTS FOR (n:${quote(idSpace)}) ON (n.id)`);
    for await (const batch of batches(file)) {
      const groups = new Map(); // labels are not parameters: one statement for each set
      for (const [header, values] of batch) {
        const labels = values[header.findIndex(([, type]) => type === "LABEL")];
        if (!groups.has(labels)) groups.set(labels, []);
        groups.get(labels).push(properties(header, values));
      }
      for (const [labels, rows] of groups) await db.query(`UNWIND $rows AS row CREATE (n:${labels.split(";").map(quote).join(":")}) SET n = row`, { rows });
    }
  }
  for (const { file } of manifest.rels) {
    for await (const batch of batches(file)) {
      const at = (type) => batch[0][0].findIndex(([, t]) => t.startsWith(type));
      const [start, end, type] = [at("START_ID"), at("END_ID"), at("TYPE")];
      const space = (i) => quote(/\((.*)\)/.exec(batch[0][0][i][1])[1]);
      const rows = batch.map(([header, values]) => ({ s: Number(values[start]), e: Number(values[end]), p: properties(header, values) }));
      await db.query(`UNWIND $rows AS row MATCH (s:${space(start)} {id: row.s}), (e:${space(end)} {id: row.e}) CREATE (s)-[r:${quote(batch[0][1][type])}]->(e) SET r = row.p`, { rows });
    }
  }
  await db.close();
}

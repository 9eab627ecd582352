// Real graphs loaded in the page through the package, with the counts and
// answers of testdata/answers.json: the native tests (data_test.go) read the
// same file, and its answers were computed without PocketGraph. Skipped where
// the shared data folder is absent.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers } from "./browsers.mjs";
import { makeApp, serveApp, session, web } from "./fixture.mjs";

const data = process.env.POCKETGRAPH_DATA ?? join(web, "../../shared/data");
const skip = existsSync(data) ? false : `no data at ${data} (POCKETGRAPH_DATA names another folder)`;
const { datasets } = JSON.parse(readFileSync(join(web, "../testdata/answers.json"), "utf8"));
const timeout = 300_000;

let app;
before(async () => !skip && (app = await makeApp()), { timeout });
after(() => app?.remove());

/**
 * On the page: opens the database and returns what recovery read, everything
 * there is by label and by type, and the answers. A snapshot is the last step,
 * if asked for.
 */
async function ask(name, queries, snapshot) {
  const db = await globalThis.pg.open(name, { storage: "opfs", create: false });
  const rows = async (text) => (await db.query(text)).rows;
  const group = (rows) => Object.fromEntries(rows.map(({ k, n }) => [k, n]).sort());
  const answers = [];
  for (const { text, params } of queries) {
    const { columns, rows } = await db.query(text, params, { rows: "array" });
    answers.push({ columns, rows });
  }
  const found = {
    records: db.info.recovery.records > 0,
    snapshotBytes: db.info.recovery.snapshotBytes > 0,
    nodes: (await rows("MATCH (n) RETURN count(n) AS n"))[0].n,
    relationships: (await rows("MATCH ()-[r]->() RETURN count(r) AS n"))[0].n,
    labels: group(await rows("MATCH (n) UNWIND labels(n) AS k RETURN k, count(*) AS n")),
    types: group(await rows("MATCH ()-[r]->() RETURN type(r) AS k, count(*) AS n")),
    problems: await db.check(),
    answers,
  };
  if (snapshot) await db.snapshot();
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

    for (const { name, files, queries, nodes, relationships, labels, types } of datasets) {
      test(`${name}: loaded, from the log, from a snapshot`, { timeout }, async () => {
        assert.ok(queries.length >= 10, "the file has questions");
        await here.page.evaluate(files[0].endsWith(".cypher") ? loadScript : loadCSV, name, files);
        const expected = { nodes, relationships, labels, types, problems: [] };
        for (const from of ["log", "snapshot"]) {
          const { answers, records, snapshotBytes, ...counts } = await here.page.evaluate(ask, name, queries, from === "log");
          assert.deepEqual({ records, snapshotBytes }, { records: from === "log", snapshotBytes: from === "snapshot" }, `read from the ${from}`);
          assert.deepEqual(counts, expected, from);
          queries.forEach(({ name, text, columns, rows }, i) => assert.deepEqual(answers[i], { columns, rows }, `${from}: ${name}: ${text}`));
        }
      });
    }
  });
}

/** On the page: runs a script whose statements end at the end of a line. */
async function loadScript(name, files) {
  const db = await globalThis.pg.create(name, { storage: "opfs" });
  for (const file of files) {
    const script = await (await fetch(`/data/${name}/${file}`)).text();
    for (const statement of script.split(/;\s*$/m)) if (statement.trim()) await db.query(statement);
  }
  await db.close();
}

/** On the page: loads neo4j-admin CSV as an app without an importer would, by UNWIND over parameters. */
async function loadCSV(name, files) {
  const db = await globalThis.pg.create(name, { storage: "opfs" });
  const quote = (name) => `\`${name.replaceAll("`", "``")}\``;
  const fields = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) => field).slice(0, -1);
  const plain = (field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
  const convert = (field, type) => (type.endsWith("[]") ? plain(field).split(";") : /^(INT|LONG|ID)/.test(type) ? Number(field) : plain(field));
  const properties = (header, values) => Object.fromEntries(header.flatMap(([name, type], i) => (name && values[i] !== "" ? [[name, convert(values[i], type)]] : [])));
  for (const file of files) {
    const lines = (await (await fetch(`/data/${name}/${file}`)).text()).split("\n").filter(Boolean);
    const header = fields(lines[0] + ",").map((h) => h.split(":"));
    const at = (type) => header.findIndex(([, t]) => t.startsWith(type));
    const space = (i) => quote(/\((.*)\)/.exec(header[i][1])[1]);
    const [id, start, end] = [at("ID("), at("START_ID"), at("END_ID")];
    if (id >= 0) await db.query(`CREATE INDEX IF NOT EXISTS FOR (n:${space(id)}) ON (n.id)`);
    for (let from = 1; from < lines.length; from += 5000) {
      const groups = new Map(); // labels and types are not parameters: one statement for each
      for (const line of lines.slice(from, from + 5000)) {
        const values = fields(line + ",");
        const word = values[at(id >= 0 ? "LABEL" : "TYPE")];
        if (!groups.has(word)) groups.set(word, []);
        groups.get(word).push(id >= 0 ? properties(header, values) : { s: Number(values[start]), e: Number(values[end]), p: properties(header, values) });
      }
      for (const [word, rows] of groups) {
        const text = id >= 0
          ? `CREATE (n:${word.split(";").map(quote).join(":")}) SET n = row`
          : `MATCH (s:${space(start)} {id: row.s}), (e:${space(end)} {id: row.e}) CREATE (s)-[r:${quote(word)}]->(e) SET r = row.p`;
        await db.query(`UNWIND $rows AS row ${text}`, { rows });
      }
    }
  }
  await db.close();
}

// Keeps a store as this version writes it, for test/formats-kept.test.mjs: every
// later version must open it and answer the same. Run it once for each release
// that changes the format of the files (docs/releasing.md), after the build:
//
//   node scripts/format-fixture.mjs        writes ../testdata/formats/VERSION/

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
export const kept = join(web, "../testdata/formats");

/** What is asked of a kept store. Add to the end: the answers of older stores have fewer. */
export const questions = [
  "MATCH (v:Value) RETURN v.name AS name, v.value AS value ORDER BY name",
  "MATCH (v:Value) RETURN v.name AS name, valueType(v.value) AS type ORDER BY name",
  "MATCH (a)-[r]->(b) RETURN labels(a) AS a, type(r) AS type, properties(r) AS properties, labels(b) AS b, a.n AS n ORDER BY n, type",
  "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS n ORDER BY label",
  "MATCH (n:Numbered) WHERE n.n > 90 RETURN collect(n.n) AS found, sum(n.half) AS sum",
  "MATCH (n) RETURN max(id(n)) AS last",
  "SHOW INDEXES YIELD name, type, labelsOrTypes, properties RETURN name, type, labelsOrTypes, properties ORDER BY name",
  "SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties RETURN name, type, labelsOrTypes, properties ORDER BY name",
];

/** Values of every kind that can be stored, at the ends of their ranges. */
const values = {
  true: true, zero: 0, small: -128, large: 2n ** 63n - 1n, least: -(2n ** 63n), float: 1.5, tiny: 5e-324, minus: -0, text: "Zoë 🦊\u0000", empty: "", long: "x".repeat(5000),
  bytes: new Uint8Array([0, 255, 7]), vector: new Float32Array([0.5, -1]), ints: [1, 2, 3], texts: ["a", "b"], none: [],
  date: { $date: "2024-02-29" }, old: { $date: "-0044-03-15" }, localtime: { $localtime: "12:30:00.000000001" }, time: { $time: "23:59:59+05:30" },
  localdatetime: { $localdatetime: "1999-12-31T23:59:59" }, datetime: { $datetime: "2024-06-01T12:00:00+02:00[Europe/Stockholm]" }, duration: { $duration: "P1Y2M3DT4.5S" },
  flat: { $point: { srid: 7203, x: 1, y: 2 } }, globe: { $point: { srid: 4979, x: 12, y: 56, z: 3 } },
};

/** Text of a row in which every value shows its type. */
export const shown = (rows) => rows.map((row) => JSON.stringify(row, (_, value) => {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (Object.is(value, -0)) return { $minus: 0 };
  return ArrayBuffer.isView(value) ? { [`$${value.constructor.name}`]: [...value] } : value;
}));

async function write() {
  const { open, version } = await import("../dist/node.js");
  const folder = join(kept, version);
  if (existsSync(folder)) throw new Error(`${folder} is there: what was released is not written again`);
  mkdirSync(kept, { recursive: true });
  const db = await open("writing", { directory: kept, create: true });
  await db.query("CREATE CONSTRAINT numbered FOR (n:Numbered) REQUIRE n.n IS UNIQUE");
  await db.query("CREATE INDEX halves FOR (n:Numbered) ON (n.half)");
  await db.query("UNWIND range(1, 100) AS n CREATE (:Numbered:Even {n: n, half: n / 2.0}) ");
  await db.query("MATCH (n:Numbered) WHERE n.n % 2 = 1 REMOVE n:Even");
  await db.query("MATCH (a:Numbered), (b:Numbered {n: a.n + 1}) CREATE (a)-[:NEXT {since: date('2024-01-01') + duration({days: a.n})}]->(b)");
  await db.snapshot(); // from here on the log
  for (const [name, value] of Object.entries(values)) await db.query("CREATE (:Value {name: $name, value: $value})", { name, value });
  await db.query("MATCH (n:Numbered {n: 50}) DETACH DELETE n");
  await db.query("MATCH (n:Numbered {n: 7}) SET n.half = null, n:Seven");
  await db.transaction(async (tx) => {
    await tx.query("CREATE (:Last)-[:OF]->(:Them)");
    await tx.query("MATCH (n:Numbered {n: 1})-[r:NEXT]->() DELETE r");
  });
  const answers = [];
  for (const text of questions) answers.push({ text, rows: shown((await db.query(text)).rows) });
  await db.close();
  renameSync(join(kept, "writing"), folder);
  rmSync(join(folder, "meta.owner"), { force: true });
  writeFileSync(join(folder, "answers.json"), JSON.stringify({ version, answers }, null, 1) + "\n");
  console.log(`${folder}: ${answers.length} questions`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write();

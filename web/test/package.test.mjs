// What npm pack makes: the files, the licences, the types.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { goForPage } from "../scripts/goenv.mjs";
import { makeApp, web } from "./fixture.mjs";

const installed = () => join(app.root, "node_modules/pocketgraph");
const read = (name) => readFileSync(join(installed(), name), "utf8");

/** What the page's module loads on use, and the entries that the exports map names beside the page's and the worker's. */
const onUse = ["files", "formats", "functions", "indexeddb", "load", "migrations", "subscribe", "tabs"];
const entries = ["cytoscape", "esbuild", "graphology", "neo4j", "react", "rollup", "svelte", "vue"];
const maps = ["index", "worker", "node", "node-neo4j", "node-worker", "node-formats-worker", "formats-worker", ...onUse, ...entries].map((name) => `dist/${name}.js.map`);

let app;
before(async () => (app = await makeApp()), { timeout: 120_000 });
after(() => app?.remove());

test("the package has its files and no others", () => {
  const files = readdirSync(installed()).sort();
  assert.deepEqual(files, ["LICENSE", "README.md", "THIRD-PARTY-NOTICES.txt", "dist", "package.json"]);
  const dist = readdirSync(join(installed(), "dist")).sort();
  const modules = ["index", "worker", "formats-worker", "node", "node-neo4j", "node-worker", "node-formats-worker", ...onUse, ...entries].flatMap((name) => [`${name}.js`, `${name}.js.map`]);
  const parts = ["errors", "formats-types", "formats-worker", "load-types", "neo4j-errors", "neo4j-integer", "neo4j-record", "neo4j-result", "neo4j-session", "neo4j-values", "observe", "open", "room", "types"];
  const declarations = ["index", "worker", ...entries, ...parts].map((name) => `${name}.d.ts`);
  assert.deepEqual(dist, [...modules, ...declarations, "importers.wasm", "pocketgraph.wasm"].sort());
  for (const path of Object.values(JSON.parse(read("package.json")).exports).flatMap((e) => (typeof e === "string" ? e : Object.values(e)))) {
    assert.ok(existsSync(join(installed(), path)), path);
  }
});

test("the package depends on nothing, and its lock file names no host", () => {
  assert.equal(JSON.parse(read("package.json")).dependencies, undefined);
  for (const file of ["package-lock.json", "bench/package-lock.json", "test/bundlers/package-lock.json", "test/bundlers/next/package-lock.json", "test/bun/package-lock.json"]) {
    const lock = JSON.parse(readFileSync(join(web, file), "utf8"));
    for (const [name, entry] of Object.entries(lock.packages)) assert.equal(entry.resolved, undefined, `${file}: ${name}`);
  }
});

test("the notices name everything that is linked or bundled", () => {
  const notices = read("THIRD-PARTY-NOTICES.txt");
  const modules = execFileSync("go", ["list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", "./wasm"], {
    cwd: join(web, ".."),
    encoding: "utf8",
    env: goForPage,
  });
  const wanted = new Set(["The Go standard library and runtime", "wasm_exec.js", ...modules.split("\n").filter(Boolean)]);
  for (const name of wanted) assert.ok(notices.includes(name), `${name} is not in THIRD-PARTY-NOTICES.txt`);
  for (const licence of ["Redistribution and use in source and binary forms"]) assert.ok(notices.includes(licence), licence);
  // Every source that esbuild bundled is ours or wasm_exec.js.
  for (const map of maps) {
    const strangers = JSON.parse(read(map)).sources.filter((s) => !/^\.\.\/src\//.test(s) && s !== "go:wasm_exec.js");
    assert.deepEqual(strangers, [], map);
  }
});

test("no file of the package has a path of the machine that built it", () => {
  for (const name of maps.flatMap((map) => [map, map.replace(".map", "")])) {
    assert.ok(!read(name).includes(join(web, "..") + "/"), name);
  }
  assert.ok(!readFileSync(join(installed(), "dist/pocketgraph.wasm")).includes(join(web, "..") + "/"), "wasm");
});

const usage = `
import { open, create, recover, destroy, list, PocketGraphError, version, type Database, type Node, type Row } from "pocketgraph";
import neo4j, { type EagerResult, type Integer, type Node as Neo4jNode, type Session } from "pocketgraph/neo4j";
import { toCytoscape } from "pocketgraph/cytoscape";
import { queryStore } from "pocketgraph/svelte";

export async function use(): Promise<string> {
  const db: Database = await open("movies", { storage: "auto", durability: "relaxed", onProgress: (p) => p.stage });
  const { rows, columns, summary } = await db.query("MATCH (p) RETURN p.name AS name", { age: 30, when: new Date(), big: 1n });
  const row: Row = rows[0];
  const typed = await db.query<{ name: string }>("RETURN 'x' AS name");
  const name: string = typed.rows[0].name;
  const arrays = await db.query("RETURN 1", {}, { rows: "array", timeout: 100, signal: AbortSignal.timeout(5) });
  const cell = arrays.rows[0][0];
  for await (const { n } of db.stream<{ n: Node }>("MATCH (n) RETURN n")) n.labels.join();
  const answer: number = await db.transaction(async (tx) => (await tx.cypher\`CREATE (:A {x: \${name}})\`).summary.sequence);
  const a = await db.createNode(["A"], { tags: ["x"] });
  await db.createRelationship(a, "R", a.id, { since: { $date: "2024-01-01" } });
  await (await create("other", { storage: "memory" })).close();
  await recover("movies", { mode: "salvage" });
  await destroy("movies");
  await list();
  try {
    await db.close();
  } catch (error) {
    if (error instanceof PocketGraphError) return error.code + (error.hint ?? "") + (error.position?.line ?? 0);
  }
  return String([row, columns, summary.counters.nodesCreated, cell, answer, version]);
}
export async function movies(): Promise<string> {
  const driver = neo4j.driver("bolt://localhost", neo4j.auth.basic("neo4j", "x"), { disableLosslessIntegers: true });
  const session: Session = driver.session({ database: "movies", defaultAccessMode: neo4j.session.READ });
  const result = await session.executeRead((tx) => tx.run<{ m: Neo4jNode; n: Integer }>("MATCH (m) RETURN m, 1 AS n"));
  const titles: string[] = result.records.map((record) => record.get("m").properties.title + record.get("n").toNumber());
  const { records, summary, keys } = await driver.executeQuery<EagerResult<{ t: string }>>("RETURN 't' AS t", {}, { routing: neo4j.routing.WRITE });
  const tx = await session.beginTransaction({ timeout: 1000 });
  await tx.run("RETURN $x", { x: neo4j.int(1) });
  await tx.commit();
  await session.close();
  const elements = toCytoscape((await (await open("x")).query("MATCH (n) RETURN n")).rows);
  const stop: () => void = queryStore<{ x: number }>(await open("x"), "RETURN 1 AS x").subscribe(({ rows, status }) => status + rows[0].x);
  stop();
  return String([titles, records[0].get("t").length, summary.counters.updates().nodesCreated, keys, elements[0].group]);
}
// @ts-expect-error a storage that does not exist
void open("x", { storage: "floppy" });
// @ts-expect-error a function is no parameter
void open("x").then((db) => db.query("RETURN $x", { x: () => 1 }));
`;

for (const [module, moduleResolution] of [["NodeNext", "NodeNext"], ["ESNext", "Bundler"]]) {
  test(`a TypeScript app compiles against the types: ${moduleResolution}`, () => {
    const dir = join(app.root, `ts-${moduleResolution}`);
    mkdirSync(dir);
    writeFileSync(join(dir, "app.ts"), usage);
    const compilerOptions = { module, moduleResolution, target: "ES2022", lib: ["ES2022", "DOM"], strict: true, noEmit: true, skipLibCheck: false, types: [] };
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.ts"] }));
    try {
      execFileSync(process.execPath, [join(web, "node_modules/typescript/bin/tsc"), "-p", dir], { encoding: "utf8" });
    } catch (error) {
      assert.fail(error.stdout);
    }
  });
}

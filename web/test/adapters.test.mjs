// The adapters, in Node on a database in memory: neo4j-driver's API with the
// queries of Neo4j's Movies example app, graphology, Cytoscape.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, test } from "node:test";
import cytoscape from "cytoscape";
import graphology from "graphology";
import { buildPackage } from "../scripts/build.mjs";
import { web } from "./fixture.mjs";

const timeout = 120_000;
const { MultiDirectedGraph, UndirectedGraph } = graphology;
let pg, neo4j, toGraphology, fromGraphology, toCytoscape;
before(async () => {
  if (!process.env.POCKETGRAPH_BUILT) await buildPackage();
  const load = (name) => import(pathToFileURL(join(web, "dist", `${name}.js`)).href);
  pg = await load("node");
  neo4j = await load("node-neo4j");
  ({ toGraphology, fromGraphology } = await load("graphology"));
  ({ toCytoscape } = await load("cytoscape"));
}, { timeout });

describe("neo4j: the Movies example app", () => {
  const file = join(process.env.POCKETGRAPH_DATA ?? join(web, "../../shared/data"), "movies/movies.cypher");
  const skip = existsSync(file) ? false : `no data at ${file} (POCKETGRAPH_DATA names another folder)`;
  /** The app's functions, as code for neo4j-driver writes them. */
  const app = ({ default: neo4j }, driver) => ({
    async search(title) {
      const session = driver.session({ database: "movies" });
      try {
        const result = await session.executeRead((tx) => tx.run("MATCH (movie:Movie) WHERE toLower(movie.title) CONTAINS toLower($title) RETURN movie", { title }));
        return result.records.map((record) => {
          const { title, released, tagline } = record.get("movie").properties;
          return { title, released: neo4j.isInt(released) ? released.toNumber() : released, tagline };
        });
      } finally {
        await session.close();
      }
    },
    async movie(title) {
      const { records } = await driver.executeQuery(
        `MATCH (movie:Movie {title: $title})
         OPTIONAL MATCH (movie)<-[rel]-(person:Person)
         RETURN movie.title AS title, collect({name: person.name, role: rel.roles, job: head(split(toLower(type(rel)), '_'))}) AS cast
         LIMIT 1`,
        { title },
        { database: "movies", routing: neo4j.routing.READ },
      );
      return { title: records[0].get("title"), cast: records[0].get("cast") };
    },
    async vote(title) {
      const session = driver.session({ database: "movies" });
      const { summary } = await session.executeWrite((tx) => tx.run("MATCH (m:Movie {title: $title}) SET m.votes = coalesce(m.votes, 0) + 1", { title }));
      await session.close();
      return summary.counters.updates().propertiesSet;
    },
    async graph(limit) {
      const session = driver.session({ database: "movies", defaultAccessMode: neo4j.session.READ });
      const { records } = await session.run("MATCH (m:Movie)<-[:ACTED_IN]-(a:Person) RETURN m.title AS movie, collect(a.name) AS cast ORDER BY m.title ASC LIMIT $limit", { limit: neo4j.int(limit) });
      await session.close();
      return records.map((record) => ({ movie: record.get("movie"), cast: record.get("cast").length }));
    },
  });

  test("its queries, through driver, session and executeQuery", { timeout, skip }, async () => {
    const driver = neo4j.default.driver("bolt://localhost:7687", neo4j.default.auth.basic("neo4j", "password"));
    assert.match((await driver.getServerInfo({ database: "movies" })).agent, /^PocketGraph/);
    const session = driver.session({ database: "movies" });
    for (const text of readFileSync(file, "utf8").split(/;\s*$/m).map((text) => text.trim()).filter((text) => text.replace(/^\s*\/\/.*$/gm, "").trim())) await session.run(text);
    await session.close();
    const { search, movie, vote, graph } = app(neo4j, driver);

    const matrix = await search("matrix");
    assert.deepEqual(matrix.map(({ title, released }) => [title, released]).sort(), [["The Matrix Reloaded", 2003], ["The Matrix Revolutions", 2003], ["The Matrix", 1999]]);
    const { title, cast } = await movie("The Matrix");
    assert.equal(title, "The Matrix");
    assert.deepEqual(cast.find(({ name }) => name === "Keanu Reeves"), { name: "Keanu Reeves", role: ["Neo"], job: "acted" });
    assert.deepEqual(cast.filter(({ job }) => job === "directed").map(({ name }) => name).sort(), ["Lana Wachowski", "Lilly Wachowski"]);
    assert.equal(await vote("The Matrix"), 1);
    await vote("The Matrix");
    const { records } = await driver.executeQuery("MATCH (m:Movie {title: 'The Matrix'}) RETURN m.votes AS votes", {}, { database: "movies" });
    assert.ok(records[0].get("votes").equals(2));
    const drawn = await graph(10);
    assert.equal(drawn.length, 10);
    assert.deepEqual(drawn[0], { movie: "A Few Good Men", cast: 12 });
    await driver.close();
    await assert.rejects(search("matrix"), { name: "Neo4jError" });
  });
});

describe("neo4j", () => {
  let db, driver;
  before(async () => {
    db = await pg.open("neo4j", { storage: "memory" });
    driver = neo4j.driver(db);
  });
  after(() => db?.close());
  const one = async (text, parameters) => (await driver.executeQuery(text, parameters)).records[0].get(0);

  test("a result is a promise, an async iterable, and tells who subscribes", { timeout }, async () => {
    const session = driver.session();
    const run = () => session.run("UNWIND range(1, 3) AS n RETURN n, -n AS m");
    const { records, summary } = await run();
    assert.deepEqual(records.map((record) => record.toObject()), [1, 2, 3].map((n) => ({ n: neo4j.int(n), m: neo4j.int(-n) })));
    assert.equal(summary.queryType, "r");
    const seen = [];
    for await (const record of run()) seen.push(record.get("n").toNumber());
    assert.deepEqual(seen, [1, 2, 3]);
    assert.deepEqual(await run().keys(), ["n", "m"]);
    const told = await new Promise((done) => {
      const told = [];
      run().subscribe({ onKeys: (keys) => told.push(keys), onNext: (record) => told.push(record.get(1).toString()), onCompleted: (summary) => done([...told, summary.counters.containsUpdates()]) });
    });
    assert.deepEqual(told, [["n", "m"], "-1", "-2", "-3", false]);
    assert.match((await new Promise((onError) => session.run("RETRUN").subscribe({ onError }))).code, /SyntaxError$/);
    await session.close();
    await assert.rejects(Promise.resolve(session.run("RETURN 1")), /closed session/);
  });

  test("records", { timeout }, async () => {
    const { records: [record] } = await driver.executeQuery("RETURN 1.5 AS a, 'x' AS b");
    assert.deepEqual([record.length, record.keys, record.get("a"), record.get(1), record.has("b"), record.has("c")], [2, ["a", "b"], 1.5, "x", true, false]);
    assert.deepEqual([[...record], [...record.entries()], record.map((value, key) => key)], [[1.5, "x"], [["a", 1.5], ["b", "x"]], ["a", "b"]]);
    assert.throws(() => record.get("c"), /no field with key 'c', available keys are: \[a,b\]/);
    assert.throws(() => record.get("length"), /no field/);
  });

  test("integers: a number is a Float, an Integer an Integer, and none is rounded", { timeout }, async () => {
    assert.equal(await one("RETURN $x", { x: 1 }), 1);
    assert.equal(await one("RETURN valueType($x)", { x: 1 }), "FLOAT NOT NULL");
    assert.equal(await one("RETURN valueType($x)", { x: neo4j.int(1) }), "INTEGER NOT NULL");
    const large = neo4j.int("9007199254740993");
    assert.equal((await one("RETURN $x + 1", { x: large })).toString(), "9007199254740994");
    assert.equal(large.inSafeRange(), false);
    assert.deepEqual(await one("RETURN [1, {a: 2}]"), [neo4j.int(1), { a: neo4j.int(2) }]);
    const [plain, big] = [{ disableLosslessIntegers: true }, { useBigInt: true }].map((config) => neo4j.driver(db, undefined, config));
    assert.equal((await plain.executeQuery("RETURN 42 AS x")).records[0].get("x"), 42);
    assert.equal((await big.executeQuery("RETURN 42 AS x")).records[0].get("x"), 42n);
    await plain.close();
    await big.close();
    assert.equal(db.closed, false, "a driver closes what it opened");
  });

  test("Integer's arithmetic is that of 64 bits", () => {
    const { int, Integer } = neo4j;
    assert.equal(Integer.MAX_VALUE.add(1).toString(), "-9223372036854775808");
    assert.equal(int("-9223372036854775808").toString(16), "-8000000000000000");
    assert.deepEqual([int(7).div(-2), int(-7).modulo(2), int(6).and(3), int(-1).toBigInt()].map(String), ["-3", "-1", "2", "-1"]);
    assert.deepEqual([int(0xffffffff).low, int(0xffffffff).high, int(-1).high, int(2 ** 40).high], [-1, 0, -1, 256]);
    assert.deepEqual([int(3).compare(4), int(3).equals("3"), int(1).isOdd(), int(2 ** 53).toNumberOrInfinity(), int("-5").isNegative()], [-1, true, true, Infinity, true]);
    assert.equal(JSON.stringify({ x: int(5) }), '{"x":"5"}');
    assert.throws(() => int("1.5"), /no whole number/);
    assert.ok(neo4j.isInt(int(1)) && !neo4j.isInt(1));
  });

  test("nodes, relationships and paths", { timeout }, async () => {
    const path = await one("CREATE p = (:A:B {x: 1})-[:R {y: 'z'}]->(:C) RETURN p");
    assert.ok(neo4j.isPath(path) && neo4j.isNode(path.start) && neo4j.isRelationship(path.segments[0].relationship));
    const { start, end, segments: [{ relationship }], length } = path;
    assert.deepEqual([start.labels, start.properties, end.labels, length], [["A", "B"], { x: neo4j.int(1) }, ["C"], 1]);
    assert.deepEqual([relationship.type, relationship.properties, relationship.startNodeElementId, relationship.endNodeElementId], ["R", { y: "z" }, start.elementId, end.elementId]);
    assert.ok(relationship.start.equals(start.identity));
    assert.ok((await one("MATCH (a:A) WHERE id(a) = $id RETURN a.x", { id: start.identity })).equals(1), "identity finds it");
    assert.equal((await one("MATCH (a) WHERE elementId(a) = $id RETURN labels(a)[0]", { id: end.elementId })), "C");
  });

  test("temporal and spatial values come as classes and go back as they came", { timeout }, async () => {
    const texts = ["date('2024-02-29')", "localtime('12:30:15.000000007')", "time('23:59:01+05:30')", "localdatetime('1999-12-31T23:59:59')", "datetime('2024-06-01T12:00:00[Europe/Stockholm]')", "datetime('-0044-03-15T06:00Z')", "duration('P1Y2M-3DT4H5.5S')", "duration('PT-0.5S')", "point({x: 1.0, y: 2.5})", "point({longitude: 12.0, latitude: 56.0, height: 3.0})"];
    for (const text of texts) {
      const value = await one(`RETURN ${text}`);
      assert.equal(typeof value, "object", text);
      assert.equal(await one(`RETURN ${text} = $value`, { value }), true, `${text}: ${value}`);
    }
    const when = await one("RETURN datetime('2024-06-01T12:00:00.25+02:00')");
    assert.ok(neo4j.isDateTime(when) && when.hour.equals(12) && when.timeZoneOffsetSeconds.equals(7200));
    assert.equal(when.toStandardDate().toISOString(), "2024-06-01T10:00:00.250Z");
    const now = new Date();
    assert.equal(neo4j.DateTime.fromStandardDate(now).toStandardDate().getTime(), now.getTime());
    assert.equal(await one("RETURN $now", { now }).then((value) => value.toStandardDate().getTime()), now.getTime());
    assert.equal(String(await one("RETURN $d", { d: neo4j.Date.fromStandardDate(new Date(2024, 1, 29)) })), "2024-02-29");
  });

  test("transactions", { timeout }, async () => {
    const session = driver.session();
    const count = async () => (await one("MATCH (t:T) RETURN count(t)")).toNumber();
    const tx = await session.beginTransaction();
    await tx.run("CREATE (:T)");
    assert.ok(tx.isOpen());
    await tx.commit();
    assert.equal(tx.isOpen(), false);
    await assert.rejects(tx.commit(), /already been committed/);
    assert.equal(await count(), 1);
    const undone = await session.beginTransaction();
    await undone.run("CREATE (:T)");
    await undone.rollback();
    assert.equal(await count(), 1);
    const notAwaited = session.beginTransaction();
    await notAwaited.run("CREATE (:T)");
    await notAwaited.commit();
    assert.equal(await count(), 2);
    await assert.rejects(session.executeWrite(async (tx) => { await tx.run("CREATE (:T)"); throw new RangeError("mine"); }), RangeError);
    await assert.rejects(session.executeRead((tx) => tx.run("CREATE (:T)")), { code: "Neo.ClientError.Statement.AccessMode" });
    assert.equal(await count(), 2);
    const left = await session.beginTransaction();
    await left.run("CREATE (:T)");
    await session.close();
    assert.equal(await count(), 2, "closing a session rolls back");
  });

  test("errors have Neo4j's codes, and ours as the cause", { timeout }, async () => {
    const error = await driver.executeQuery("MATCH (n) RETRUN n").catch((error) => error);
    assert.ok(error instanceof neo4j.Neo4jError);
    assert.equal(error.code, "Neo.ClientError.Statement.SyntaxError");
    assert.equal(error.cause.code, "SyntaxError");
    assert.match(error.message, /\^/);
    assert.equal((await driver.executeQuery("RETURN $none").catch((error) => error)).code, "Neo.ClientError.Statement.ParameterMissing");
    assert.throws(() => neo4j.driver("http://localhost"), /Unknown scheme/);
  });
});

describe("graphs", () => {
  let db;
  before(async () => {
    db = await pg.open("graphs", { storage: "memory" });
    await db.query("CREATE (a:Person:Admin {name: 'Ada', `@odd`: 1})-[:KNOWS {since: 1843}]->(b:Person {name: 'Charles'}), (b)-[:MADE]->(:Machine {title: 'Engine'}), (a)-[:KNOWS]->(a)");
  });
  after(() => db?.close());

  test("to graphology and back, nothing lost", { timeout }, async () => {
    const { rows } = await db.query("MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN n, collect({r: r, m: m}) AS more");
    const graph = toGraphology(new MultiDirectedGraph(), rows);
    assert.deepEqual([graph.order, graph.size], [3, 3]);
    const ada = graph.findNode((_, { name }) => name === "Ada");
    assert.deepEqual(graph.getNodeAttributes(ada), { name: "Ada", "@@odd": 1, "@labels": ["Person", "Admin"] });
    assert.deepEqual(graph.mapOutEdges(ada, (_, attributes) => attributes["@type"]), ["KNOWS", "KNOWS"]);
    const copy = await pg.open("copy", { storage: "memory" });
    const ids = await fromGraphology(copy, graph);
    assert.equal(ids.size, 3);
    const census = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) WITH n, r, m ORDER BY n.name, m.name RETURN labels(n) AS labels, properties(n) AS p, type(r) AS type, properties(r) AS rp, m.name AS to";
    const sorted = async (db) => (await db.query(census)).rows.map((row) => JSON.stringify(row)).sort();
    assert.deepEqual(await sorted(copy), await sorted(db));
    await copy.close();
  });

  test("a graph of somebody else's, and what does not fit changes nothing", { timeout }, async () => {
    const graph = new UndirectedGraph();
    graph.addNode("x", { size: 3 });
    graph.addNode("y");
    graph.addEdge("x", "y", { weight: 0.5 });
    const ids = await fromGraphology(db, graph, { labels: ["Thing"], type: "NEAR", keyProperty: "key" });
    const { rows } = await db.query("MATCH (a:Thing)-[r:NEAR]->(b:Thing) RETURN a.key AS a, a.size AS size, r.weight AS w, b.key AS b, elementId(a) AS id");
    assert.deepEqual(rows, [{ a: "x", size: 3, w: 0.5, b: "y", id: ids.get("x") }]);
    graph.setNodeAttribute("y", "draw", () => {});
    await assert.rejects(fromGraphology(db, graph, { labels: ["Thing"] }), { code: "INVALID_ARGUMENT" });
    assert.equal((await db.query("MATCH (t:Thing) RETURN count(t) AS n")).rows[0].n, 2);
  });

  test("to Cytoscape, which takes it", { timeout }, async () => {
    const { rows } = await db.query("MATCH p = (:Person {name: 'Ada'})-[:KNOWS]->() RETURN p");
    const cy = cytoscape({ headless: true, elements: toCytoscape(rows) });
    assert.deepEqual([cy.nodes().length, cy.edges().length], [2, 2]);
    assert.deepEqual(cy.nodes(".Admin").map((node) => node.data("label")), ["Ada"]);
    assert.equal(cy.edges(".KNOWS").length, 2);
    const alone = toCytoscape((await db.query("MATCH ()-[r:MADE]->() RETURN r")).rows, { label: ({ id }) => id });
    assert.equal(cytoscape({ headless: true, elements: alone }).nodes().length, 2, "ends that are not in the rows are there");
    const fake = toCytoscape([{ n: { id: "1", labels: [], properties: {} } }]);
    assert.deepEqual(fake, [], "a map of the user's is no node");
  });
});

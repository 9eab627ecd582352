// What the package does on a page: one case each, run on every storage in
// every browser. A case throws when it is not so.

/** @type {{[name: string]: {storages?: string[], run: (t: any) => Promise<void>}}} */
export const cases = {};
const all = (name, run) => (cases[name] = { run });
const durable = (name, run) => (cases[name] = { storages: ["opfs", "indexeddb"], run });
/** A hundred million rows, in order. */
const many = "UNWIND range(0, 99999) AS a UNWIND range(1, 1000) AS b RETURN a * 1000 + b AS x";
const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
/** Runs for minutes unless it is stopped. */
const endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*) AS n";

all("creates, queries and counts what it did", async ({ open, equal, ok, storage }) => {
  const db = await open();
  equal(db.info.storage, storage, "storage");
  const made = await db.query("CREATE (a:Person {name: 'Ada', age: 36})-[:KNOWS {since: 1830}]->(b:Person {name: 'Bob'})");
  equal(made.rows, [], "rows of a CREATE");
  equal(made.columns, [], "columns of a CREATE");
  equal(made.summary.counters.nodesCreated, 2, "nodesCreated");
  ok(made.summary.sequence > 0 && made.summary.milliseconds >= 0, "sequence and time"); // Firefox rounds clocks to milliseconds
  const { columns, rows } = await db.query("MATCH (p:Person) WHERE p.age > $age RETURN p.name AS name, p.age AS age", { age: 30 });
  equal(columns, ["name", "age"], "columns");
  equal(rows, [{ name: "Ada", age: 36 }], "rows");
});

all("answers procedures from tables", async ({ open, equal, rejects }) => {
  const db = await open();
  await db.registerTable("my.names(id :: INTEGER?) :: (name :: STRING?, weight :: FLOAT?)", [[1, "Ada", { $float: 1 }], [2, null, 0.5], [1, "Bob", NaN]]);
  const call = async () => (await db.query("CALL my.names(1) YIELD name, weight RETURN name, weight", {}, { rows: "array" })).rows;
  equal(await call(), [["Ada", 1], ["Bob", NaN]], "the rows of the argument");
  equal((await db.query("CALL my.names(2) YIELD name RETURN name")).rows, [{ name: null }], "a null");
  await db.registerTable("my.names(id :: INTEGER?) :: (name :: STRING?, weight :: FLOAT?)", []);
  equal(await call(), [], "replaced");
  await db.registerTable("my.nothing() :: ()", [[]]);
  equal((await db.query("UNWIND [1, 2] AS x CALL my.nothing() RETURN x")).rows, [{ x: 1 }, { x: 2 }], "without results");
  equal((await rejects(db.registerTable("nonsense", []), "ProcedureError")).detail, "InvalidSignature", "a signature that cannot be read");
  await rejects(db.registerTable("my.names() :: (a :: ANY?)", [[Symbol.iterator]]), "INVALID_ARGUMENT");
  equal((await rejects(db.query("CALL other.names()"), "ProcedureError")).detail, "ProcedureNotFound", "another one");
});

all("gives rows as arrays", async ({ open, equal }) => {
  const db = await open();
  const { rows } = await db.query("UNWIND [1, 2] AS x RETURN x, x * 10 AS y", {}, { rows: "array" });
  equal(rows, [[1, 10], [2, 20]], "rows");
});

all("carries every kind of value both ways, and structuredClone keeps it", async ({ open, equal }) => {
  const db = await open();
  const values = [
    null, true, false, 0, -1, 127, 128, 2 ** 31, Number.MAX_SAFE_INTEGER, 2n ** 53n, -(2n ** 63n), 1.5, NaN, Infinity, -0,
    "", "Grüße, 世界 🌍", "\ufeffmark", "a\0b", new Uint8Array([0, 1, 255]), [], [1, [null, "x"]], {}, { a: { b: [1] } },
    { $date: "1984-10-11" }, { $localtime: "12:31:14.645876123" }, { $time: "21:40:32.142+01:00" }, { $localdatetime: "1984-10-11T12:31" },
    { $datetime: "2017-08-08T12:31:14.645876123+02:00[Europe/Stockholm]" }, { $duration: "P12Y5M14DT16H13M10.5S" },
    { $point: { srid: 4326, x: 12.5, y: 55.75 } }, { $point: { srid: 9157, x: 1, y: 2, z: 3 } }, new Float32Array([0.5, -1]),
  ];
  for (const value of values) {
    const { rows } = await db.query("RETURN $value AS value", { value });
    equal(rows[0].value, value, "alone");
    equal(structuredClone(rows)[0].value, value, "cloned");
  }
  const { rows } = await db.query("UNWIND $values AS value RETURN value", { values });
  equal(rows.map((row) => row.value), values, "as one column");
  const date = new Date(1234567890123);
  equal((await db.query("RETURN $date AS d", { date })).rows[0].d, { $datetime: "2009-02-13T23:31:30.123Z" }, "Date");
  equal((await db.query("RETURN $f / 2 AS f", { f: { $float: 1 } })).rows[0].f, 0.5, "a Float that looks like an Integer");
});

all("knows the time zones of the browser, their gaps and overlaps", async ({ open, equal, rejects }) => {
  const db = await open();
  const of = async (text, params) => (await db.query(`RETURN ${text} AS x`, params)).rows[0].x;
  equal(await of("datetime('2017-03-26T02:30[Europe/Stockholm]')"), { $datetime: "2017-03-26T03:30+02:00[Europe/Stockholm]" }, "gap");
  equal(await of("datetime('2017-10-28T02:30[Europe/Stockholm]') + duration('PT25H')"), { $datetime: "2017-10-29T02:30+01:00[Europe/Stockholm]" }, "overlap");
  equal(await of("datetime({datetime: $d, timezone: 'Pacific/Apia'})", { d: { $datetime: "2011-12-30T09:59:59.5Z" } }), { $datetime: "2011-12-29T23:59:59.5-10:00[Pacific/Apia]" }, "before the day that Samoa left out");
  equal(await of("duration.between($a, date('2017-10-30'))", { a: { $datetime: "2017-10-29T00:00+02:00[Europe/Stockholm]" } }), { $duration: "P1D" }, "a day of 25 hours");
  equal(await of("[x IN [$d.epochMillis, $d.week, $d.offset] | x]", { d: new Date(1234567890123) }), [1234567890123, 7, "Z"], "components");
  await rejects(db.query("RETURN datetime('2017-03-26T02:30[Europe/Atlantis]')"), "ArgumentError");
});

all("stores every kind of property", async ({ open, equal }) => {
  const db = await open();
  const properties = { text: "x", whole: 7, large: 2n ** 60n, half: 0.5, yes: true, list: [1, 2, 3], texts: ["a", "b"], day: { $date: "2024-02-29" }, span: { $duration: "P1M" }, place: { $point: { srid: 7203, x: 1, y: 2 } } };
  const node = await db.createNode(["Thing", "Other"], properties);
  const { rows } = await db.query("MATCH (n:Thing) RETURN n");
  equal(rows[0].n, node, "node");
  equal([...node.labels].sort(), ["Other", "Thing"], "labels");
  const sorted = (o) => Object.fromEntries(Object.entries(o).sort());
  equal(sorted(node.properties), sorted(properties), "properties");
});

all("gives integers as bigint when asked", async ({ open, equal }) => {
  const db = await open({ integers: "bigint" });
  equal((await db.query("RETURN 1 AS x, 1.0 AS f, [2] AS l")).rows, [{ x: 1n, f: 1, l: [2n] }], "by database");
  equal((await db.query("RETURN 1 AS x", {}, { integers: "auto" })).rows, [{ x: 1 }], "by query");
});

all("gives nodes, relationships and paths as plain objects", async ({ open, equal, ok }) => {
  const db = await open();
  const ada = await db.createNode(["Person"], { name: "Ada" });
  const bob = await db.createNode(["Person"], { name: "Bob" });
  const knows = await db.createRelationship(ada, "KNOWS", bob.id, { since: 1830 });
  equal(knows, { id: knows.id, type: "KNOWS", start: ada.id, end: bob.id, properties: { since: 1830 } }, "relationship");
  const { rows } = await db.query("MATCH p = (a {name: 'Ada'})-[r:KNOWS]->(b) RETURN p, r, elementId(a) AS id");
  equal(rows, [{ p: { nodes: [ada, bob], relationships: [knows] }, r: knows, id: ada.id }], "path");
  equal(structuredClone(rows), rows, "cloned");
  ok(ada.id !== knows.id, "ids differ");
});

all("refuses a relationship to what is no node of it", async ({ open, rejects }) => {
  const db = await open();
  const node = await db.createNode([]);
  await rejects(db.createRelationship(node, "R", "elsewhere:n:1"), "INVALID_ARGUMENT");
  await rejects(db.createRelationship(node, "R", undefined), "INVALID_ARGUMENT");
  await rejects(db.createRelationship(node, "R", node.id.replace(/\d+$/, "999999")), "NOT_FOUND");
});

all("commits a transaction when its function returns", async ({ open, equal }) => {
  const db = await open();
  const answer = await db.transaction(async (tx) => {
    const a = await tx.createNode(["T"], { n: 1 });
    const b = await tx.createNode(["T"], { n: 2 });
    await tx.createRelationship(a, "NEXT", b);
    equal((await tx.query("MATCH (t:T) RETURN count(t) AS n")).rows, [{ n: 2 }], "its own writes");
    return "done";
  });
  equal(answer, "done", "result");
  equal((await db.query("MATCH (:T)-[:NEXT]->(t:T) RETURN t.n AS n")).rows, [{ n: 2 }], "after");
});

all("rolls a transaction back when its function throws", async ({ open, equal, rejects }) => {
  const db = await open();
  const cause = new Error("changed my mind");
  let outside;
  const failed = await db.transaction(async (tx) => {
    outside = tx;
    await tx.query("CREATE (:T)");
    throw cause;
  }).catch((error) => error);
  equal(failed === cause, true, "the error itself");
  equal((await db.query("MATCH (t:T) RETURN count(t) AS n")).rows, [{ n: 0 }], "nothing left");
  await rejects(outside.query("RETURN 1"), "TX_EXPIRED");
  await rejects(db.transaction((tx) => tx.query("RETURN nonsense")), "SyntaxError");
  await rejects(db.transaction((tx) => tx.query("CREATE (:T)"), { readOnly: true }), "READ_ONLY");
});

all("rolls a transaction back when it is aborted or takes too long", async ({ open, equal, rejects }) => {
  const db = await open();
  const control = new AbortController();
  const aborted = db.transaction(async (tx) => {
    await tx.query("CREATE (:T)");
    control.abort("enough");
    await sleep(10_000);
  }, { signal: control.signal });
  equal((await rejects(aborted, "CANCELLED")).cause, "enough", "reason");
  await rejects(db.transaction(async (tx) => {
    await tx.query("CREATE (:T)");
    await sleep(10_000);
  }, { timeout: 50 }), "TIMEOUT");
  equal((await db.query("MATCH (t:T) RETURN count(t) AS n")).rows, [{ n: 0 }], "nothing left");
});

all("streams rows in order", async ({ open, equal }) => {
  const db = await open();
  let next = 0;
  for await (const row of db.stream("UNWIND range(0, 9999) AS x RETURN x, 'text ' + toString(x) AS s")) {
    equal(row, { x: next, s: `text ${next}` }, "row");
    next++;
  }
  equal(next, 10_000, "rows");
});

all("ends a stream when the loop is left", async ({ open, equal }) => {
  const db = await open();
  let seen = 0;
  for await (const [x] of db.stream(many, {}, { rows: "array" })) {
    seen = x;
    if (x === 3000) break;
  }
  equal(seen, 3000, "rows seen");
  equal((await db.query("RETURN 1 AS x")).rows, [{ x: 1 }], "afterwards");
  await db.transaction(async (tx) => {
    for await (const { x } of tx.stream("UNWIND range(1, 3) AS x RETURN x")) await tx.query("CREATE (:S {x: $x})", { x });
  });
  equal((await db.query("MATCH (s:S) RETURN count(s) AS n")).rows, [{ n: 3 }], "queries inside a stream of a transaction");
});

all("throws a stream's error out of its loop", async ({ open, equal, rejects }) => {
  const db = await open();
  const drain = async (...args) => {
    for await (const _ of db.stream(...args));
  };
  await rejects(drain("RETURN 1 +"), "SyntaxError");
  const control = new AbortController();
  let rows = 0;
  await rejects((async () => {
    for await (const _ of db.stream(many, {}, { signal: control.signal })) if (++rows === 10) control.abort();
  })(), "CANCELLED");
  equal((await db.query("RETURN 1 AS x")).rows, [{ x: 1 }], "afterwards");
});

all("stops a query whose signal is aborted", async ({ open, equal, ok, rejects }) => {
  const db = await open();
  await rejects(db.query("RETURN 1", {}, { signal: AbortSignal.abort() }), "CANCELLED");
  const control = new AbortController();
  const begun = performance.now();
  const stopped = db.query(endless, {}, { signal: control.signal });
  setTimeout(() => control.abort(new Error("no longer wanted")), 100);
  equal((await rejects(stopped, "CANCELLED")).cause.message, "no longer wanted", "cause");
  ok(performance.now() - begun < 10_000, "soon");
  equal((await db.query("RETURN 1 AS x")).rows, [{ x: 1 }], "afterwards");
});

all("stops a query that takes longer than its timeout, and it changed nothing", async ({ open, equal, rejects }) => {
  const db = await open();
  await rejects(db.query(endless, {}, { timeout: 100 }), "TIMEOUT");
  await rejects(db.query("CREATE (:Never) WITH 1 AS one " + endless, {}, { timeout: 100 }), "TIMEOUT");
  await rejects(db.query("RETURN 1", {}, { timeout: -1 }), "INVALID_ARGUMENT");
  equal((await db.query("MATCH (n:Never) RETURN count(n) AS n")).rows, [{ n: 0 }], "nothing");
});

all("shows where a query does not parse", async ({ open, equal, ok, rejects }) => {
  const db = await open();
  const text = "MATCH (n)\nRETURN 'grüße 🌍', nn";
  const error = await rejects(db.query(text), "SyntaxError");
  equal([error.phase, error.detail], ["compile", "UndefinedVariable"], "phase and detail");
  equal(error.line, 2, "line");
  equal(error.position, { offset: text.indexOf("nn"), line: 2, column: 19 }, "position");
  const [line, caret] = error.caret.split("\n");
  ok(line.includes("RETURN") && /^[ |]*\^+$/.test(caret) && caret.indexOf("^") === line.indexOf("nn") - 1, `caret: ${error.caret}`);
  await rejects(db.query("RETURN"), "SyntaxError");
  await rejects(db.query(""), "SyntaxError");
  const type = await rejects(db.query("RETURN 1 + $x AS y", { x: { a: 1 } }), "TypeError");
  equal(type.phase, "runtime", "phase");
  await rejects(db.query("RETURN $missing"), "ParameterMissing");
});

all("refuses parameters that are no values, and says where", async ({ open, ok, rejects }) => {
  const db = await open();
  const error = await rejects(db.query("RETURN $rows", { rows: [{ name: () => 1 }] }), "INVALID_ARGUMENT");
  ok(error.message.startsWith("$rows[0].name is a function"), error.message);
  await rejects(db.createNode(["A"], { deep: { er: 1 } }), "INVALID_ARGUMENT");
  await rejects(db.createNode("Person"), "INVALID_ARGUMENT"); // not a label for each letter
});

all("keeps hostile names harmless", async ({ open, equal, pg }) => {
  const db = await open();
  const names = ["__proto__", "constructor", "then", "toString", "hasOwnProperty", ""];
  const query = `RETURN ${names.slice(0, 5).map((n, i) => `${i} AS \`${n}\``).join(", ")}`;
  const { columns, rows } = await db.query(query);
  equal(columns, names.slice(0, 5), "columns");
  equal(Object.entries(rows[0]), names.slice(0, 5).map((n, i) => [n, i]), "row");
  equal(Object.getPrototypeOf(rows[0]) === Object.prototype, true, "prototype");
  equal(Object.entries(structuredClone(rows[0])), Object.entries(rows[0]), "cloned");
  const properties = Object.fromEntries(names.slice(0, 5).map((n, i) => [n, i]));
  const node = await db.createNode(["__proto__", "constructor"], properties);
  equal(Object.fromEntries(Object.entries(node.properties).sort()), Object.fromEntries(Object.entries(properties).sort()), "properties");
  const map = Object.fromEntries(names.map((n, i) => [n, [i]]));
  const back = (await db.query("RETURN $map AS map", { map })).rows[0].map;
  equal(Object.fromEntries(Object.entries(back).sort()), Object.fromEntries(Object.entries(map).sort()), "map");
  for await (const row of db.stream("RETURN 1 AS `then`")) equal(Object.entries(row), [["then", 1]], "streamed");
  equal({}.polluted, undefined, "Object.prototype");
  void pg;
});

all("makes parameters of a template's values", async ({ open, equal }) => {
  const db = await open();
  const name = "'}) DETACH DELETE n //";
  await db.cypher`CREATE (:P {name: ${name}, age: ${36}})`;
  equal((await db.cypher`MATCH (p:P {name: ${name}}) RETURN p.age AS age`).rows, [{ age: 36 }], "rows");
});

all("answers many requests in flight, in order", async ({ open, equal }) => {
  const db = await open();
  const order = [];
  await Promise.all(Array.from({ length: 200 }, (_, i) => db.query("CREATE (:N {i: $i}) RETURN $i AS i", { i }).then(({ rows }) => order.push(rows[0].i))));
  equal(order, Array.from({ length: 200 }, (_, i) => i), "order");
  equal((await db.query("MATCH (n:N) RETURN count(n) AS n, sum(n.i) AS sum")).rows, [{ n: 200, sum: 19900 }], "sum");
});

all("a page sees its own writes without awaiting them", async ({ open, equal }) => {
  const db = await open();
  const write = db.query("CREATE (:N)");
  equal((await db.query("MATCH (n:N) RETURN count(n) AS n")).rows, [{ n: 1 }], "count");
  await write;
});

all("takes large requests and gives large answers", async ({ open, equal }) => {
  const db = await open();
  const rows = Array.from({ length: 20_000 }, (_, i) => ({ i, name: `name ${i}`, tags: ["a", `${i}`] }));
  equal((await db.query("UNWIND $rows AS row CREATE (n:Bulk) SET n = row RETURN count(n) AS n", { rows })).rows, [{ n: 20_000 }], "created");
  const back = (await db.query("MATCH (n:Bulk) RETURN n.i AS i, n.name AS name, n.tags AS tags ORDER BY i")).rows;
  equal(back, rows, "read");
  const text = "x".repeat(3_000_000);
  equal((await db.query("RETURN $text AS text", { text })).rows[0].text.length, text.length, "a long string");
});

all("checks, tells its state, and reports without user data", async ({ open, equal, ok }) => {
  const db = await open();
  await db.query("CREATE (:Secret {name: 'xyzzy'})-[:KNOWS]->(:Secret)");
  equal(await db.check(), [], "check");
  const stats = await db.stats();
  ok(Object.keys(stats).length > 0, "stats");
  const diagnostics = await db.diagnostics();
  ok(Object.keys(diagnostics).length > 0 && !JSON.stringify(diagnostics).includes("xyzzy"), "diagnostics");
});

all("rejects what is in flight, and what comes after, when it is closed", async ({ open, equal, rejects }) => {
  const db = await open();
  const running = rejects(db.query(endless), "CLOSED");
  await db.close();
  await running;
  equal(db.closed, true, "closed");
  await rejects(db.query("RETURN 1"), "CLOSED");
  await rejects(db.transaction(() => 1), "CLOSED");
  await rejects(db.snapshot(), "CLOSED");
  await db.close();
  await db[Symbol.asyncDispose ?? "close"]();
});

all("ends everything in flight when its worker dies, or asks again", async ({ pg, storage, name, equal, rejects }) => {
  let worker;
  const createWorker = () => (worker = new Worker("/node_modules/pocketgraph/dist/worker.js", { type: "module" }));
  const db = await pg.open(name, { storage, createWorker });
  await db.query("CREATE (:Kept)");
  const stream = db.stream(many);
  await stream.next();
  const control = new AbortController();
  const query = db.query(endless, {}, { signal: control.signal });
  let transaction;
  await new Promise((begun) => (transaction = db.transaction((tx) => (begun(), tx.query(endless)))));
  const drained = () => (async () => { for await (const _ of stream); })();
  if (storage !== "memory") {
    // The next worker takes over: what can be asked again is, and the rest has a code.
    const failing = Promise.all([rejects(transaction, "OWNER_CHANGED"), rejects(query, "CANCELLED")]);
    await sleep(50);
    worker.terminate();
    await rejects(drained(), "OWNER_CHANGED");
    equal((await db.query("MATCH (n:Kept) RETURN count(n) AS n")).rows, [{ n: 1 }], "after");
    control.abort();
    await failing;
    equal(await db.check(), [], "check");
    return db.close();
  }
  const failing = Promise.all([query, transaction].map((promise) => rejects(promise, "ENGINE_DIED")));
  await sleep(50);
  worker.terminate();
  await failing;
  await rejects(drained(), "ENGINE_DIED");
  await rejects(db.query("RETURN 1"), "ENGINE_DIED");
  equal(db.closed, true, "closed");
  await db.close();
});

all("opening can be aborted, and tells how far it is", async ({ pg, storage, name, ok, rejects }) => {
  await rejects(pg.open(name, { storage, signal: AbortSignal.abort() }), "CANCELLED");
  const control = new AbortController();
  await rejects(pg.open(name, { storage, signal: control.signal, onProgress: () => control.abort() }), "CANCELLED");
  const stages = new Set();
  const db = await pg.open(name, { storage, onProgress: ({ stage }) => stages.add(stage) });
  ok(stages.has("download") && stages.has("start"), `stages: ${[...stages]}`);
  await db.close();
});

all("refuses options it does not know", async ({ pg, name, rejects }) => {
  await rejects(pg.open(name, { storage: "floppy" }), "INVALID_ARGUMENT");
  await rejects(pg.open(name, { durability: "maybe" }), "INVALID_ARGUMENT");
  await rejects(pg.open("../x", { storage: "memory" }), "INVALID_ARGUMENT");
});

all("takes a compiled module, and closes by itself with await using", async ({ pg, storage, name, equal }) => {
  const wasmModule = await WebAssembly.compileStreaming(fetch("/node_modules/pocketgraph/dist/pocketgraph.wasm"));
  const db = await pg.open(name, { storage, wasmModule });
  equal((await db.query("RETURN 1 AS x")).rows, [{ x: 1 }], "rows");
  await db[Symbol.asyncDispose]?.();
  await db.close();
});

durable("has everything after close and reopen", async ({ storage, open, equal, ok }) => {
  for (const durability of ["strict", "relaxed"]) {
    const name = `reopen-${storage}-${durability}`;
    let db = await open({ durability }, name);
    const { id } = await db.createNode(["Kept"], { text: "grüße" });
    await db.query("CREATE INDEX kept FOR (n:Kept) ON (n.text)").catch((e) => ok(e.code === "NotImplemented" || e.code === "NOT_IMPLEMENTED", e.message));
    await db.close();
    db = await open({ create: false }, name);
    const { rows } = await db.query("MATCH (n:Kept) RETURN n");
    equal(rows, [{ n: { id, labels: ["Kept"], properties: { text: "grüße" } } }], "rows");
    equal(await db.check(), [], "check");
    ok(db.info.recovery && Object.keys(db.info.recovery).length > 0, "recovery report");
    await db.close();
  }
});

durable("takes a snapshot and recovers from it", async ({ storage, open, equal, ok, pg, name }) => {
  let db = await open();
  await db.query("UNWIND range(1, 1000) AS i CREATE (:N {i: i})");
  const snapshot = await db.snapshot();
  ok(snapshot.bytes > 0 && snapshot.sequence > 0, `snapshot ${JSON.stringify(snapshot)}`);
  await db.query("CREATE (:N {i: 0})");
  await db.close();
  const report = await pg.recover(name, { storage });
  ok(Object.keys(report).length > 0, "report");
  db = await open();
  equal((await db.query("MATCH (n:N) RETURN count(n) AS n, sum(n.i) AS s")).rows, [{ n: 1001, s: 500500 }], "rows");
});

durable("creates, lists and destroys", async ({ storage, pg, name, equal, ok, rejects }) => {
  const options = { storage };
  await rejects(pg.open(name, { ...options, create: false }), "NOT_FOUND");
  await rejects(pg.recover(name, options), "NOT_FOUND");
  const db = await pg.create(name, options);
  await rejects(pg.create(name, options), "EXISTS");
  await db.close();
  await rejects(pg.create(name, options), "EXISTS");
  const room = await pg.storageInfo();
  equal([typeof room.persisted, room.usage <= room.quota], ["boolean", true], "room");
  ok((await pg.list(options)).some((store) => store.name === name), "listed");
  const open = await pg.open(name, options);
  await pg.destroy(name, options); // which closes it where it is open
  equal(open.closed, true, "closed");
  await rejects(open.query("RETURN 1"), "CLOSED");
  equal((await pg.list(options)).some((store) => store.name === name), false, "gone");
  await rejects(pg.open(name, { ...options, create: false }), "NOT_FOUND");
});

durable("a second opener shares it; who must have the files alone gets LOCKED", async ({ storage, open, pg, name, ok, equal, rejects }) => {
  const first = await open();
  const options = { storage };
  const error = await rejects(pg.recover(name, options), "LOCKED");
  ok(error.hint?.length > 20, "hint");
  ok(error.holder?.here === true, `known to be this page: ${JSON.stringify(error.holder)}`);
  ok(/open in this page, since 20\d\d-/.test(error.message), error.message);
  const second = await open();
  equal([first.info.role, second.info.role], ["owner", "follower"], "roles");
  const shared = ["MATCH (s:Shared {mark: $mark}) RETURN count(s) AS n", { mark: Math.random() }];
  await second.query("CREATE (:Shared {mark: $mark})", shared[1]);
  equal((await first.query(...shared)).rows, [{ n: 1 }], "one database");
  await first.close();
  equal((await second.query(...shared)).rows, [{ n: 1 }], "still there");
  equal(second.info.role, "owner", "taken over");
  const recovered = pg.recover(name, options);
  setTimeout(() => second.close(), 300);
  await recovered;
  const holders = async () => (await navigator.locks.query()).held.filter((lock) => lock.name.startsWith("pocketgraph:holder:") && lock.name.includes(JSON.stringify(name))).length;
  for (let wait = 0; (await holders()) && wait < 50; wait++) await sleep(50); // the browser takes its time
  equal(await holders(), 0, "who lets go is a holder no more");
});

durable("LOCKED does not wait for a browser that does not say who holds the database", async ({ storage, open, pg, name, ok, equal, rejects }) => {
  await open();
  const { query } = navigator.locks;
  navigator.locks.query = () => new Promise(() => {});
  const from = performance.now();
  try {
    const error = await rejects(pg.recover(name, { storage }), "LOCKED");
    equal(error.holder, undefined);
    ok(performance.now() - from < 20_000, "after the engine's patience and a second");
  } finally {
    delete navigator.locks.query;
    equal(navigator.locks.query, query);
  }
});

durable("opening says how far it is", async ({ open, equal, ok, name }) => {
  const db = await open();
  const words = async () => {
    const heard = [];
    await (await open({ onProgress: (p) => heard.push(p) })).close();
    for (const { stage, done, total } of heard) ok(!total || done <= total, `${stage}: ${done} of ${total}`);
    return heard.filter(({ stage }) => stage !== "download");
  };
  const stages = (heard) => heard.map(({ stage }) => stage).filter((stage, i, all) => stage !== all[i - 1]);
  await db.query("UNWIND range(1, 30000) AS i CREATE (:Word {n: i, text: 'word number ' + i})");
  await db.close();
  const log = await words();
  equal(stages(log).join(), "start,recovery,replay");
  ok(log.at(-1).done > 500_000 && log.at(-1).done === log.at(-1).total, `ends with all of it: ${JSON.stringify(log.at(-1))}`);
  const again = await open();
  await again.snapshot();
  await again.query("CREATE (:Word)");
  await again.close();
  const both = await words();
  equal(stages(both).join(), "start,recovery,snapshot,indexes,replay");
  const snapshot = both.filter(({ stage }) => stage === "snapshot").map(({ done = 0, total }) => done / total);
  equal(snapshot.at(-1), 1);
  ok(snapshot.some((share) => share > 0 && share < 1), `on the way: ${snapshot}`);
  ok(snapshot.every((share, i) => i === 0 || share >= snapshot[i - 1]), `never back: ${snapshot}`);
});

// Functions and procedures of the page, and of modules in the worker: one case
// each, run in every browser.

const cases = {};
const all = (name, run) => (cases[name] = { run });
export { cases };
const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
const module = new URL("./functions-module.js", import.meta.url);

all("a function of the page is called for whole batches", async ({ open, equal, ok }) => {
  const db = await open();
  let batches = 0;
  let rows = 0;
  const double = (all) => (batches++, (rows += all.length), all.map(([x]) => x * 2));
  await db.registerFunction("my.double", "(x :: INTEGER) :: INTEGER", double, { batch: true });
  await db.registerFunction("my.slug", "my.slug(title :: STRING) :: STRING", (title) => title.toLowerCase().replaceAll(" ", "-"));
  equal((await db.query("RETURN my.slug('A b') AS x, MY.SLUG('C') AS y")).rows, [{ x: "a-b", y: "c" }]);
  equal((await db.query("UNWIND range(1, 5000) AS i RETURN sum(my.double(i)) AS s")).rows, [{ s: 25005000 }]);
  equal(rows, 5000);
  ok(batches <= 9, `${batches} batches for 5000 rows`);
  equal((await db.query("RETURN [i IN [1, 2] | my.double(i)] AS l")).rows, [{ l: [2, 4] }]);
  await db.query("UNWIND ['X y', 'Z'] AS t CREATE (:Page {slug: my.slug(t)})");
  equal((await db.query("MATCH (p:Page) WHERE my.slug(p.slug) STARTS WITH 'x' RETURN p.slug AS s")).rows, [{ s: "x-y" }]);
});

all("asynchronous functions, and every kind of value", async ({ open, equal }) => {
  const db = await open();
  const seen = [];
  await db.registerFunction("my.later", "(v :: ANY?) :: ANY?", async (v) => (await sleep(2), seen.push(v), v));
  const values = [null, true, 1, 0.5, 2n ** 60n, "ü", [1, [null]], { a: { b: 1 } }, { $date: "2024-02-29" }, { $point: { srid: 7203, x: 1, y: 2 } }, new Uint8Array([1, 255])];
  for (const value of values) equal((await db.query("RETURN my.later($value) AS v", { value })).rows[0].v, value);
  equal(seen, values);
  await db.query("CREATE (:Person {name: 'Ada'})-[:KNOWS {since: 1830}]->(:Person {name: 'Bob'})");
  await db.registerFunction("my.path", "(n :: NODE, r :: RELATIONSHIP, p :: PATH) :: STRING", (n, r, p) => `${n.labels[0]} ${n.properties.name} ${r.type} ${r.properties.since} ${p.nodes.length} ${r.start === n.id}`);
  equal((await db.query("MATCH p = (n)-[r]->() RETURN my.path(n, r, p) AS s")).rows, [{ s: "Person Ada KNOWS 1830 2 true" }]);
  await db.registerFunction("my.nothing", "() :: ANY?", () => undefined);
  equal((await db.query("RETURN my.nothing() AS v")).rows, [{ v: null }]);
});

all("procedures of the page", async ({ open, equal, rejects }) => {
  const db = await open();
  await db.registerProcedure("my.letters", "(word :: STRING) :: (letter :: STRING, at :: INTEGER?)", (word) => [...word].map((letter, at) => (at ? { letter, at } : [letter, null])));
  equal((await db.query("UNWIND ['ab', ''] AS w CALL my.letters(w) YIELD letter, at RETURN w, letter, at")).rows, [{ w: "ab", letter: "a", at: null }, { w: "ab", letter: "b", at: 1 }]);
  await db.registerProcedure("my.none", "() :: (a :: ANY?)", () => 1);
  equal((await rejects(db.query("CALL my.none()"), "FUNCTION")).message, "my.none() failed: a procedure gives an array of rows");
  equal((await db.query("SHOW PROCEDURES YIELD name, signature WHERE name = 'my.letters' RETURN signature AS s")).rows, [{ s: "my.letters(word :: STRING) :: (letter :: STRING, at :: INTEGER?)" }]);
  equal(await db.unregisterProcedure("my.letters"), true);
  await rejects(db.query("CALL my.letters('a')"), "ProcedureError");
});

all("what they throw and give wrongly has a code and their name", async ({ open, equal, ok, rejects }) => {
  const db = await open();
  await db.registerFunction("my.throws", "() :: ANY?", () => {
    throw new TypeError("no luck \ud800");
  });
  await db.registerFunction("my.rejects", "() :: ANY?", () => Promise.reject("a string"));
  await db.registerFunction("my.odd", "() :: INTEGER", () => "text");
  await db.registerFunction("my.none", "() :: INTEGER", () => null);
  await db.registerFunction("my.strange", "() :: ANY?", () => () => 1);
  await db.registerFunction("my.few", "(x :: ANY?) :: ANY?", () => [], { batch: true });
  const fails = async (text, message, detail = "Failed") => {
    const error = await rejects(db.query(text), "FUNCTION");
    equal([error.message, error.detail, error.phase], [message, detail, "runtime"]);
    ok(error.caret.includes("^"), "a caret");
  };
  await fails("RETURN my.throws()", "my.throws() failed: no luck \ufffd");
  await fails("RETURN my.rejects()", "my.rejects() failed: a string");
  await fails("RETURN my.odd()", "my.odd() gave a String, which its signature does not allow: my.odd() :: INTEGER", "InvalidResult");
  await fails("RETURN my.none()", "my.none() gave null, which its signature does not allow: my.none() :: INTEGER", "InvalidResult");
  await fails("RETURN my.strange()", "my.strange() failed: my.strange[0] is a function, which is no value of the query language");
  await fails("RETURN my.few(1)", "my.few() failed: it did not give one result for each call");
  await rejects(db.query("CREATE (:Never) RETURN my.throws()"), "FUNCTION");
  equal((await db.query("MATCH (n) RETURN count(*) AS n")).rows, [{ n: 0 }]);
});

all("signatures and names that are refused, replaced, and taken away", async ({ open, equal, rejects }) => {
  const db = await open();
  const f = () => 1;
  equal((await rejects(db.registerFunction("toUpper", "(s :: STRING) :: STRING", f), "EXISTS")).message, "the language has toUpper() already");
  await rejects(db.registerFunction("my.f", "(s : STRING) :: STRING", f), "ProcedureError");
  await rejects(db.registerFunction("my.f", "(s :: STRING) :: (a :: STRING)", f), "ProcedureError");
  await rejects(db.registerProcedure("my.f", "() :: STRING", f), "ProcedureError");
  await rejects(db.registerFunction("my.f", "my.g() :: STRING", f), "INVALID_ARGUMENT");
  await rejects(db.query("RETURN my.f()"), "SyntaxError");
  await db.registerFunction("my.f", "() :: INTEGER", f);
  await db.registerFunction("my.f", "(a :: INTEGER) :: INTEGER", (a) => a + 1);
  equal((await db.query("RETURN my.f(1) AS x")).rows, [{ x: 2 }]);
  equal((await db.query("SHOW USER DEFINED FUNCTIONS YIELD name, signature, isBuiltIn")).rows, [{ name: "my.f", signature: "my.f(a :: INTEGER) :: INTEGER", isBuiltIn: false }]);
  equal(await db.unregisterFunction("my.f"), true);
  equal(await db.unregisterFunction("my.f"), false);
  await rejects(db.query("RETURN my.f(1)"), "SyntaxError");
  await rejects(db.query("RETURN my.bad(null)"), "SyntaxError");
});

all("time-outs, cancelling and closing do not wait for a function", async ({ open, equal, ok, rejects }) => {
  const db = await open();
  await db.registerFunction("my.never", "() :: ANY?", () => new Promise(() => {}));
  const begun = performance.now();
  await rejects(db.query("CREATE (n {x: my.never()})", {}, { timeout: 50 }), "TIMEOUT");
  const stop = new AbortController();
  const cancelled = db.query("CREATE (n {x: my.never()})", {}, { signal: stop.signal });
  setTimeout(() => stop.abort(), 30);
  await rejects(cancelled, "CANCELLED");
  equal((await db.query("MATCH (n) RETURN count(*) AS n")).rows, [{ n: 0 }], "the writer is free again");
  const last = db.query("RETURN my.never()");
  await sleep(20);
  const closing = db.close();
  await rejects(last, "CLOSED");
  await closing;
  ok(performance.now() - begun < 10_000, "nothing waited for CallTimeout");
  await rejects(db.registerFunction("my.f", "() :: ANY?", () => 1), "CLOSED");
});

all("in transactions, streams, and beside each other", async ({ open, equal }) => {
  const db = await open();
  await db.registerFunction("my.later", "(x :: INTEGER) :: INTEGER", async (x) => (await sleep(1), x + 1));
  await db.transaction(async (tx) => {
    await tx.query("CREATE (:N {x: my.later(1)})");
    equal((await tx.query("MATCH (n:N) RETURN my.later(n.x) AS x")).rows, [{ x: 3 }]);
  });
  let sum = 0;
  for await (const { x } of db.stream("UNWIND range(1, 3000) AS i RETURN my.later(i) AS x")) sum += x;
  equal(sum, 4501500 + 3000);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => db.query("RETURN my.later($i) AS x", { i })));
  equal(answers.map(({ rows }) => rows[0].x), Array.from({ length: 20 }, (_, i) => i + 1));
  const before = await Promise.all([db.query("CREATE (:M {x: my.later(5)})"), db.query("MATCH (m:M) RETURN m.x AS x")]);
  equal(before[1].rows, [{ x: 6 }], "a page sees its own writes without awaiting them");
});

all("a function of a module runs in the worker", async ({ open, equal, rejects, ok }) => {
  const db = await open();
  await db.registerFunction("my.slug", "(title :: STRING) :: STRING", { module });
  await db.registerFunction("my.where", "() :: STRING", { module: module.href });
  await db.registerFunction("my.later", "(x :: INTEGER) :: INTEGER", { module });
  await db.registerFunction("my.fails", "() :: ANY?", { module });
  await db.registerFunction("my.total", "(a :: FLOAT, b :: FLOAT) :: FLOAT", { module }, { batch: true });
  await db.registerFunction("my.label", "(n :: NODE) :: STRING", { module });
  await db.registerProcedure("my.letters", "(text :: STRING) :: (letter :: STRING, at :: INTEGER)", { module });
  equal((await db.query("RETURN my.slug('A b') AS s, my.where() AS w, my.later(2) AS l, my.total(1, 2.5) AS t")).rows, [{ s: "a-b", w: "undefined", l: 4, t: 3.5 }]);
  equal((await db.query("UNWIND range(1, 3000) AS i RETURN count(DISTINCT my.slug('N ' + i)) AS n")).rows, [{ n: 3000 }]);
  equal((await rejects(db.query("RETURN my.fails()"), "FUNCTION")).message, "my.fails() failed: no luck in the worker");
  equal((await db.query("CREATE (n:Person) RETURN my.label(n) AS l")).rows, [{ l: "Person" }]);
  equal((await db.query("CALL my.letters('ab') YIELD at, letter RETURN at, letter")).rows, [{ at: 0, letter: "a" }, { at: 1, letter: "b" }]);
  equal(await db.unregisterFunction("my.slug"), true);
  await rejects(db.query("RETURN my.slug('')"), "SyntaxError");
  const missing = await rejects(db.registerFunction("my.gone", "() :: ANY?", { module: "./no-such-module.js" }), "FUNCTION");
  ok(missing.message.length > 0, "says why");
  await rejects(db.query("RETURN my.gone()"), "SyntaxError");
  equal((await rejects(db.registerFunction("my.unheard", "() :: ANY?", { module: "data:text/javascript,export default 1" }), "INVALID_ARGUMENT")).hint, "Its code could read and change everything here: say { module, crossOrigin: true } if it may.");
  await rejects(db.registerFunction("my.unheard", "() :: ANY?", { module: "https://example.org/f.js" }), "INVALID_ARGUMENT");
  await rejects(db.registerFunction("my.unheard", "() :: ANY?", { module: "data:text/javascript,export default () => 1", crossOrigin: true }), "FUNCTION"); // the policy decides in the end
});

all("LOAD CSV reads what is handed over", async ({ open, equal, rejects, ok }) => {
  const db = await open();
  const text = "id,name\n1,Ada\n2,\n3,\"B,\nö\"\n";
  const sum = async (source, name = "people.csv", options = {}) =>
    (await db.query(`LOAD CSV WITH HEADERS FROM '${name}' AS row RETURN count(*) AS n, count(row.name) AS names, sum(toInteger(row.id)) AS s`, {}, { files: { "people.csv": source }, ...options })).rows[0];
  const whole = { n: 3, names: 2, s: 6 };
  for (const source of [text, new Blob([text]), new TextEncoder().encode(text), new TextEncoder().encode(text).buffer, new Blob([text]).stream(), new File([text], "x")]) {
    equal(await sum(source), whole, String(source));
  }
  equal(await sum(text, "file:///people.csv"), whole, "with three slashes");
  equal((await rejects(sum(text, "other.csv"), "IMPORT")).message, 'no file other.csv was handed to the statement: give it as query(text, params, { files: { "other.csv": blob } })');
  equal((await rejects(sum(text, "__proto__"), "IMPORT")).detail, "NotFound");
  equal((await rejects(sum(text, "https://example.org/people.csv"), "IMPORT")).detail, "NotAllowed");
  equal((await rejects(sum(7), "IMPORT")).message, "loading people.csv: a file is a Blob, a string, bytes or a stream of bytes");
  equal((await rejects(db.query("LOAD CSV FROM 'people.csv' AS row RETURN row"), "IMPORT")).detail, "NotAllowed");
  equal((await rejects(sum("a,b\n\"x"), "IMPORT")).detail, "Malformed");
  const broken = new ReadableStream({ start: (c) => (c.enqueue(new TextEncoder().encode(text)), c.error(new Error("the wire is cut"))) });
  ok((await rejects(sum(broken), "IMPORT")).message.includes("the wire is cut"), "says why");

  let given = 0;
  let cancelled = false;
  const endless = () => new ReadableStream({ pull: (c) => (given++, c.enqueue(new TextEncoder().encode("1,x\n".repeat(10000)))), cancel: () => void (cancelled = true) }, { highWaterMark: 0 });
  equal((await db.query("LOAD CSV FROM 'x' AS row RETURN row LIMIT 2", {}, { files: { x: endless() } })).rows.length, 2);
  for (let i = 0; i < 100 && !cancelled; i++) await sleep(10);
  ok(cancelled && given < 4, `read ${given} parts of an endless file`);
  for (const timeout of [20, 100]) {
    await rejects(db.query("LOAD CSV FROM 'x' AS row CREATE (:Never)", {}, { files: { x: endless() }, timeout }), "TIMEOUT");
    const silent = new ReadableStream({ pull: () => new Promise(() => {}) });
    await rejects(db.query("LOAD CSV FROM 'x' AS row CREATE (:Never)", {}, { files: { x: silent }, timeout }), "TIMEOUT");
  }
  equal((await db.query("MATCH (n) RETURN count(*) AS n")).rows, [{ n: 0 }]);

  await db.transaction((tx) => tx.query("LOAD CSV WITH HEADERS FROM 'p' AS row CREATE (:P {name: row.name})", {}, { files: { p: text } }));
  const names = [];
  for await (const { x } of db.stream("LOAD CSV WITH HEADERS FROM 'p' AS row RETURN row.name AS x", {}, { files: { p: text } })) names.push(x);
  equal(names, ["Ada", null, "B,\nö"]);
});

all("normal forms are the browser's, and lines have numbers", async ({ open, equal }) => {
  const db = await open();
  const s = ["\u00e9", "e\u0301", "\ufb01", "a", "\u212b", "\uac00", "\ud83d\ude00"];
  for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) {
    const { rows } = await db.query(`UNWIND $s AS x RETURN normalize(x, ${form}) AS n, x IS ${form} NORMALIZED AS same`, { s });
    equal(rows, s.map((x) => ({ n: x.normalize(form), same: x.normalize(form) === x })), form);
  }
  const { rows } = await db.query("LOAD CSV FROM 'x' AS row RETURN linenumber() AS line, file() AS file, row[0] AS a", {}, { files: { x: 'a\n"b\nc"\n\nd\n' } });
  equal(rows, [{ line: 1, file: "x", a: "a" }, { line: 2, file: "x", a: "b\nc" }, { line: 5, file: "x", a: "d" }]);
});

all("LOAD CSV fetches from origins that are allowed", async ({ open, equal, rejects }) => {
  const here = location.origin;
  const db = await open({ allowOrigins: [here] });
  const count = async (url, options) => (await db.query("LOAD CSV FROM $url AS row RETURN count(*) AS n", { url }, options)).rows[0].n;
  equal(await count(`${here}/numbers.csv`), 100000);
  equal((await rejects(count(`${here}/numbers.csv`, { allowOrigins: [] }), "IMPORT")).detail, "NotAllowed");
  equal((await rejects(count(`${here}/missing.csv`), "IMPORT")).detail, "NotFound");
  equal((await rejects(count(`${here}/away.csv`), "IMPORT")).detail, "Unreadable", "a redirect to where the policy does not let it");
  equal((await rejects(count(`data:text/csv,1`), "IMPORT")).detail, "NotAllowed");
  equal((await rejects(count(`${here.replace("127.0.0.1", "localhost")}/numbers.csv`), "IMPORT")).detail, "NotAllowed");
});

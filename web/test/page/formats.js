// On the page: graphs for formats.test.mjs, and how two are compared.

/** Statements that make a graph with values of every kind and odd names. */
const statements = [
  "CREATE INDEX `an ``index` FOR (p:Person) ON (p.name, p.`a:b`)",
  "CREATE CONSTRAINT c1 FOR (p:Person) REQUIRE p.name IS UNIQUE",
  `CREATE (a:Person:\`a b\` {name: 'Ada "x" \\'y\\' \\\\ \\n\\r\\t\\u0001 日本 😀', born: 1815, \`a:b\`: -9223372036854775808, max: 9223372036854775807, safe: 9007199254740993,
    f: [0.1, 1.0, 1e300, 5e-324, 1e21, -0.0], nan: 0.0/0.0, inf: [1.0/0.0, -1.0/0.0], whole: 7.0, yes: true, empty: '', none: [], words: ['a', 'b;c', ''], one: ['']}),
   (b:Person {name: 'b', d: date('-0044-03-15'), lt: localtime('23:59:59.999999999'), t: time('12:31:14-18:00'), ldt: localdatetime('1984-10-11T12:31:14.645'),
    z: datetime('2017-10-28T23:00+02:00[Europe/Berlin]'), o: datetime('2015-07-21T21:40:32.142Z'), du: [duration('P1Y2M10DT2H30M'), duration({months: -5, days: 3, seconds: -1, nanoseconds: 5})],
    p: [point({x: 1.5, y: -2}), point({x: 1, y: 2})], p3: point({x: 1, y: 2, z: 3}), w: point({longitude: 12.5, latitude: 55.7}), w3: point({longitude: 1, latitude: 2, height: -3.5})}),
   ({n: 1}), (a)-[:KNOWS {since: date('2020-02-29')}]->(b), (b)-[:KNOWS {since: 2}]->(a), (a)-[:\`odd type\` {x: [true, false], \`__proto__\`: 'p'}]->(a)`,
];

export async function everything(db, { binary }) {
  for (const text of statements) await db.query(text);
  if (binary) await db.query("CREATE (:Binary {name: 'bytes', b: $b, e: $e, v: $v})", { b: new Uint8Array([0, 1, 255]), e: new Uint8Array(), v: new Float32Array([0.5, -2]) });
}

function text(value) {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : `${value}f`;
  if (value instanceof Uint8Array) return `bytes(${[...value]})`;
  if (value instanceof Float32Array) return `vector(${[...value]})`;
  if (Array.isArray(value)) return `[${value.map(text)}]`;
  if (value && typeof value === "object") return `{${Object.keys(value).sort().map((k) => `${k}:${text(value[k])}`)}}`;
  return JSON.stringify(value);
}

/** A whole graph as sorted lines, without ids. */
export async function lines(db) {
  const names = new Map();
  const out = [];
  for (const [n] of (await db.query("MATCH (n) RETURN n", {}, { rows: "array", integers: "bigint" })).rows) {
    names.set(n.id, text(n.properties.name ?? n.properties));
    out.push(`node ${n.labels.toSorted()} ${text(n.properties)}`);
  }
  for (const [r] of (await db.query("MATCH ()-[r]->() RETURN r", {}, { rows: "array", integers: "bigint" })).rows) {
    out.push(`relationship ${names.get(r.start)} ${r.type} ${names.get(r.end)} ${text(r.properties)}`);
  }
  return out.sort();
}

export async function schema(db) {
  const names = async (kind) => (await db.query(`SHOW ${kind} YIELD name, labelsOrTypes, properties RETURN name, labelsOrTypes AS on, properties ORDER BY name`)).rows.map((r) => `${kind} ${r.name} ${r.on} ${r.properties}`);
  return [...(await names("CONSTRAINTS")), ...(await names("INDEXES"))];
}

/** An error as a test can look at it. */
export function told(error) {
  const { name, code, message, hint, line } = error;
  return { name, code, message, hint: hint ?? "", line: line ?? 0, column: error.position?.column ?? 0, ours: error instanceof globalThis.pg.PocketGraphError };
}

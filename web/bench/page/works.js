// The work that is measured, by dataset. A work has parameters that vary from
// call to call, its text in Cypher (Kùzu's dialect where that differs) and in
// SQL, and the columns of its answer. "loops" names the method of the peers
// that have no query language, and "mixed" is how many calls are made in the
// round with writes. Answers are lists of rows; `ordered` says
// whether the order is part of them.

/** How many hops a shortest path has at most: SQLite's recursion needs an end. */
const longest = 12;

const hops = (n) => ({
  params: (g, k) => ({ id: g.anybody(k, 20 + n) }),
  cypher: `MATCH (p:Person {id: $id})${"-[:KNOWS]->()".repeat(n - 1)}-[:KNOWS]->(f) RETURN count(DISTINCT f) AS n`,
  sql: `SELECT count(DISTINCT k${n}.dst) FROM KNOWS k1 ${Array.from({ length: n - 1 }, (_, i) => `JOIN KNOWS k${i + 2} ON k${i + 2}.src = k${i + 1}.dst`).join(" ")} WHERE k1.src = $id`,
  kuzu: `MATCH (p:Person {id: $id})${"-[:KNOWS]->(:Person)".repeat(n - 1)}-[:KNOWS]->(f:Person) RETURN count(DISTINCT f.id) AS n`,
  loops: "hops",
  depth: n,
});

const social = {
  lookup: {
    name: "point lookup by an indexed property",
    params: (g, k) => ({ id: g.anybody(k, 11) }),
    cypher: "MATCH (p:Person {id: $id}) RETURN p.name AS name",
    sql: "SELECT name FROM Person WHERE id = $id",
    loops: "lookup",
    mixed: 1000,
  },
  neighbours: {
    name: "neighbours of a node",
    params: (g, k) => ({ id: g.anybody(k, 12) }),
    cypher: "MATCH (p:Person {id: $id})-[:KNOWS]->(f:Person) RETURN f.id AS id",
    sql: "SELECT dst FROM KNOWS WHERE src = $id",
    loops: "neighbours",
    mixed: 1000,
  },
  hops2: { name: "two hops, distinct count", ...hops(2), mixed: 500 },
  hops3: { name: "three hops, distinct count", ...hops(3), mixed: 200 },
  path: {
    name: "shortest path",
    params: (g, k) => ({ a: g.knower(k, 13), b: g.known(k, 14) }),
    cypher: "MATCH (a:Person {id: $a}), (b:Person {id: $b}) MATCH p = shortestPath((a)-[:KNOWS*]->(b)) RETURN length(p) AS n",
    sql: `WITH RECURSIVE reached(id, n) AS (SELECT $a, 0 UNION SELECT dst, n + 1 FROM reached JOIN KNOWS ON src = id WHERE n < ${longest}) SELECT n FROM reached WHERE id = $b AND n > 0 LIMIT 1`,
    kuzu: `MATCH p = (a:Person {id: $a})-[:KNOWS* SHORTEST 1..${longest}]->(b:Person {id: $b}) RETURN length(p) AS n`,
    loops: "path",
    mixed: 20,
  },
  group: {
    name: "count and average by group",
    params: () => ({}),
    cypher: "MATCH (p:Person) RETURN p.city AS city, count(*) AS n, avg(p.age) AS age",
    sql: "SELECT city, count(*), avg(age) FROM Person GROUP BY city",
    loops: "group",
    mixed: 20,
  },
  top: {
    name: "top ten by degree",
    params: () => ({}),
    cypher: "MATCH (p:Person)-[:KNOWS]->() RETURN p.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 10",
    sql: "SELECT src, count(*) AS n FROM KNOWS GROUP BY src ORDER BY n DESC, src LIMIT 10",
    kuzu: "MATCH (p:Person)-[:KNOWS]->(:Person) RETURN p.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 10",
    loops: "top",
    ordered: true,
    mixed: 20,
  },
  range: {
    name: "range filter, no index",
    params: (g, k) => ({ low: k % 70, high: (k % 70) + 20 }),
    cypher: "MATCH (p:Person) WHERE $low <= p.age AND p.age < $high RETURN count(p) AS n",
    sql: "SELECT count(*) FROM Person WHERE $low <= age AND age < $high",
    loops: "range",
    mixed: 50,
  },
  triangles: {
    name: "triangle count",
    params: () => ({}),
    cypher: "MATCH (a:Person)-[:KNOWS]->(b:Person)-[:KNOWS]->(c:Person), (a)-[:KNOWS]->(c) RETURN count(*) AS n",
    sql: "SELECT count(*) FROM KNOWS ab JOIN KNOWS bc ON bc.src = ab.dst JOIN KNOWS ac ON ac.src = ab.src AND ac.dst = bc.dst",
    loops: "triangles",
  },
};

const messages = "(f:Person)<-[:HAS_CREATOR]-(m:Post)";
const messagesKuzu = "(f:Person)<-[:HAS_CREATOR_Post_Person]-(m:Post)";
const friends = "(SELECT dst AS id FROM KNOWS_Person_Person WHERE src = $id UNION SELECT src FROM KNOWS_Person_Person WHERE dst = $id)";

const network = {
  friends: {
    name: "friends of friends, distinct count",
    params: (g, k) => ({ id: g.anybody(k, 31) }),
    cypher: "MATCH (p:Person {id: $id})-[:KNOWS]-(:Person)-[:KNOWS]-(f:Person) WHERE f.id <> $id RETURN count(DISTINCT f) AS n",
    kuzu: "MATCH (p:Person {id: $id})-[:KNOWS_Person_Person]-(:Person)-[:KNOWS_Person_Person]-(f:Person) WHERE f.id <> $id RETURN count(DISTINCT f.id) AS n",
    sql: `SELECT count(DISTINCT id) FROM (SELECT k.dst AS id FROM ${friends} f JOIN KNOWS_Person_Person k ON k.src = f.id UNION ALL SELECT k.src FROM ${friends} f JOIN KNOWS_Person_Person k ON k.dst = f.id) WHERE id <> $id`,
    loops: "friends",
  },
  newest: {
    name: "newest twenty posts of friends",
    params: (g, k) => ({ id: g.anybody(k, 32) }),
    cypher: `MATCH (p:Person {id: $id})-[:KNOWS]-${messages} RETURN m.id AS id, m.creationDate AS at ORDER BY at DESC, id LIMIT 20`,
    kuzu: `MATCH (p:Person {id: $id})-[:KNOWS_Person_Person]-${messagesKuzu} RETURN m.id AS id, m.creationDate AS at ORDER BY at DESC, id LIMIT 20`,
    sql: `SELECT m.id, m.creationDate FROM ${friends} f JOIN HAS_CREATOR_Post_Person c ON c.dst = f.id JOIN Post m ON m.id = c.src ORDER BY m.creationDate DESC, m.id LIMIT 20`,
    loops: "newest",
    ordered: true,
  },
  tags: {
    name: "top ten tags of the posts of friends' forums",
    params: (g, k) => ({ id: g.anybody(k, 33) }),
    cypher: "MATCH (p:Person {id: $id})-[:KNOWS]-(f:Person)<-[:HAS_MEMBER]-(:Forum)-[:CONTAINER_OF]->(m:Post)-[:HAS_TAG]->(t:Tag) RETURN t.name AS name, count(*) AS n ORDER BY n DESC, name LIMIT 10",
    kuzu: "MATCH (p:Person {id: $id})-[:KNOWS_Person_Person]-(f:Person)<-[:HAS_MEMBER_Forum_Person]-(:Forum)-[:CONTAINER_OF_Forum_Post]->(m:Post)-[:HAS_TAG_Post_Tag]->(t:Tag) RETURN t.name AS name, count(*) AS n ORDER BY n DESC, name LIMIT 10",
    sql: `SELECT t.name, count(*) AS n FROM ${friends} f JOIN HAS_MEMBER_Forum_Person h ON h.dst = f.id JOIN CONTAINER_OF_Forum_Post c ON c.src = h.src JOIN HAS_TAG_Post_Tag p ON p.src = c.dst JOIN Tag t ON t.id = p.dst GROUP BY t.name ORDER BY n DESC, t.name LIMIT 10`,
    loops: "tags",
    ordered: true,
  },
  members: {
    name: "ten largest forums",
    params: () => ({}),
    cypher: "MATCH (f:Forum)-[:HAS_MEMBER]->(:Person) RETURN f.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 10",
    kuzu: "MATCH (f:Forum)-[:HAS_MEMBER_Forum_Person]->(:Person) RETURN f.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 10",
    sql: "SELECT src, count(*) AS n FROM HAS_MEMBER_Forum_Person GROUP BY src ORDER BY n DESC, src LIMIT 10",
    loops: "members",
    ordered: true,
  },
};

export const works = { social, network };

/** The writes of the mixed round: a property, and a relationship, in turns. */
export function mixedWrite(g, k) {
  if (k % 2 === 0) return { kind: "age", id: g.anybody(k, 40), age: k % 90 };
  const { src, dst, since } = g.extra;
  const i = (k - 1) / 2;
  if (i >= src.length) throw new RangeError("more writes than the dataset has relationships to add");
  return { kind: "knows", a: g.id(src[i]), b: g.id(dst[i]), since: since[i] };
}

/** An answer in the one form that is compared: numbers as numbers, floats to nine digits. */
export function canonical(work, rows) {
  const cell = (value) => (typeof value === "string" || value === null ? value : Number(Number(value).toPrecision(9)));
  const out = rows.map((row) => JSON.stringify(Array.from(row, cell)));
  return (work.ordered ? out : out.sort()).join("");
}

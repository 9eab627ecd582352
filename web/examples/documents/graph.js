// The graph of a person's documents:
//
//   (:Document)-[:CONTAINS {at}]->(:Passage {text})-[:MENTIONS]->(:Thing:Person | :Thing:Place | :Thing:Topic)
//   (:Document)-[:LINKS_TO]->(:Document | :Site)
//
// A document that is linked to and not yet read has a name and no title.

export async function prepare(db) {
  await db.query("CREATE CONSTRAINT document_name IF NOT EXISTS FOR (d:Document) REQUIRE d.name IS UNIQUE");
  for (const label of ["Person", "Place", "Topic"]) await db.query(`CREATE CONSTRAINT ${label.toLowerCase()}_name IF NOT EXISTS FOR (t:${label}) REQUIRE t.name IS UNIQUE`);
}

/** Keeps a document in the place of what it was before. All of it happens, or nothing. */
export const keep = (db, document) =>
  db.transaction(async (tx) => {
    await forget(tx, document.name);
    await tx.query(
      `MERGE (d:Document {name: $name}) SET d.title = $title
       WITH d UNWIND range(0, size($passages) - 1) AS at
       CREATE (d)-[:CONTAINS {at: at}]->(:Passage {text: $passages[at].text})`,
      document,
    );
    for (const [label, list] of Object.entries({ Person: "people", Place: "places", Topic: "topics" })) {
      await tx.query(
        `MATCH (:Document {name: $name})-[c:CONTAINS]->(p)
         UNWIND $passages[c.at].${list} AS name
         MERGE (t:${label} {name: name}) SET t:Thing
         MERGE (p)-[:MENTIONS]->(t)`,
        document,
      );
    }
    const to = document.links.flatMap(({ to }) => to ?? []);
    await tx.query("MATCH (d:Document {name: $name}) UNWIND $to AS to MERGE (e:Document {name: to}) MERGE (d)-[:LINKS_TO]->(e)", { name: document.name, to });
    const addresses = document.links.flatMap(({ address }) => address ?? []);
    await tx.query("MATCH (d:Document {name: $name}) UNWIND $addresses AS address MERGE (s:Site {name: address}) MERGE (d)-[:LINKS_TO]->(s)", { name: document.name, addresses });
    await joinTitles(tx);
    await tidy(tx);
  });

export const remove = (db, name) =>
  db.transaction(async (tx) => {
    await forget(tx, name);
    await tx.query("MATCH (d:Document {name: $name}) REMOVE d.title", { name });
    await tidy(tx);
  });

async function forget(tx, name) {
  await tx.query("MATCH (:Document {name: $name})-[:CONTAINS]->(p) DETACH DELETE p", { name });
  await tx.query("MATCH (:Document {name: $name})-[link:LINKS_TO]->() DELETE link", { name });
}

/** A link by title means the document that has it, once that was read. */
const joinTitles = (tx) =>
  tx.query(`
    MATCH (from)-[link:LINKS_TO]->(unread:Document) WHERE unread.title IS NULL
    MATCH (d:Document {title: unread.name})
    DELETE link MERGE (from)-[:LINKS_TO]->(d)`);

/** Takes away what nothing mentions and nothing links to. */
async function tidy(tx) {
  await tx.query("MATCH (t:Thing) WHERE NOT EXISTS { (t)--() } DELETE t");
  await tx.query("MATCH (d) WHERE (d:Site OR d:Document AND d.title IS NULL) AND NOT EXISTS { (d)<-[:LINKS_TO]-() } DELETE d");
}

export const size = "RETURN count { (:Document)-[:CONTAINS]->() } AS passages, count { (t:Thing) } AS things, count { (d:Document) WHERE d.title IS NOT NULL } AS documents";

/** For db.live(): the documents, with what links to them. */
export const documents = `
  MATCH (d:Document)
  RETURN d.name AS name, d.title AS title, count { (d)-[:CONTAINS]->()-[:MENTIONS]->(t) } AS mentions
  ORDER BY d.title IS NULL, coalesce(d.title, d.name)`;

/** Things by name, or by a word of a passage that mentions them. */
export const things = `
  MATCH (t:Thing)<-[:MENTIONS]-(p)
  WHERE $text = '' OR toLower(t.name) CONTAINS $text OR toLower(p.text) CONTAINS $text
  WITH t, count(p) AS passages
  RETURN elementId(t) AS id, t.name AS name, [l IN labels(t) WHERE l <> 'Thing'][0] AS kind, passages
  ORDER BY toLower(name) CONTAINS $text DESC, passages DESC, name
  LIMIT 60`;

/** One thing: where it is mentioned, and with what. */
export const thing = `
  MATCH (t:Thing) WHERE elementId(t) = $id
  MATCH (t)<-[:MENTIONS]-(p)<-[c:CONTAINS]-(d)
  WITH t, p, d, c ORDER BY d.title, c.at
  WITH t, collect({text: p.text, document: d.title}) AS passages, count(DISTINCT d) AS documents
  RETURN t.name AS name, [l IN labels(t) WHERE l <> 'Thing'][0] AS kind, documents, passages,
    collect {
      MATCH (t)<-[:MENTIONS]-(p)-[:MENTIONS]->(other) WHERE other <> t
      WITH other, count(p) AS together ORDER BY together DESC, other.name LIMIT 14
      RETURN {id: elementId(other), name: other.name, kind: [l IN labels(other) WHERE l <> 'Thing'][0], together: together}
    } AS near`;

/** What is around a thing, to draw: it, its passages' documents, and what these passages mention. */
export const around = `
  MATCH (t:Thing) WHERE elementId(t) = $id
  MATCH (t)<-[:MENTIONS]-(p)-[:MENTIONS]->(other) WHERE other <> t
  WITH t, other, count(p) AS together ORDER BY together DESC, other.name LIMIT 14
  WITH t, collect(other) AS near
  UNWIND near + t AS a
  MATCH (a)<-[:MENTIONS]-(p)-[:MENTIONS]->(b) WHERE b IN near + t AND elementId(a) < elementId(b)
  RETURN DISTINCT a, b`;

/** The shortest way between two things, from passage to passage. */
export const way = `
  MATCH (a:Thing) WHERE elementId(a) = $from
  MATCH (b:Thing) WHERE elementId(b) = $to
  MATCH p = shortestPath((a)-[:MENTIONS*]-(b))
  RETURN [n IN nodes(p) | CASE WHEN n:Passage
    THEN {text: n.text, document: head(collect { MATCH (n)<-[:CONTAINS]-(d) RETURN d.title })}
    ELSE {id: elementId(n), name: n.name} END] AS steps`;

/** A document: what it links to, and what it says. */
export const document = `
  MATCH (d:Document {name: $name})
  RETURN d.title AS title,
    collect { MATCH (d)-[c:CONTAINS]->(p) RETURN p.text ORDER BY c.at } AS passages,
    collect { MATCH (d)-[:LINKS_TO]->(e) RETURN {name: e.name, title: e.title, site: e:Site} ORDER BY e.name } AS to,
    collect { MATCH (d)<-[:LINKS_TO]-(e) RETURN {name: e.name, title: e.title} ORDER BY e.title } AS from,
    collect { MATCH (d)-[:CONTAINS]->()-[:MENTIONS]->(t) RETURN DISTINCT {id: elementId(t), name: t.name, kind: [l IN labels(t) WHERE l <> 'Thing'][0]} } AS mentions`;

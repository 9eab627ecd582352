// What a notes app asks of its database. A note that is linked to and not yet
// written is a node with a title and nothing else.

/** Titles in [[double brackets]], each once. */
export const linksIn = (body) => [...new Set([...body.matchAll(/\[\[([^[\]\n]+)\]\]/g)].map(([, title]) => title.trim()).filter(Boolean))];

/** Titles are unique: a link means one note. */
export const prepare = (db) => db.query("CREATE CONSTRAINT note_title IF NOT EXISTS FOR (n:Note) REQUIRE n.title IS UNIQUE");

/** For db.live(): the notes that contain $text, the last edited first, each with how many link to it. */
export const list = `
  MATCH (n:Note)
  WHERE toLower(n.title) CONTAINS $text OR toLower(n.body) CONTAINS $text
  RETURN n.title AS title, left(n.body, 80) AS begin, count { (n)<-[:LINKS_TO]-() } AS links
  ORDER BY n.body IS NULL, n.edited DESC, title`;

/** For db.live(): one note, and what is linked with it. */
export const one = `
  MATCH (n:Note {title: $title})
  RETURN n.body AS body,
    collect { MATCH (n)-[:LINKS_TO]->(m) RETURN {title: m.title, written: m.body IS NOT NULL} ORDER BY m.title } AS to,
    collect { MATCH (n)<-[:LINKS_TO]-(m) RETURN m.title ORDER BY m.title } AS from`;

/** Saves a note, which had the title `old` before, or null if it is new. All of it happens, or nothing. */
export async function save(db, old, title, body) {
  await db.transaction(async (tx) => {
    if (title !== old) await take(tx, old, title);
    await tx.query("MERGE (n:Note {title: $title}) SET n.body = $body, n.edited = datetime()", { title, body });
    await tx.query("MATCH (n:Note {title: $title})-[link:LINKS_TO]->(m) WHERE NOT m.title IN $links DELETE link", { title, links: linksIn(body) });
    await tx.query("MATCH (n:Note {title: $title}) UNWIND $links AS link MERGE (m:Note {title: link}) MERGE (n)-[:LINKS_TO]->(m)", { title, links: linksIn(body) });
    await tidy(tx);
  });
}

/** Gives a note another title, in the text of those that link to it too. A note that was written under it is never replaced. */
async function take(tx, old, title) {
  const { rows } = await tx.query("MATCH (n:Note {title: $title}) RETURN n.body IS NOT NULL AS written", { title });
  if (rows[0]?.written) throw new Error(`There is a note “${title}” already. This one is kept as “${old ?? "not yet saved"}”.`);
  if (old === null) return;
  await tx.query("MATCH (from)-[:LINKS_TO]->(unwritten:Note {title: $title}) MATCH (n:Note {title: $old}) MERGE (from)-[:LINKS_TO]->(n)", { old, title });
  await tx.query("MATCH (unwritten:Note {title: $title}) DETACH DELETE unwritten", { title });
  await tx.query("MATCH (n:Note {title: $old}) SET n.title = $title", { old, title });
  await tx.query("MATCH (:Note {title: $title})<-[:LINKS_TO]-(m) SET m.body = replace(m.body, '[[' + $old + ']]', '[[' + $title + ']]')", { old, title });
}

/** Deletes a note. Where others link to it, it becomes one that is not written. */
export async function remove(db, title) {
  await db.transaction(async (tx) => {
    await tx.query("MATCH (n:Note {title: $title}) REMOVE n.body, n.edited", { title });
    await tx.query("MATCH (:Note {title: $title})-[link:LINKS_TO]->() DELETE link", { title });
    await tidy(tx);
  });
}

/** Takes away what nobody has written and nobody links to. */
const tidy = (tx) => tx.query("MATCH (n:Note) WHERE n.body IS NULL AND NOT EXISTS { (n)<-[:LINKS_TO]-() } DELETE n");

/** The notes of the first visit. */
export const welcome = [
  ["Graphs", "Notes that link to one another are a graph.\n\nThis app keeps each note as a node and each [[Links]] as a relationship, so what links here is one step back, not a search through all texts."],
  ["Links", "Put a title in double brackets: [[Graphs]].\n\nA title that is not there yet, such as [[Ideas for later]], is listed as not written. Click it, and write it.\n\nRename a note: whoever links to it follows."],
  ["Welcome", "Everything is kept in this browser and works without a network: reload with the cable pulled out.\n\nOpen this page in a second tab: both show the same notes, live.\n\nGo on with [[Links]] or [[Graphs]]."],
];

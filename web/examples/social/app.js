// A social graph: friends of friends, the way from one to another, communities,
// top tens. Befriend somebody, and everything is counted anew.

import { open } from "./pocketgraph/index.js"; // with a bundler: "pocketgraph"
import { toCytoscape } from "./pocketgraph/cytoscape.js"; // "pocketgraph/cytoscape"
import { attend, draw, showWay } from "../shared/draw.js";
import { byId, guarded, h, link, plural, showProblem, showStorage } from "../shared/ui.js";
import { communities } from "./communities.js";
import { friendships } from "./people.js";

const db = await open("example-social").catch((error) => (showProblem(error), Promise.reject(error)));
let cy;

/** The friendships of the first visit, in one statement. */
const fill = () =>
  db.query("UNWIND $friendships AS pair MERGE (a:Person {name: pair[0]}) MERGE (b:Person {name: pair[1]}) MERGE (a)-[:FRIENDS_WITH]->(b)", { friendships });

/** What Cypher has no words for is a procedure of the page: it gets all friendships, and answers with rows. */
async function findCommunities() {
  await db.registerProcedure("social.communities", "(friendships :: LIST<LIST<STRING>>) :: (name :: STRING, community :: INTEGER)", communities);
  await db.query(`
    MATCH (a:Person)-[:FRIENDS_WITH]->(b:Person)
    WITH collect([a.name, b.name]) AS friendships
    CALL social.communities(friendships) YIELD name, community
    MATCH (p:Person {name: name})
    SET p.community = community`);
}

const ask = async (text, params) => (await db.query(text, params)).rows;
const dot = (community) => h("span", { class: `dot hue-${community % 8}`, "aria-hidden": "true" });
const person = (name) => link(name, () => choose(name));

/** Everything that is about all of them. */
async function showEverybody() {
  await findCommunities();
  const people = await ask("MATCH (p:Person) RETURN p.name AS name ORDER BY name");
  for (const id of ["person", "from", "to"]) {
    const { value } = byId(id);
    byId(id).replaceChildren(...people.map(({ name }) => h("option", {}, name)));
    if (value) byId(id).value = value;
  }

  const found = await ask(`
    MATCH (p:Person)
    WITH p.community AS community, p, count { (p)--() } AS friends ORDER BY friends DESC, p.name
    RETURN community, count(p) AS people, collect(p.name)[..4] AS names
    ORDER BY community`);
  byId("communities").replaceChildren(
    ...found.map(({ community, people, names }) => h("li", {}, h("span", { class: "grow" }, dot(community), names.flatMap((name, i) => [i ? ", " : "", person(name)]), people > names.length ? " …" : ""), h("span", { class: "number" }, plural(people, "person", "people")))),
  );

  const connected = await ask("MATCH (p:Person)-[:FRIENDS_WITH]-(f) RETURN p.name AS name, p.community AS community, count(f) AS n ORDER BY n DESC, name LIMIT 10");
  const bridges = await ask("MATCH (p:Person)-[:FRIENDS_WITH]-(f) RETURN p.name AS name, p.community AS community, count(DISTINCT f.community) AS n ORDER BY n DESC, name LIMIT 10");
  for (const [id, rows] of Object.entries({ connected, bridges })) {
    byId(id).replaceChildren(...rows.map(({ name, community, n }) => h("li", {}, h("span", {}, dot(community), person(name)), h("span", { class: "number" }, String(n)))));
  }

  const rows = await ask("MATCH p = (:Person)-[:FRIENDS_WITH]->(:Person) RETURN p");
  byId("size").textContent = `${plural(people.length, "person", "people")}, ${plural(rows.length, "friendship")}, ${found.length} communities`;
  const elements = toCytoscape(rows);
  for (const { group, data } of elements) if (group === "nodes") Object.assign(data, { hue: data.properties.community % 8, size: 20 });
  cy?.destroy();
  cy = draw(byId("drawing"), elements, { onSelect: guarded(({ label }) => choose(label)) });
}

/** Everything that is about one of them: asked first, then shown at once. */
async function choose(name) {
  const [{ id, friends }] = await ask("MATCH (p:Person {name: $name})-[:FRIENDS_WITH]-(f) WITH p, f ORDER BY f.name RETURN elementId(p) AS id, collect(f {.name, .community}) AS friends", { name });
  const suggested = await ask(
    `MATCH (me:Person {name: $name})-[:FRIENDS_WITH]-(friend)-[:FRIENDS_WITH]-(p)
     WHERE p <> me AND NOT EXISTS { (me)-[:FRIENDS_WITH]-(p) }
     WITH p, friend ORDER BY friend.name
     RETURN p.name AS name, collect(DISTINCT friend.name) AS common
     ORDER BY size(common) DESC, name LIMIT 6`,
    { name },
  );
  byId("person").value = byId("from").value = name;
  byId("chosen").textContent = name;
  location.hash = encodeURIComponent(name);
  byId("friends").replaceChildren(...friends.map((friend) => h("li", {}, h("button", { type: "button", class: "chip", onclick: () => choose(friend.name) }, dot(friend.community), friend.name))));
  byId("suggested").replaceChildren(
    ...suggested.map(({ name: other, common }) => h("li", {}, h("span", { class: "grow" }, person(other), h("span", { class: "with" }, ` knows ${common.join(", ")}`)), h("button", { type: "button", class: "small", "aria-label": `Befriend ${other}`, onclick: () => befriend(name, other) }, "Befriend"))),
  );
  attend(cy, id);
}

async function befriend(a, b) {
  await db.query("MATCH (a:Person {name: $a}), (b:Person {name: $b}) MERGE (a)-[:FRIENDS_WITH]-(b)", { a, b });
  await showEverybody();
  await choose(a);
}

async function findWay(from, to) {
  if (from === to) return void (byId("found").textContent = "That is one person.");
  const [way] = await ask("MATCH (a:Person {name: $from}), (b:Person {name: $to}) MATCH p = shortestPath((a)-[:FRIENDS_WITH*]-(b)) RETURN p", { from, to });
  if (!way) return void (byId("found").textContent = `Nobody connects ${from} and ${to}.`);
  const names = way.p.nodes.map(({ properties }) => properties.name);
  byId("found").replaceChildren(...names.flatMap((name, i) => [i ? " → " : "", person(name)]), ` (${plural(names.length - 1, "step")})`);
  showWay(cy, way.p);
}

byId("person").addEventListener("change", guarded(() => choose(byId("person").value)));
byId("way").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(findWay)(byId("from").value, byId("to").value);
});

await guarded(async () => {
  showStorage(db);
  if (!(await ask("MATCH (p:Person) RETURN count(p) AS n"))[0].n) await fill();
  await showEverybody();
  byId("to").value = "Ines";
  const asked = decodeURIComponent(location.hash.slice(1));
  await choose([...byId("person").options].some(({ value }) => value === asked) ? asked : "Amara");
  document.body.dataset.ready = "yes";
})();

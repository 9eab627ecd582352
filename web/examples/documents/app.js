// A person's documents as a graph of the people, places and topics in them.
// Read files, search, and walk from one to the next.

import { open } from "./pocketgraph/index.js"; // with a bundler: "pocketgraph"
import { draw, attend } from "../shared/draw.js";
import { byId, clearProblem, guarded, h, link, plural, settled, showProblem, showStorage } from "../shared/ui.js";
import { extract } from "./extract.js";
import * as graph from "./graph.js";
import { letters } from "./letters.js";

const largest = 5_000_000; // characters of a file

const db = await open("example-documents").catch((error) => (showProblem(error), Promise.reject(error)));
let cy;

const ask = async (text, params) => (await db.query(text, params, { timeout: 20_000 })).rows;
const hues = { Person: 0, Place: 1, Topic: 2 };
const dot = (kind) => h("span", { class: `dot hue-${hues[kind]}`, "aria-hidden": "true" });
const chip = ({ id, name, kind, together }) => h("li", {}, h("button", { type: "button", class: "chip", onclick: () => showThing(id) }, dot(kind), name, together > 1 ? ` ${together}` : ""));

/** Reads texts one after another; what cannot be read is said, and the others are kept. */
async function read(files) {
  clearProblem();
  for (const { name, text } of files) {
    await guarded(async () => {
      const content = await text();
      if (content.length > largest || content.includes("\0")) throw new Error(`${name} is not a text, or is longer than ${plural(largest, "character")}.`);
      await graph.keep(db, extract(name, content));
    })();
  }
  await showThings();
  await showFirst();
}

async function showThings() {
  const rows = await ask(graph.things, { text: byId("search").value.trim().toLowerCase() });
  byId("things").replaceChildren(...rows.map(({ id, name, kind, passages }) => h("li", {}, h("span", { class: "grow" }, dot(kind), link(name, () => showThing(id))), h("span", { class: "number" }, plural(passages, "passage")))));
  if (!rows.length) byId("things").append(h("li", { class: "muted" }, "Nothing found."));
}

async function showFirst() {
  const [first] = await ask(graph.things, { text: "" });
  byId("empty").hidden = Boolean(first);
  for (const id of ["thing", "drawing", "said"]) byId(id).hidden = !first;
  if (first) await showThing(first.id);
}

async function showThing(id) {
  const [found] = await ask(graph.thing, { id });
  if (!found) return;
  const others = (await ask(graph.things, { text: "" })).filter((other) => other.id !== id);
  head(found.name, found.kind, plural(found.documents, "document"));
  byId("linked").replaceChildren();
  byId("with").replaceChildren(...found.near.map(chip));
  showPassages(found.passages, found.name);
  byId("to").replaceChildren(...others.map(({ id, name }) => h("option", { value: id }, name)));
  byId("way").dataset.from = id;
  byId("way").hidden = !others.length;
  await drawAround(id);
}

async function showDocument(name) {
  const [found] = await ask(graph.document, { name });
  head(found.title, "Document", name);
  const documentLink = ({ name, title, site }, before) => h("li", {}, site ? h("a", { href: name, rel: "noreferrer", class: "chip" }, name) : title === null ? h("span", { class: "chip muted" }, `${before}${name}, not read`) : h("button", { type: "button", class: "chip", onclick: () => showDocument(name) }, `${before}${title}`));
  byId("linked").replaceChildren(...found.to.map((to) => documentLink(to, "→ ")), ...found.from.map((from) => documentLink(from, "← ")));
  byId("with").replaceChildren(...found.mentions.map(chip));
  byId("way").hidden = true;
  byId("drawing").hidden = true;
  showPassages(found.passages.map((text) => ({ text, document: null })), null);
}

function head(name, kind, where) {
  byId("name").textContent = name;
  byId("kind").replaceChildren(kind in hues ? dot(kind) : "", kind.toLowerCase());
  byId("in").textContent = where;
  byId("found").replaceChildren();
  byId("with-heading").textContent = kind === "Document" ? "Mentions" : "Mentioned together with";
  location.hash = encodeURIComponent(kind === "Document" ? `document:${where}` : name);
}

function showPassages(passages, name) {
  byId("passages").replaceChildren(...passages.map(({ text, document }) => h("li", {}, h("p", {}, name ? marked(text, name) : text), document ? h("span", { class: "by" }, document) : null)));
}

/** The text with the name in it marked, or its last word where the text has only that. */
function marked(text, name) {
  const shown = text.includes(name) ? name : name.slice(name.lastIndexOf(" ") + 1);
  return text.split(shown).flatMap((part, i) => (i ? [h("mark", {}, shown), part] : [part]));
}

async function drawAround(id) {
  const rows = await ask(graph.around, { id });
  byId("drawing").hidden = !rows.length;
  cy?.destroy();
  cy = undefined;
  if (!rows.length) return;
  const nodes = new Map(rows.flatMap(({ a, b }) => [[a.id, a], [b.id, b]]));
  const elements = [
    ...[...nodes.values()].map(({ id, labels, properties }) => ({ group: "nodes", data: { id, label: properties.name, hue: hues[labels.find((label) => label in hues)] } })),
    ...rows.map(({ a, b }) => ({ group: "edges", data: { source: a.id, target: b.id } })),
  ];
  cy = draw(byId("drawing"), elements, { onSelect: guarded(({ id }) => showThing(id)), layout: { name: "concentric", concentric: (node) => (node.id() === id ? 1 : 0), levelWidth: () => 1, minNodeSpacing: 70 } });
  attend(cy, id);
}

async function findWay(from, to) {
  const [found] = await ask(graph.way, { from, to });
  byId("found").replaceChildren(
    ...(found?.steps ?? []).map((step) => (step.text ? h("li", {}, `“${step.text}” `, h("span", { class: "by" }, step.document)) : h("li", {}, link(step.name, () => showThing(step.id))))),
  );
  if (!found) byId("found").append(h("li", { class: "muted" }, "No passage leads from one to the other."));
}

byId("search").addEventListener("input", settled(showThings, 100));
byId("way").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(findWay)(byId("way").dataset.from, byId("to").value);
});
byId("pick").addEventListener("click", () => byId("files").click());
const readFiles = guarded((files) => read([...files].map((file) => ({ name: file.name, text: () => file.text() }))));
byId("files").addEventListener("change", () => readFiles(byId("files").files));
byId("sample").addEventListener("click", guarded(() => read(Object.entries(letters).map(([name, text]) => ({ name, text: () => text })))));
addEventListener("dragover", (event) => (event.preventDefault(), document.body.classList.add("dropping")));
addEventListener("dragleave", (event) => event.relatedTarget ?? document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  readFiles(event.dataTransfer.files);
});

await guarded(async () => {
  showStorage(db);
  await graph.prepare(db);
  db.live(graph.documents, {}, {
    onError: showProblem,
    onUpdate: guarded(async ({ rows }) => {
      byId("documents").replaceChildren(
        ...rows.map(({ name, title, mentions }) =>
          h("li", {}, h("span", { class: "grow" }, title === null ? h("span", { class: "muted" }, `${name}, not read`) : link(title, () => showDocument(name))), title === null ? null : h("span", { class: "number" }, `${mentions} names `, link("forget", () => (graph.remove(db, name).then(showThings).then(showFirst)), { "aria-label": `Forget ${title}` }))),
        ),
      );
      const [{ documents, passages, things }] = await ask(graph.size);
      byId("size").textContent = `${plural(documents, "document")}, ${plural(passages, "passage")}, ${plural(things, "name")}`;
    }),
  });
  await showThings();
  const asked = decodeURIComponent(location.hash.slice(1));
  await showFirst();
  if (asked.startsWith("document:")) await showDocument(asked.slice("document:".length));
  else if (asked) {
    const found = (await ask(graph.things, { text: asked.toLowerCase() })).find(({ name }) => name === asked);
    if (found) await showThing(found.id);
  }
  document.body.dataset.ready = "yes";
})();

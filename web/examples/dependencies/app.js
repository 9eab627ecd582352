// The dependency graph of an npm project: why is this installed, what is there
// twice, how deep does it go, where does it go round in circles.

import { open } from "./pocketgraph/index.js"; // with a bundler: "pocketgraph"
import { byId, clearProblem, guarded, h, link, plural, showProblem, showStorage } from "../shared/ui.js";
import { readLock } from "./lockfile.js";
import * as questions from "./questions.js";

const db = await open("example-dependencies").catch((error) => (showProblem(error), Promise.reject(error)));

const ask = async (text, params) => (await db.query(text, params, { timeout: 20_000 })).rows;
const version = (text) => h("span", { class: "version" }, text);
const one = (name) => link(name, () => why(name));
const nothing = (text) => h("li", { class: "muted" }, text);

async function read(text) {
  clearProblem();
  await questions.replace(db, readLock(text));
  byId("why").replaceChildren();
  byId("name").value = "";
  await show();
}

async function show() {
  const [{ packages, requirements, names }] = await ask(questions.size);
  byId("empty").hidden = packages > 0;
  byId("answers").hidden = packages === 0;
  if (!packages) return;
  byId("size").textContent = `${plural(packages - 1, "package")}, ${plural(requirements, "requirement")}, ${plural(names - 1, "name")}`;
  byId("names").replaceChildren(...(await ask(questions.names)).map(({ name }) => h("option", { value: name })));
  await Promise.all([showDuplicates(), showDepth(), showCycles(), showHeavy()]);
}

async function why(name) {
  byId("name").value = name;
  location.hash = encodeURIComponent(name);
  const found = await ask(questions.why, { name });
  byId("why").replaceChildren(...(found.length ? found.flatMap((copy) => copyOf(name, copy)) : [`${name} is not installed.`]));
  byId("why-heading").scrollIntoView({ block: "nearest" });
}

/** What was asked for, where that is not the version itself. */
const asked = (range, version) => (range === version ? null : h("span", { class: "range" }, ` (${range})`));

/** One installed copy, and the chains that lead to it. */
function copyOf(name, { version: v, path, ways, n }) {
  const chains = ways.map(({ nodes, relationships }) =>
    h("li", { class: "chain" }, nodes.flatMap((node, i) => [
      i ? "→" : null,
      i ? h("span", {}, one(node.properties.name), " ", version(node.properties.version), asked(relationships[i - 1].properties.range, node.properties.version)) : h("strong", {}, node.properties.name),
    ])),
  );
  if (n > ways.length) chains.push(h("li", { class: "muted small" }, `and ${plural(n - ways.length, "more chain")} of this length`));
  if (!n) chains.push(h("li", { class: "muted" }, "Nothing requires it: npm prune would take it away."));
  return [h("h3", {}, `${name} ${v} · ${path}`), h("ul", {}, chains)];
}

async function showDuplicates() {
  const rows = await ask(questions.duplicates);
  byId("duplicates").replaceChildren(
    ...rows.map(({ name, copies }) => h("li", {}, h("div", { class: "grow" }, one(name), copies.map(({ version: v, by }) => h("div", { class: "small" }, version(v), h("span", { class: "muted" }, " for "), by.flatMap(({ name }, i) => [i ? ", " : "", one(name)])))), h("span", { class: "number" }, plural(copies.length, "copy", "copies")))),
  );
  if (!rows.length) byId("duplicates").append(nothing("Everything is there once."));
}

async function showDepth() {
  const rows = await ask(questions.depth);
  const most = Math.max(...rows.map(({ packages }) => packages));
  byId("depth").replaceChildren(
    ...rows.map(({ depth, packages }) => {
      const bar = h("span", { class: "bar", "aria-hidden": "true" });
      bar.style.width = `${(100 * packages) / most}%`;
      return h("li", {}, h("span", {}, plural(depth, "step")), bar, h("span", { class: "number" }, String(packages)));
    }),
  );
  byId("deepest").replaceChildren("Deepest: ", ...(rows.at(-1)?.some ?? []).flatMap((name, i) => [i ? ", " : "", one(name)]));
}

async function showCycles() {
  const rows = await ask(questions.cycles);
  byId("cycles").replaceChildren(...rows.map(({ round }) => h("li", {}, h("span", { class: "grow" }, [...round, round[0]].flatMap((name, i) => [i ? " → " : "", one(name.slice(0, name.lastIndexOf("@")))])))));
  if (!rows.length) byId("cycles").append(nothing("None: no package requires itself, however indirectly."));
}

async function showHeavy() {
  const rows = await ask(questions.heavy);
  byId("heavy").replaceChildren(...rows.map(({ name, kind, brings, alone }) => h("li", {}, h("span", { class: "grow" }, one(name), h("div", { class: "muted small" }, `${kind}, ${alone} for it alone`)), h("span", { class: "number" }, plural(brings, "package")))));
}

byId("pick").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", guarded(async () => read(await byId("file").files[0].text())));
byId("sample").addEventListener("click", guarded(async () => read(await (await fetch("sample.json")).text())));
byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(why)(byId("name").value.trim());
});
addEventListener("dragover", (event) => (event.preventDefault(), document.body.classList.add("dropping")));
addEventListener("dragleave", (event) => event.relatedTarget ?? document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  guarded(async (file) => file && read(await file.text()))(event.dataTransfer.files[0]);
});

await guarded(async () => {
  showStorage(db);
  await show();
  const asked = decodeURIComponent(location.hash.slice(1));
  if (asked && !byId("answers").hidden) await why(asked);
  document.body.dataset.ready = "yes";
})();

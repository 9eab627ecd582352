// Notes that link to one another, kept in the browser, live in every tab, and
// at home without a network (sw.js).

import { open } from "./pocketgraph/index.js"; // with a bundler: "pocketgraph"
import { byId, clearProblem, guarded, h, plural, settled, showProblem, showStorage } from "../shared/ui.js";
import { list, one, prepare, remove, save, welcome } from "./notes.js";

const db = await open("example-notes").catch((error) => (showProblem(error), Promise.reject(error)));
let current = null; // the title under which the note on the screen is kept; null before its first save
let dirty = false; // something on the screen is not kept yet
let showing = null; // ends the live query of the note on the screen
let listing = null;

/** Follows a query until the next one is asked; what ended by itself says why. */
const follow = (before, text, params, onUpdate) => {
  void before?.return();
  return db.live(text, params, { onUpdate, onError: showProblem });
};

function showList() {
  listing = follow(listing, list, { text: byId("search").value.trim().toLowerCase() }, ({ rows }) => {
    byId("list").replaceChildren(...rows.map(entry));
    if (!rows.length) byId("list").append(h("li", { class: "muted small" }, "Nothing found."));
  });
}

function entry({ title, begin, links }) {
  const about = begin === null ? "not written yet" : begin.replace(/\s+/g, " ") || "empty";
  const button = h("button", { type: "button", class: begin === null ? "unwritten" : "", "aria-current": String(title === current), onclick: () => show(title) }, title, h("span", { class: "begin" }, links ? `${about} · ${plural(links, "link")}` : about));
  return h("li", {}, button);
}

/** Puts a note on the screen. What was typed into the one before is saved first; if that cannot be, it stays. */
async function show(title) {
  await typing.done();
  if (dirty) return;
  current = title;
  byId("editor").hidden = false;
  byId("title").value = title ?? "";
  byId("body").value = "";
  byId("saved").textContent = "";
  byId("title").readOnly = byId("body").readOnly = title !== null; // until its text is there
  location.hash = title === null ? "" : encodeURIComponent(title);
  if (title === null) {
    void showing?.return();
    showLinks([], []);
    byId("title").focus();
  } else {
    followNote();
    byId("body").focus();
  }
  markCurrent();
}

/** Shows the note as it is kept, now and whenever this tab or another changes it. */
function followNote() {
  showing = follow(showing, one, { title: current }, ({ rows: [note] }) => {
    if (!note) return; // deleted or renamed in another tab: saving it brings it back
    if (!dirty && byId("body").value !== (note.body ?? "")) byId("body").value = note.body ?? "";
    byId("title").readOnly = byId("body").readOnly = false;
    showLinks(note.to, note.from);
  });
}

function showLinks(to, from) {
  const chip = (title, written = true) => h("li", {}, h("button", { type: "button", class: written ? "chip" : "chip unwritten", onclick: () => show(title) }, title));
  byId("to").replaceChildren(...to.map(({ title, written }) => chip(title, written)));
  byId("from").replaceChildren(...from.map((title) => chip(title)));
}

function markCurrent() {
  for (const button of byId("list").querySelectorAll("button")) button.setAttribute("aria-current", String(button.firstChild.data === current));
}

/** Saves what is on the screen, when the typing has stopped. */
const typing = settled(async () => {
  const title = byId("title").value.trim();
  if (!title) return void (byId("saved").textContent = "Give it a title to keep it");
  const renamed = title !== current;
  await save(db, current, title, byId("body").value);
  current = title;
  dirty = typing.waits(); // typed meanwhile
  clearProblem();
  byId("saved").textContent = "Saved";
  if (renamed) {
    location.hash = encodeURIComponent(title);
    followNote();
  }
  markCurrent();
});

for (const id of ["title", "body"]) {
  byId(id).addEventListener("input", () => {
    dirty = true;
    byId("saved").textContent = "…";
    typing();
  });
}
document.addEventListener("visibilitychange", () => document.hidden && typing.waits() && typing.now());
byId("search").addEventListener("input", settled(showList, 100));
byId("new").addEventListener("click", guarded(() => show(null)));
byId("delete").addEventListener(
  "click",
  guarded(async () => {
    await typing.done();
    dirty = false;
    if (current !== null) await remove(db, current);
    await showFirst();
  }),
);

async function showFirst() {
  const [first] = (await db.query(list, { text: "" })).rows;
  await show(first?.title ?? null);
}

await guarded(async () => {
  showStorage(db);
  await prepare(db);
  if (!localStorage.getItem("example-notes-welcomed")) {
    for (const [title, body] of welcome) await save(db, title, title, body);
    localStorage.setItem("example-notes-welcomed", "yes");
  }
  showList();
  const asked = decodeURIComponent(location.hash.slice(1));
  await (asked ? show(asked) : showFirst());
})();

if ("serviceWorker" in navigator) {
  await guarded(() => navigator.serviceWorker.register("sw.js"))();
  await navigator.serviceWorker.ready;
  byId("offline").hidden = false;
}

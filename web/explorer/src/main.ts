// The page: brings its parts together.

import type { Node, Relationship, Value } from "pocketgraph";
import { crashTest } from "./crashtest.js";
import { Details } from "./details.js";
import { byId, duration, h, number, plural, tabs } from "./dom.js";
import { Editor } from "./editor.js";
import { examples, first, world } from "./examples.js";
import { GraphView } from "./graphview.js";
import { History } from "./history.js";
import { Drawing } from "./model.js";
import { isNode } from "./notation.js";
import { notice, problem } from "./problem.js";
import { explain, headline } from "./recovery.js";
import { readSchema, showSchema } from "./schema.js";
import { longestScript, runScript, ScriptError } from "./scriptrun.js";
import { Session } from "./session.js";
import { ask, showStore } from "./storeinfo.js";
import { done } from "./summary.js";
import { table } from "./table.js";
import { theme } from "./theme.js";

/** Nodes up to which the relationships between them are looked up for the picture. */
const connectUpTo = 300;
const expandUpTo = 100;

const notices = byId("notices");
const status = byId("status");
const runButton = byId<HTMLButtonElement>("run");
const stopButton = byId<HTMLButtonElement>("stop");
const narrow = matchMedia("(max-width: 52rem)");

const session = new Session(showState);
const history = new History(showHistory);
const chooseSide = tabs(byId("side-tabs"), (panel) => panel === "panel-store" && void refreshStore());
const chooseResult = tabs(byId("result-tabs"));
const editor = new Editor(byId("editor"), { run: () => void run(), step: (by, current) => history.step(by, current) });
const details = new Details({ inspect, node: (id) => view.shown.nodes.get(id), expand: (id) => void expand(id), closed: () => view.select(null) });
const view: GraphView = new GraphView({
  node: (id) => inspect(view.shown.nodes.get(id)!),
  relationship: (id) => inspect(view.shown.relationships.get(id)!),
  nothing: () => details.close(),
  expand: (id) => void expand(id),
});
let running: AbortController | null = null;

const say = (...elements: HTMLElement[]): void => notices.replaceChildren(...elements);
const button = (text: string, onclick: () => void, style = ""): HTMLButtonElement => h("button", { type: "button", class: style, onclick }, text);

// -- the state of the store

function showState(): void {
  const words = { opening: "opening…", open: "open", dead: "worker killed", closed: "not open" };
  status.dataset.state = session.state;
  byId("status-name").textContent = session.name || "no store";
  byId("status-text").textContent = session.state === "open" && session.db?.info.storage === "memory" ? "in memory only" : session.doing || words[session.state];
  const open = session.state === "open";
  for (const id of ["snapshot", "kill", "run", "script"]) byId<HTMLButtonElement>(id).disabled = !open;
  byId<HTMLButtonElement>("recover").disabled = session.state === "opening" || !session.name;
}

async function refreshSchema(): Promise<void> {
  const schema = await readSchema(session.database());
  view.labels = schema.labels.map(([label]) => label);
  showSchema(schema, (query) => void askFor(query));
  const stats = await session.database().stats();
  byId("status-count").textContent = `${plural(Number(stats.nodes), "node")}, ${plural(Number(stats.relationships), "relationship")}`;
}

async function refreshStore(): Promise<void> {
  await showStore(session, storeActions).catch(fail);
}

async function refresh(): Promise<void> {
  await refreshSchema().catch(fail);
  if (!byId("panel-store").hidden) await refreshStore();
}

function fail(error: unknown): void {
  say(problem(error));
}

/** Opens a store and says what recovery found where that is news. */
async function open(name: string, recovery: "strict" | "salvage" = "strict", report = false): Promise<boolean> {
  if (session.state === "opening") return false;
  try {
    await session.open(name, recovery);
  } catch (error) {
    const code = (error as { code?: string }).code;
    const actions = [button(code === "LOCKED" ? "Try again" : "Open it again", () => void open(name, "strict", true))];
    if (code === "CORRUPT") actions.push(button("Take what is whole", () => void open(name, "salvage", true)));
    say(problem(error, `opening ${name}`, ...actions));
    await refreshStore();
    return false;
  }
  say();
  if (report) sayRecovered();
  const { info } = session.db!;
  if (info.storage === "memory") notices.append(notice("warn", "This store is in memory only", [`It is gone when the page is left. ${info.storageReason ?? ""}`]));
  await refresh();
  return true;
}

function sayRecovered(): void {
  const report = session.recovery!;
  say(notice("good", headline(report), explain(report)));
}

// -- queries

async function run(text = editor.text): Promise<void> {
  if (running || !text.trim()) return;
  const stop = begin();
  editor.mark(null);
  try {
    const result = await session.database().query(text, {}, { rows: "array", integers: "bigint", signal: stop.signal });
    history.add(text);
    say();
    await show(result.columns, result.rows);
    const did = done(result.summary.counters);
    byId("summary").textContent = `${plural(result.rows.length, "row")} in ${duration(result.summary.milliseconds)}${did ? `; ${did}` : ""}`;
    if (result.summary.plan) byId("summary").textContent += "; the plan is in the table";
    if (result.summary.writes) await refresh();
  } catch (error) {
    const at = (error as { position?: { offset: number } }).position;
    if (at) editor.mark(at.offset);
    history.add(text);
    byId("summary").textContent = ""; // of the answer before, which is still below
    if (session.state === "dead") sayDead();
    else fail(error);
  } finally {
    end();
  }
}

function begin(): AbortController {
  running = new AbortController();
  runButton.hidden = true;
  stopButton.hidden = false;
  document.body.classList.add("busy");
  return running;
}

function end(): void {
  running = null;
  runButton.hidden = false;
  stopButton.hidden = true;
  document.body.classList.remove("busy");
}

async function askFor(query: string): Promise<void> {
  editor.text = query;
  closeMenu();
  await run();
}

async function show(columns: string[], rows: Value[][]): Promise<void> {
  details.close();
  byId("table").replaceChildren(columns.length ? table(columns, rows, inspect) : h("p", { class: "empty" }, "The statement has no result columns. RETURN gives some."));
  const drawing = Drawing.of(rows);
  const drawable = drawing.nodes.size > 0 || drawing.relationships.size > 0;
  await complete(drawing).catch(() => {}); // the picture is then without them
  chooseResult(drawable ? "graph" : "table");
  view.show(drawing);
}

/** Brings the ends of relationships, and the relationships between few nodes that came alone. */
async function complete(drawing: Drawing): Promise<void> {
  const db = session.database();
  const options = { rows: "array", integers: "bigint", timeout: 3_000 } as const;
  const missing = drawing.missing();
  if (missing.length) {
    const { rows } = await db.query("MATCH (n) WHERE elementId(n) IN $ids RETURN n", { ids: missing }, options);
    for (const [node] of rows) drawing.add(node);
  }
  if (drawing.relationships.size === 0 && drawing.nodes.size > 1 && drawing.nodes.size <= connectUpTo) {
    const ids = [...drawing.nodes.keys()];
    const { rows } = await db.query("MATCH (a)-[r]->(b) WHERE elementId(a) IN $ids AND elementId(b) IN $ids RETURN r", { ids }, options);
    for (const [relationship] of rows) drawing.add(relationship);
  }
}

async function expand(id: string): Promise<void> {
  try {
    const { rows } = await session.database().query(
      `MATCH (n)-[r]-(m) WHERE elementId(n) = $id RETURN r, m LIMIT ${expandUpTo}`, { id }, { rows: "array", integers: "bigint", timeout: 5_000 });
    chooseResult("graph");
    view.extend(Drawing.of(rows));
    view.select(id);
  } catch (error) {
    fail(error);
  }
}

function inspect(element: Node | Relationship): void {
  details.show(element);
  view.select(element.id);
  if (isNode(element) && !view.shown.nodes.has(element.id)) view.select(null);
}

// -- scripts

async function script(title: string, text: string): Promise<boolean> {
  if (running) return false;
  const stop = begin();
  try {
    const outcome = await runScript(session.database(), title, text, stop);
    say(notice("good", `${title.charAt(0).toUpperCase()}${title.slice(1)} has run`, [`${plural(outcome.statements, "statement")} in ${duration(outcome.milliseconds)}${done(outcome.counters) ? `: ${done(outcome.counters)}` : ""}.`]));
    return true;
  } catch (error) {
    if (error instanceof ScriptError) say(problem(error.reason, `${title}, ${error.where}. The statements before it have run.`, ...(session.state === "dead" ? [reopenButton()] : [])));
    else fail(error);
    return false;
  } finally {
    end();
    if (session.state === "open") await refresh();
  }
}

async function scriptFile(file: File | undefined): Promise<void> {
  if (!file) return;
  if (file.size > longestScript) return fail(Object.assign(new Error(`${file.name} has ${number(file.size)} bytes`), { code: "LIMIT", hint: "The explorer takes scripts of up to 64 MiB. The command line imports larger ones." }));
  await script(file.name, await file.text());
}

// -- the life of the store

async function snapshot(): Promise<void> {
  try {
    const { sequence, bytes, milliseconds } = await session.database().snapshot();
    say(notice("good", "Snapshot written", [`Everything up to commit ${number(sequence)}, ${number(bytes)} bytes, in ${duration(milliseconds)}.`]));
    await refresh();
  } catch (error) {
    fail(error);
  }
}

function kill(): void {
  session.kill();
  sayDead();
}

function reopenButton(): HTMLButtonElement {
  const reopen = button("Reopen and recover", () => void open(session.name, "strict", true), "primary");
  reopen.id = "reopen";
  return reopen;
}

function sayDead(): void {
  const reopen = reopenButton();
  say(notice("warn", "The worker is gone", ["It had no chance to flush or to say goodbye, as in a crash.", "Everything that was acknowledged is in the files."], reopen));
  reopen.focus();
}

async function startCrashTest(): Promise<void> {
  try {
    const result = await crashTest(session, (n) => say(notice("plain", "Writing…", [`${plural(n, "write")} acknowledged`])));
    const good = result.missing === 0 && result.problems.length === 0;
    say(
      notice(good ? "good" : "warn", good ? "Every acknowledged write is there" : "Something is missing", [
        `Acknowledged before the kill: ${number(result.acknowledged)}. Found after recovery: ${number(result.found)}. Missing: ${number(result.missing)}.`,
        `${plural(result.extra, "write")} that the page had no answer for ${result.extra === 1 ? "was" : "were"} whole in the log and came back as well.`,
        result.problems.length ? `The check found: ${result.problems.join("; ")}` : "The check of the whole store found nothing wrong.",
        ...explain(session.recovery!),
      ]),
    );
    await refresh();
  } catch (error) {
    fail(error);
  }
}

async function check(): Promise<void> {
  try {
    const problems = await session.database().check();
    say(notice(problems.length ? "warn" : "good", problems.length ? "The check found problems" : "The store is sound", problems.length ? problems : ["Every record, index and connection was looked at."]));
  } catch (error) {
    fail(error);
  }
}

const storeActions = {
  open: (name: string) => void switchTo(name),
  resetDemo: () => ask("Load the demo graph anew?", `Everything in the store “${world}” is deleted first.`, "Load it", () => void resetDemo()),
  crashTest: () => void startCrashTest(),
  check: () => void check(),
  fail,
};

async function switchTo(name: string): Promise<void> {
  if (!(await open(name, "strict", true))) return;
  if (Number((await session.database().stats()).nodes) > 0) await askFor("MATCH (n)\nRETURN n\nLIMIT 100");
  else view.show(new Drawing());
}

async function resetDemo(): Promise<void> {
  if (session.name !== world && !(await open(world))) return;
  try {
    await session.database().query("MATCH (n) DETACH DELETE n");
    await loadDemo();
  } catch (error) {
    fail(error);
  }
}

async function loadDemo(): Promise<void> {
  const response = await fetch("demo/world.cypher");
  if (!response.ok) throw new Error(`the demo graph could not be loaded: status ${response.status}`);
  if (!(await script("the demo graph", await response.text()))) return;
  await askFor(first);
  const stats = await session.database().stats();
  say(notice("good", "The countries of the world are in this page", [
    `${plural(Number(stats.nodes), "node")} and ${plural(Number(stats.relationships), "relationship")}, kept by this browser: reload, or kill the worker, and they are still there.`,
    "Ask something of your own, or begin with one of the questions beside.",
  ]));
}

// -- the page itself

function showHistory(): void {
  const entries = history.list();
  byId("history").replaceChildren(
    ...(entries.length
      ? entries.map((text) => h("li", {}, h("button", { type: "button", class: "entry query", title: text, onclick: () => ((editor.text = text), closeMenu(), editor.focus()) }, oneLine(text))))
      : [h("li", { class: "muted" }, "What you run is kept here. Alt+↑ and Alt+↓ in the editor go through it.")]),
  );
  byId("clear-history").hidden = entries.length === 0;
}

/** Without the comments it begins with. */
function oneLine(text: string): string {
  return text.replace(/^(?:\s*\/\/[^\n]*\n)+/, "").replace(/\s+/g, " ").trim();
}

function closeMenu(): void {
  document.body.classList.remove("menu-open");
  byId("menu").setAttribute("aria-expanded", "false");
}

function wire(): void {
  const on = (id: string, action: () => void) => byId(id).addEventListener("click", action);
  on("run", () => void run());
  on("stop", () => running?.abort());
  on("snapshot", () => void snapshot());
  on("recover", () => void open(session.name, "strict", true));
  on("kill", kill);
  on("clear-history", () => history.clear());
  on("menu", () => byId("menu").setAttribute("aria-expanded", String(document.body.classList.toggle("menu-open"))));
  on("scrim", closeMenu);
  theme(byId("theme"), () => view.repaint());
  const file = byId<HTMLInputElement>("file");
  on("script", () => file.click());
  file.addEventListener("change", () => void scriptFile(file.files?.[0]).then(() => (file.value = "")));
  addEventListener("dragover", (event) => (event.preventDefault(), document.body.classList.add("dropping")));
  addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    void scriptFile(event.dataTransfer?.files[0]);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") (closeMenu(), details.close());
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) void run();
  });
  byId("examples").append(...examples.map(({ title, query }) => h("li", {}, h("button", { type: "button", class: "entry", onclick: () => void askFor(query) }, title))));
}

async function start(): Promise<void> {
  wire();
  showHistory();
  chooseSide("panel-queries");
  chooseResult("graph");
  editor.text = first;
  if (!(await open(world))) return;
  if (Number((await session.database().stats()).nodes) === 0) await loadDemo();
  else await run();
  if (!narrow.matches) editor.focus();
}

void start().catch(fail).finally(() => (document.documentElement.dataset.ready = "true"));

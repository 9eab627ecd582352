// The page: brings its parts together.

import type { Database } from "pocketgraph";
import { Answer } from "./answer.js";
import { Demo } from "./demo.js";
import { ask } from "./dialog.js";
import { byId, h, plural, tabs } from "./dom.js";
import { Editor } from "./editor.js";
import { first, world } from "./examples.js";
import { closeMenu, frame, narrow } from "./frame.js";
import { Life } from "./life.js";
import { Incoming } from "./incoming.js";
import { inStep, type Counts } from "./instep.js";
import { LiveQuery } from "./live.js";
import { fail } from "./notices.js";
import { offline } from "./offline.js";
import { QueriesPanel } from "./queries.js";
import { Runner } from "./runner.js";
import { SchemaPanel } from "./schemapanel.js";
import { Scripts } from "./scripts.js";
import { Session } from "./session.js";
import { showStore } from "./storeinfo.js";
import { theme } from "./theme.js";
import { Tour, tourIsKnown } from "./tour.js";

const session = new Session(() => life.showState(), follow);
const editor: Editor = new Editor(byId("editor"), {
  run: (mode) => void runner.run(mode),
  save: () => queries.save(),
  step: (by, current) => queries.history.step(by, current),
});
const answer = new Answer(session);
const queries: QueriesPanel = new QueriesPanel(editor, { askFor, chosen: closeMenu });
const runner: Runner = new Runner({ session, editor, history: queries.history, show: (result) => answer.show(result), wrote: refresh, began: () => live.stop(), dead: () => life.sayDead() });
const live = new LiveQuery({ session, written: () => editor.text, show: (...answered) => answer.showLive(...answered), dead: () => life.sayDead() });
const life: Life = new Life(session, refresh);
const schema = new SchemaPanel(session, { ask: askFor, choose: () => (closeMenu(), answer.choose("schema")) });
const scripts = new Scripts(session, runner, refresh, () => life.reopenButton());
const incoming = new Incoming(session, runner, scripts, refresh);
const demo = new Demo(session, life, runner, scripts);
const tour = new Tour();
const chooseSide = tabs(byId("side-tabs"), (panel) => panel === "panel-store" && void refreshStore());

function askFor(query: string): void {
  closeMenu();
  void runner.askFor(query);
}

/** After the graph has changed, or another store was opened. */
async function refresh(): Promise<void> {
  if (session.state === "open") await refreshSchema().catch(fail);
  if (!byId("panel-store").hidden) await refreshStore();
}

async function refreshSchema(): Promise<void> {
  await schema.refresh();
  answer.view.labels = schema.labels;
}

/** From the opening of a store until it is closed. */
function follow(db: Database): void {
  const tell = async ({ nodes, relationships }: Counts) => {
    byId("status-count").textContent = `${plural(nodes, "node")}, ${plural(relationships, "relationship")}`;
    await refresh();
  };
  void inStep(db, tell).catch(fail);
}

const refreshStore = (): Promise<void> =>
  showStore(session, {
    open: (name) => void switchTo(name),
    resetDemo: () => ask("Load the demo graph anew?", `Everything in the store “${world}” is deleted first.`, "Load it", () => void demo.reset()),
    crashTest: () => void life.crashTest(),
    check: () => void life.check(),
    importFiles: () => incoming.choose(),
    fail,
  }).catch(fail);

async function switchTo(name: string): Promise<void> {
  if (!(await life.open(name, "strict", true))) return;
  if (Number((await session.database().stats()).nodes) > 0) await runner.askFor("MATCH (n)\nRETURN n\nLIMIT 100");
  else answer.clear();
}

function keyboard(): void {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") (closeMenu(), answer.closeDetails());
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) void runner.run(event.shiftKey ? "PROFILE" : undefined);
  });
}

function tourButton(): HTMLElement {
  return h("button", { type: "button", id: "take-tour", class: "primary", onclick: () => tour.start() }, "Show me around");
}

async function start(): Promise<void> {
  frame();
  keyboard();
  byId("help").addEventListener("click", () => (closeMenu(), tour.start()));
  theme(byId("theme"), () => answer.view.repaint());
  answer.chosen = (panel) => panel === "schema" && schema.draw();
  chooseSide("panel-queries");
  answer.choose("graph");
  editor.text = first;
  if (!(await life.open(world))) return;
  if (Number((await session.database().stats()).nodes) === 0) await demo.load(...(tourIsKnown() ? [] : [tourButton()]));
  else await runner.run();
  if (!narrow.matches) editor.focus();
}

void start()
  .catch(fail)
  .finally(() => {
    document.documentElement.dataset.ready = "true";
    void offline(); // the page first, then what keeps it
  });

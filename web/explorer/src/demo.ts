// The demo graph: the countries of the world.

import { plural } from "./dom.js";
import { first, world } from "./examples.js";
import type { Life } from "./life.js";
import { fail, say } from "./notices.js";
import { notice } from "./problem.js";
import type { Runner } from "./runner.js";
import type { Scripts } from "./scripts.js";
import type { Session } from "./session.js";

export class Demo {
  constructor(private readonly session: Session, private readonly life: Life, private readonly runner: Runner, private readonly scripts: Scripts) {}

  /** Loads it into the open store, `welcome` with buttons for who is new here. */
  async load(...welcome: HTMLElement[]): Promise<void> {
    const response = await fetch("demo/world.cypher");
    if (!response.ok) throw new Error(`the demo graph could not be loaded: status ${response.status}`);
    if (!(await this.scripts.run("the demo graph", await response.text()))) return;
    await this.runner.askFor(first);
    const stats = await this.session.database().stats();
    say(
      notice("good", "The countries of the world are in this page", [
        `${plural(Number(stats.nodes), "node")} and ${plural(Number(stats.relationships), "relationship")}, kept by this browser: reload, or kill the worker, and they are still there.`,
        "Ask something of your own, or begin with one of the questions beside.",
      ], ...welcome),
    );
  }

  async reset(): Promise<void> {
    if (this.session.name !== world && !(await this.life.open(world))) return;
    try {
      await this.session.database().query("MATCH (n) DETACH DELETE n");
      await this.load();
    } catch (error) {
      fail(error);
    }
  }
}

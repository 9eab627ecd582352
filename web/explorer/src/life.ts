// The life of the store: opened, snapshotted, killed, recovered, put to the test.

import { crashTest } from "./crashtest.js";
import { byId, duration, h, number, plural } from "./dom.js";
import { add, fail, say } from "./notices.js";
import { notice, problem } from "./problem.js";
import { explain, headline } from "./recovery.js";
import type { Session } from "./session.js";

export class Life {
  constructor(private readonly session: Session, private readonly changed: () => Promise<void>) {
    byId("snapshot").addEventListener("click", () => void this.snapshot());
    byId("recover").addEventListener("click", () => void this.open(session.name, "strict", true));
    byId("kill").addEventListener("click", () => this.kill());
  }

  /** The bar's words and buttons. */
  showState(): void {
    const { session } = this;
    const words = { opening: "opening…", open: "open", dead: "worker killed", closed: "not open" };
    byId("status").dataset.state = session.state;
    byId("status-name").textContent = session.name || "no store";
    byId("status-text").textContent = session.state === "open" && session.db?.info.storage === "memory" ? "in memory only" : session.follows ? "open through another tab" : session.doing || words[session.state];
    const open = session.state === "open";
    for (const id of ["snapshot", "kill", "run", "explain", "profile", "live", "script"]) byId<HTMLButtonElement>(id).disabled = !open;
    // The engine of another tab is not this page's to kill.
    byId<HTMLButtonElement>("kill").disabled = !open || session.follows;
    byId<HTMLButtonElement>("recover").disabled = session.state === "opening" || !session.name;
  }

  /** Opens a store and says what recovery found where that is news. */
  async open(name: string, recovery: "strict" | "salvage" = "strict", report = false): Promise<boolean> {
    const { session } = this;
    if (session.state === "opening") return false;
    try {
      await session.open(name, recovery);
    } catch (error) {
      const code = (error as { code?: string }).code;
      const actions = [button(code === "LOCKED" ? "Try again" : "Open it again", () => void this.open(name, "strict", true))];
      if (code === "CORRUPT") actions.push(button("Take what is whole", () => void this.open(name, "salvage", true)));
      say(problem(error, `opening ${name}`, ...actions));
      await this.changed();
      return false;
    }
    say();
    if (report) say(notice("good", headline(session.recovery!), explain(session.recovery!)));
    const { info } = session.db!;
    if (info.storage === "memory") add(notice("warn", "This store is in memory only", [`It is gone when the page is left. ${info.storageReason ?? ""}`]));
    await this.changed();
    return true;
  }

  private async snapshot(): Promise<void> {
    try {
      const { sequence, bytes, milliseconds } = await this.session.database().snapshot();
      say(notice("good", "Snapshot written", [`Everything up to commit ${number(sequence)}, ${number(bytes)} bytes, in ${duration(milliseconds)}.`]));
      await this.changed();
    } catch (error) {
      fail(error);
    }
  }

  private kill(): void {
    this.session.kill();
    this.sayDead();
  }

  reopenButton(): HTMLButtonElement {
    const reopen = button("Reopen and recover", () => void this.open(this.session.name, "strict", true), "primary");
    reopen.id = "reopen";
    return reopen;
  }

  sayDead(): void {
    const reopen = this.reopenButton();
    say(notice("warn", "The worker is gone", ["It had no chance to flush or to say goodbye, as in a crash.", "Everything that was acknowledged is in the files."], reopen));
    reopen.focus();
  }

  async crashTest(): Promise<void> {
    try {
      const result = await crashTest(this.session, (n) => say(notice("plain", "Writing…", [`${plural(n, "write")} acknowledged`])));
      const good = result.missing === 0 && result.problems.length === 0;
      say(
        notice(good ? "good" : "warn", good ? "Every acknowledged write is there" : "Something is missing", [
          `Acknowledged before the kill: ${number(result.acknowledged)}. Found after recovery: ${number(result.found)}. Missing: ${number(result.missing)}.`,
          `${plural(result.extra, "write")} that the page had no answer for ${result.extra === 1 ? "was" : "were"} whole in the log and came back as well.`,
          result.problems.length ? `The check found: ${result.problems.join("; ")}` : "The check of the whole store found nothing wrong.",
          ...explain(this.session.recovery!),
        ]),
      );
      await this.changed();
    } catch (error) {
      fail(error);
    }
  }

  async check(): Promise<void> {
    try {
      const problems = await this.session.database().check();
      say(notice(problems.length ? "warn" : "good", problems.length ? "The check found problems" : "The store is sound", problems.length ? problems : ["Every record, index and connection was looked at."]));
    } catch (error) {
      fail(error);
    }
  }
}

const button = (text: string, onclick: () => void, style = ""): HTMLButtonElement => h("button", { type: "button", class: style, onclick }, text);

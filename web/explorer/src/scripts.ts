// Scripts: a file's, statement after statement, or the demo's.

import { duration, number, plural } from "./dom.js";
import { fail, say } from "./notices.js";
import { notice, problem } from "./problem.js";
import type { Runner } from "./runner.js";
import { longestScript, runScript, ScriptError } from "./scriptrun.js";
import type { Session } from "./session.js";
import { done } from "./summary.js";

export class Scripts {
  constructor(private readonly session: Session, private readonly runner: Runner, private readonly changed: () => Promise<void>, private readonly reopenButton: () => HTMLButtonElement) {}

  /** Whether all of it has run. */
  async run(title: string, text: string): Promise<boolean> {
    const { session, runner } = this;
    if (runner.busy) return false;
    const stop = runner.begin();
    try {
      const outcome = await runScript(session.database(), title, text, stop);
      const did = done(outcome.counters);
      say(notice("good", `${title.charAt(0).toUpperCase()}${title.slice(1)} has run`, [`${plural(outcome.statements, "statement")} in ${duration(outcome.milliseconds)}${did ? `: ${did}` : ""}.`]));
      return true;
    } catch (error) {
      if (error instanceof ScriptError) say(problem(error.reason, `${title}, ${error.where}. The statements before it have run.`, ...(session.state === "dead" ? [this.reopenButton()] : [])));
      else fail(error);
      return false;
    } finally {
      runner.end();
      if (session.state === "open") await this.changed();
    }
  }

  async file(file: File): Promise<void> {
    if (file.size > longestScript) return fail(Object.assign(new Error(`${file.name} has ${number(file.size)} bytes`), { code: "LIMIT", hint: "The explorer takes scripts of up to 64 MiB. Import reads larger ones, in one transaction." }));
    await this.run(file.name, await file.text());
  }
}

// The place above the result where the page says what happened.

import { byId } from "./dom.js";
import { problem } from "./problem.js";

/** Says this instead of what was said before; without anything, nothing. */
export function say(...elements: HTMLElement[]): void {
  byId("notices").replaceChildren(...elements);
}

/** Says this too. */
export function add(element: HTMLElement): void {
  byId("notices").append(element);
}

export function fail(error: unknown): void {
  say(problem(error));
}

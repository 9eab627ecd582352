// Who has a database open. The exclusive file handle that guards it cannot
// tell, so a page that has one open holds a Web Lock beside it whose *name*
// says who it is: it can be read without an answer from a page that may be
// frozen, and it goes when the page goes. Nothing is decided by it.

import { unique } from "./engine.js";
import type { PocketGraphError } from "./errors.js";
import type { Holder } from "./types.js";

const prefix = "pocketgraph:holder:";
/** This page, among all that are loaded. */
const here = unique();
/** How long asking may take, in milliseconds. The answer is worth no more. */
const patience = 1000;

/** Says that this page has the database open, until `end`. */
export function announce(name: string, end: AbortSignal): void {
  const locks = globalThis.navigator?.locks;
  if (!locks) return; // in Node, or no secure context: the page is not known to others
  const title = globalThis.document?.title.slice(0, 100) ?? "";
  const word = JSON.stringify({ name, here, title, page: location.pathname.slice(0, 200), since: new Date().toISOString() });
  locks
    .request(prefix + word, () => new Promise<void>((done) => (end.aborted ? done() : end.addEventListener("abort", () => done()))))
    .catch(() => {}); // a page that may not lock is not known to others
}

/** Adds to a LOCKED error who holds the database, as far as can be known. */
export async function explainLocked(error: PocketGraphError, name: string): Promise<void> {
  const late = new Promise<undefined>((done) => setTimeout(done, patience));
  const locks = await Promise.race([globalThis.navigator?.locks?.query().catch(() => undefined), late]);
  for (const lock of locks?.held ?? []) {
    const holder = parse(lock.name ?? "", name);
    if (holder) return error.heldBy(holder);
  }
}

function parse(lock: string, name: string): Holder | undefined {
  if (!lock.startsWith(prefix)) return;
  try {
    const word = JSON.parse(lock.slice(prefix.length));
    if (word.name === name) return { here: word.here === here, page: String(word.page), title: String(word.title), since: String(word.since) };
  } catch {
    // somebody else's lock
  }
}

import type { Holder } from "./types.js";

/** Where in the query text an error is. Line and column count from 1, in characters; offset in UTF-16 units. */
export interface Position {
  offset: number;
  line: number;
  column: number;
}

/** What an error may carry beside its code and message. */
export interface ErrorDetails {
  hint?: string;
  /** For errors of the query language: "compile" or "runtime". */
  phase?: string;
  /** For errors of the query language: the finer code, such as "UndefinedVariable". */
  detail?: string;
  position?: Position;
  /** The line of the query the error is in, and below it a caret under the place. */
  caret?: string;
  applied?: "no" | "unknown";
  cause?: unknown;
}

/**
 * The one error this package throws. `code` is stable: a program decides by
 * it; `message` is for people and may change.
 */
export class PocketGraphError extends Error {
  readonly code: string;
  readonly hint?: string;
  readonly phase?: string;
  readonly detail?: string;
  readonly position?: Position;
  /** The line within the query, as `position.line`. */
  readonly line?: number;
  readonly caret?: string;
  /** For HISTORY_DROPPED: the oldest transaction that `changes()` can begin with. */
  oldest?: number;
  /** For DISK_FULL: bytes of the write that did not fit, and bytes that the browser says this site may still store; undefined where that is not known. */
  needed?: number;
  available?: number;
  /** When a request ended without an answer: whether it may have been applied. "no" is certain. */
  readonly applied?: "no" | "unknown";
  /** For LOCKED and OWNER_FROZEN: who has the database open, where that is known. */
  holder?: Holder;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "PocketGraphError";
    this.code = code;
    this.hint = details.hint ?? hints[code];
    this.phase = details.phase;
    this.detail = details.detail;
    this.position = details.position;
    this.line = details.position?.line;
    this.caret = details.caret;
    this.applied = details.applied;
  }

  /** @internal */
  heldBy(holder: Holder): void {
    this.holder = holder;
    this.message += `; it is open in ${holder.here ? "this page" : `another tab: "${holder.title}" at ${holder.page}`}, since ${holder.since}`;
  }
}

// What to do about it, where the code alone says so. The engine's own hints win.
const hints: { [code: string]: string } = {
  LOCKED: "Another tab, window or worker of this site has the database open. Close it there, or use that one.",
  CLOSED: "The database was closed. Open it again.",
  ENGINE_DIED: "Open the database again: every acknowledged write is there. A write that was in flight may or may not be; look before repeating it.",
  OWNER_FROZEN: "The browser has suspended the tab that has the database open. Bring it to the front, or close it. A write with `applied: \"unknown\"` may be there.",
  NO_OWNER: "Nothing was changed. Try again: a tab may still be reading a large database.",
  OWNER_CHANGED: "Run the transaction, or the stream, again.",
  OUTCOME_UNKNOWN: "Look whether the write is there before repeating it.",
  ALREADY_APPLIED: "The write is there once: read what it would have returned.",
  PARTLY_APPLIED: "Look what is missing: repeating the statement would apply its first transactions again.",
  PROTOCOL: "Page, worker and WebAssembly must be of one version of the package: empty the cache, or copy the files again.",
  NEWER_SCHEMA: "A newer release of the app has migrated the database: load the page again to get it.",
  MIGRATION_FAILED: "The step was rolled back; those before it are there. Its error is the cause.",
  NOT_IMPLEMENTED: "This version does not do that yet.",
};

/** The error that an aborted signal stands for: its own reason is the cause. */
export function aborted(signal: AbortSignal): PocketGraphError {
  return new PocketGraphError("CANCELLED", "the call was cancelled", { cause: signal.reason });
}

/** Any thrown thing as a PocketGraphError; one that is already comes back as it is. */
export function asError(cause: unknown, code = "INTERNAL"): PocketGraphError {
  if (cause instanceof PocketGraphError) return cause;
  return new PocketGraphError(code, cause instanceof Error ? cause.message : String(cause), { cause });
}

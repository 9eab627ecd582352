// What the page keeps in localStorage: read with care, since anybody may have
// written there, and written with a clear error when there is no room.

/** The stored value, or undefined where there is none or it cannot be read. */
export function kept(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** Throws an error with code STORAGE_FULL, and what was stored stays. */
export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch (cause) {
    throw Object.assign(new Error("this browser has no room for more in the page's localStorage", { cause }), {
      code: "STORAGE_FULL",
      hint: "Nothing that was kept before is lost. Clear the history or delete saved queries; in a private window the browser may keep nothing at all.",
    });
  }
}

/** For what is only convenient to have: kept where possible. */
export function keepIfPossible(key: string, value: unknown): void {
  try {
    keep(key, value);
  } catch {
    // then it lasts as long as the page
  }
}

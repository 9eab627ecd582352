// Assertions for the page: what node:assert does, for the values a database has.

/** Throws unless both are the same value, deeply: prototypes, own keys, bytes and bigints included. */
export function equal(actual, expected, what = "") {
  if (!same(actual, expected)) throw new Error(`${what}: got ${show(actual)}, want ${show(expected)}`);
}

export function ok(condition, what) {
  if (!condition) throw new Error(what);
}

/** Awaits a rejection with this code and returns the error. */
export async function rejects(promise, code) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    if (error.code !== code) throw new Error(`rejected with ${error.code ?? error} (${error.message}), want ${code}`);
    if (error.name !== "PocketGraphError" || !error.message) throw new Error(`${code} is not a PocketGraphError with a message`);
    return error;
  }
  throw new Error(`resolved with ${show(value)}, want rejection with ${code}`);
}

function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

export function show(value) {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  const text = JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v));
  return text && text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

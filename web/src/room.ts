// What the browser says about this site's storage: how much room there is, and
// whether it promised not to evict it. It is asked about the site, not about one
// database.

import type { StorageInfo } from "./types.js";

/**
 * How much this site stores and may store, and whether the browser promised to
 * keep it. What a browser does not say is undefined; none of it is exact.
 */
export async function storageInfo(): Promise<StorageInfo> {
  const storage = globalThis.navigator?.storage;
  const [estimate, persisted] = await Promise.all([storage?.estimate?.().catch(() => undefined), storage?.persisted?.().catch(() => undefined)]);
  return { usage: estimate?.usage, quota: estimate?.quota, persisted: persisted ?? false };
}

/**
 * Asks the browser not to evict this site's storage when space is short, and
 * says whether it promised. Firefox asks the user, and answers only then; `open()`
 * asks too and does not wait.
 */
export async function requestPersistence(): Promise<boolean> {
  return (await globalThis.navigator?.storage?.persist?.().catch(() => false)) ?? false;
}

// Keeps the built files of the page, so that it opens without a network. Files
// are kept by their content: the name in the cache has the SHA-256, an update
// fetches only what differs, and what came over the network is checked against
// it before it is kept. Nothing else is ever answered or kept.

/** Path, relative to the page, and SHA-256 in hexadecimal, of each file; the build puts them in. */
declare const FILES: { readonly [path: string]: string };

// The types of service workers are not those of pages, which the rest is checked with.
interface LifeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends LifeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Scope extends EventTarget {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}
const worker = globalThis as unknown as Scope;

const cacheName = "pocketgraph-explorer";
const base = new URL(worker.registration.scope);
const kept = (path: string): string => new URL(`${path}?sha256=${FILES[path]}`, base).href;

async function digest(content: ArrayBuffer): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Fails, and is tried again at the next visit, when the server has files of another build. */
async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  for (const path of Object.keys(FILES)) {
    if (await cache.match(kept(path))) continue;
    const response = await fetch(new URL(path, base), { cache: "reload" });
    if (!response.ok) throw new Error(`${path}: status ${response.status}`);
    const sum = await digest(await response.clone().arrayBuffer());
    if (sum !== FILES[path]) throw new Error(`${path} is of another build`);
    await cache.put(kept(path), response);
  }
}

async function activate(): Promise<void> {
  const cache = await caches.open(cacheName);
  const wanted = new Set(Object.keys(FILES).map(kept));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
  await worker.clients.claim();
}

/** The file a request is for, if it is one of ours. */
function fileOf({ method, url }: Request): string | null {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== base.origin || !pathname.startsWith(base.pathname)) return null;
  const path = pathname.slice(base.pathname.length) || "index.html";
  return Object.hasOwn(FILES, path) ? path : null;
}

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(kept(path))) ?? fetch(request); // the browser may have evicted it
}

worker.addEventListener("install", (event) => (event as LifeEvent).waitUntil(install()));
worker.addEventListener("activate", (event) => (event as LifeEvent).waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const path = fileOf((event as FetchEvent).request);
  if (path !== null) (event as FetchEvent).respondWith(answer(path, (event as FetchEvent).request));
});
// The page says so when the reader wants the new version now.
worker.addEventListener("message", (event) => {
  if ((event as MessageEvent).data === "take over") void worker.skipWaiting();
});

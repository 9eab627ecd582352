// Keeps the page for when there is no network. The page, the engine and its
// worker must be of one version, so the set is fetched as a whole when this file
// changes (count the version up when you release), and is never mixed with what
// comes later: the network answers while it is there, the set when it is not.

const version = "notes-1";
const files = [
  "./",
  "app.js",
  "notes.js",
  "style.css",
  "../shared/base.css",
  "../shared/ui.js",
  "../shared/icon.svg",
  ...["index.js", "tabs.js", "subscribe.js", "worker.js", "pocketgraph.wasm"].map((name) => `pocketgraph/${name}`),
];

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(version).then((cache) => cache.addAll(files)));
});

addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name.startsWith("notes-") && name !== version) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(old());
});

addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).catch(async () => (await caches.match(event.request, { cacheName: version, ignoreSearch: true })) ?? Response.error()));
});

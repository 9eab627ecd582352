// Builds the page and serves it on 127.0.0.1 under its content security policy.
//
//   node explorer/serve.mjs [--port 8137]

import { join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { portOf, serveStatic } from "../scripts/static.mjs";
import { buildExplorer, dist } from "./build.mjs";
import { policy } from "./policy.mjs";

const defaultPort = 8137;

const headers = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

function fileOf(path) {
  const file = join(dist, normalize(path.endsWith("/") ? `${path}index.html` : path));
  return file.startsWith(dist + sep) ? file : null;
}

/** Serves explorer/dist: see serveStatic. */
export const serveExplorer = (port = 0) => serveStatic(fileOf, headers, port);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = portOf(process.argv, defaultPort);
  await buildExplorer(); // a third of a second; the npm package is built only where there is none
  const { url } = await serveExplorer(port);
  console.log(`\n  PocketGraph explorer   ${url}\n  Stop with Ctrl+C.\n`);
}

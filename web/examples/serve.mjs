// Serves the examples on 127.0.0.1, each with the built package beside it, as
// you would copy it: <example>/pocketgraph/ is ../dist.
//
//   node examples/serve.mjs [--port 8160]

import { dirname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { portOf, serveStatic } from "../scripts/static.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const web = dirname(here);
const defaultPort = 8160;

/** What a page may do. Cytoscape sets styles in the page, hence 'unsafe-inline' for those. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const headers = { "content-security-policy": policy, "cache-control": "no-cache" };

/** The file an address stands for, or null. */
function fileOf(path) {
  const [, beside] = /^(?:\/[a-z]+)?\/pocketgraph\/([\w.-]+)$/.exec(path) ?? [];
  if (beside) return join(web, "dist", beside);
  if (path === "/lib/cytoscape.js") return join(web, "node_modules/cytoscape/dist/cytoscape.esm.min.mjs");
  if (path === "/dependencies/sample.json") return join(web, "test/bundlers/package-lock.json");
  const file = join(here, normalize(path.endsWith("/") ? `${path}index.html` : path));
  return file.startsWith(here + sep) ? file : null;
}

/** Serves the examples: see serveStatic. */
export const serveExamples = (port = 0) => serveStatic(fileOf, headers, port);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serveExamples(portOf(process.argv, defaultPort));
  console.log(`\n  PocketGraph examples   ${url}\n  Stop with Ctrl+C.\n`);
}

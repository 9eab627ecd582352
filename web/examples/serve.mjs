// Serves the examples on 127.0.0.1, each with the built package beside it, as
// you would copy it: <example>/pocketgraph/ is ../dist.
//
//   node examples/serve.mjs [--port 8160]

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const web = dirname(here);
const defaultPort = 8160;
const tries = 20; // ports after the first, when it is taken

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".json": "application/json", ".md": "text/plain; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".map": "application/json" };

/** What a page may do. Cytoscape sets styles in the page, hence 'unsafe-inline' for those. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The file an address stands for, or null. */
function fileOf(path) {
  const [, beside] = /^(?:\/[a-z]+)?\/pocketgraph\/([\w.-]+)$/.exec(path) ?? [];
  if (beside) return join(web, "dist", beside);
  if (path === "/lib/cytoscape.js") return join(web, "node_modules/cytoscape/dist/cytoscape.esm.min.mjs");
  if (path === "/dependencies/sample.json") return join(web, "test/bundlers/package-lock.json");
  const file = join(here, normalize(path.endsWith("/") ? `${path}index.html` : path));
  return file.startsWith(here + sep) ? file : null;
}

function answer(request, response) {
  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  } catch {
    return response.writeHead(400).end();
  }
  const file = fileOf(path);
  if (!file || !existsSync(file)) return response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
  if (!statSync(file).isFile()) return response.writeHead(301, { location: `${path}/` }).end();
  response.writeHead(200, { "content-type": types[extname(file)] ?? (extname(file) === ".mjs" ? "text/javascript" : "application/octet-stream"), "content-length": statSync(file).size, "content-security-policy": policy, "cache-control": "no-cache" });
  createReadStream(file).pipe(response);
}

/** Port 0 takes any; otherwise `port` or the next free one. Returns {url, close}. */
export async function serveExamples(port = 0) {
  const server = createServer(answer);
  const listen = (port) => new Promise((ready, fail) => server.once("error", fail).listen(port, "127.0.0.1", () => (server.off("error", fail), ready())));
  for (let i = 0; ; i++) {
    try {
      await listen(port && port + i);
      break;
    } catch (error) {
      if (error.code !== "EADDRINUSE" || i >= tries) throw error;
    }
  }
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--port");
  const { url } = await serveExamples(at < 0 ? defaultPort : Number(process.argv[at + 1]));
  console.log(`\n  PocketGraph examples   ${url}\n  Stop with Ctrl+C.\n`);
}

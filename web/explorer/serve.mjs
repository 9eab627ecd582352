// Builds the page and serves it on 127.0.0.1 under its content security policy.
//
//   node explorer/serve.mjs [--port 8137]

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { buildExplorer, dist } from "./build.mjs";
import { policy } from "./policy.mjs";

const defaultPort = 8137;
const tries = 20; // ports after the first, when it is taken

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
  ".map": "application/json",
  ".cypher": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

const headers = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

function answer(request, response) {
  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  } catch {
    return response.writeHead(400).end();
  }
  const file = join(dist, normalize(path.endsWith("/") ? `${path}index.html` : path));
  if (!file.startsWith(dist + sep) || !existsSync(file) || !statSync(file).isFile()) {
    return response.writeHead(404, { "content-type": "text/plain", ...headers }).end("not found\n");
  }
  response.writeHead(200, { ...headers, "content-type": types[extname(file)] ?? "application/octet-stream", "content-length": statSync(file).size });
  createReadStream(file).pipe(response);
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server.address().port));
  });
}

/** Serves explorer/dist. Port 0 takes any; otherwise `port` or the next free one. Returns {url, close}. */
export async function serveExplorer(port = 0) {
  const server = createServer(answer);
  let bound;
  for (let i = 0; bound === undefined; i++) {
    try {
      bound = await listen(server, port && port + i);
    } catch (error) {
      if (error.code !== "EADDRINUSE" || i >= tries) throw error;
    }
  }
  return {
    url: `http://127.0.0.1:${bound}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--port");
  const port = at < 0 ? defaultPort : Number(process.argv[at + 1]);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error("--port takes a number from 0 to 65535");
  await buildExplorer(); // a third of a second; the npm package is built only where there is none
  const { url } = await serveExplorer(port);
  console.log(`\n  PocketGraph explorer   ${url}\n  Stop with Ctrl+C.\n`);
}

// A server of static files on 127.0.0.1, for the explorer and the examples.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";

const tries = 20; // ports after the first, when it is taken

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".map": "application/json",
  ".cypher": "text/plain; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Serves what `fileOf` names for a path, if it is a file; it gives null for what
 * is not to be served. A folder is sent to its address with a slash. Port 0 takes
 * any; otherwise `port` or the next free one. Returns {url, close}.
 */
export async function serveStatic(fileOf, headers, port = 0) {
  const server = createServer((request, response) => answer(fileOf, headers, request, response));
  for (let i = 0; ; i++) {
    try {
      await listen(server, port && port + i);
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

function answer(fileOf, headers, request, response) {
  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  } catch {
    return response.writeHead(400).end();
  }
  const file = fileOf(path);
  if (!file || !existsSync(file)) return response.writeHead(404, { "content-type": "text/plain", ...headers }).end("not found\n");
  const found = statSync(file);
  if (!found.isFile()) return response.writeHead(301, { location: `${path}/` }).end();
  response.writeHead(200, { ...headers, "content-type": types[extname(file)] ?? "application/octet-stream", "content-length": found.size });
  createReadStream(file).pipe(response);
}

function listen(server, port) {
  return new Promise((ready, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => (server.off("error", fail), ready()));
  });
}

/** The number behind --port, or the default. */
export function portOf(args, otherwise) {
  const at = args.indexOf("--port");
  const port = at < 0 ? otherwise : Number(args[at + 1]);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error("--port takes a number from 0 to 65535");
  return port;
}

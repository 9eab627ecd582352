// A plain static server on 127.0.0.1, as any host of files is: an ETag, and no
// special headers but those a test asks for.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".map": "application/json", ".css": "text/css" };

/** The policy the package promises to work under. */
export const strictPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/**
 * Serves the files under root. `routes` maps a path to (request, response),
 * `mounts` a path's beginning to another folder, `headers` are sent with every
 * answer. Returns {url, close}.
 */
export async function serve(root, { routes = {}, mounts = {}, headers = {} } = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (routes[path]) return routes[path](request, response);
    const mount = Object.keys(mounts).find((start) => path.startsWith(start));
    const base = mount ? mounts[mount] : root;
    const file = join(base, normalize(mount ? path.slice(mount.length - 1) : path));
    if (!file.startsWith(base) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
      return;
    }
    const { size, mtimeMs } = statSync(file);
    const etag = `"${size.toString(36)}-${mtimeMs.toString(36)}"`;
    response.setHeader("etag", etag);
    if (request.headers["if-none-match"] === etag) return response.writeHead(304).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", "content-length": size });
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

// Builds the explorer into explorer/dist: the scripts, one style sheet, the page,
// the demo, the package's worker and WebAssembly beside them, and the service
// worker that keeps all of these.
//
//   node explorer/build.mjs [--package]     --package builds the npm package first

import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPackage } from "../scripts/build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const packageDist = join(dirname(here), "dist");
export const dist = join(here, "dist");

/** Builds the page; `pkg` builds the npm package before it. */
export async function buildExplorer({ pkg = false } = {}) {
  if (pkg || !existsSync(join(packageDist, "pocketgraph.wasm"))) await buildPackage();
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  await build({
    entryPoints: { app: join(here, "src/main.ts"), layout: join(here, "src/layout-worker.ts"), style: join(here, "style/main.css") },
    outdir: dist,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "linked",
    sourcemap: "linked",
    logLevel: "warning",
    // The package as its users get it: the built module, which looks for worker and engine beside itself.
    alias: { pocketgraph: join(packageDist, "index.js") },
  });
  for (const name of ["worker.js", "pocketgraph.wasm", "formats-worker.js", "importers.wasm"]) copyFileSync(join(packageDist, name), join(dist, name));
  for (const name of ["index.html", "icon.svg", "manifest.webmanifest"]) copyFileSync(join(here, name), join(dist, name));
  for (const name of ["demo", "icons"]) cpSync(join(here, name), join(dist, name), { recursive: true });
  await buildServiceWorker();
  return dist;
}

/** What the service worker keeps: every built file by its SHA-256, but itself and what only a developer looks at. */
export function keptFiles() {
  const names = readdirSync(dist, { recursive: true }).filter((name) => statSync(join(dist, name)).isFile() && !/^sw\.js$|\.map$|\.LEGAL\.txt$/.test(name));
  return Object.fromEntries(names.sort().map((name) => [relative(dist, join(dist, name)).split(sep).join("/"), createHash("sha256").update(readFileSync(join(dist, name))).digest("hex")]));
}

/** Builds the service worker for what is in dist now. */
export async function buildServiceWorker() {
  await build({
    entryPoints: { sw: join(here, "src/serviceworker.ts") },
    outdir: dist,
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    logLevel: "warning",
    define: { FILES: JSON.stringify(keptFiles()) },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildExplorer({ pkg: process.argv.includes("--package") });

// Builds the explorer into explorer/dist: one script, one style sheet, the page,
// the demo, and the package's worker and WebAssembly beside them.
//
//   node explorer/build.mjs [--package]     --package builds the npm package first

import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
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
  for (const name of ["worker.js", "pocketgraph.wasm"]) copyFileSync(join(packageDist, name), join(dist, name));
  for (const name of ["index.html", "icon.svg"]) copyFileSync(join(here, name), join(dist, name));
  cpSync(join(here, "demo"), join(dist, "demo"), { recursive: true });
  return dist;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildExplorer({ pkg: process.argv.includes("--package") });

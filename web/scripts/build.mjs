// Builds dist/: the page module, the worker (with Go's wasm_exec.js of the
// toolchain that built the engine: the two must be of one version), the
// WebAssembly, the declarations, and the licence files npm pack takes along.
//
//   node scripts/build.mjs [--no-wasm]     --no-wasm keeps the engine that is there

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeNotices } from "./notices.mjs";
import { goForPage } from "./goenv.mjs";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(web);
const dist = join(web, "dist");
const { version } = JSON.parse(readFileSync(join(web, "package.json"), "utf8"));

export async function buildPackage({ wasm = true } = {}) {
  mkdirSync(dist, { recursive: true });
  if (wasm) buildWasm();
  await bundle();
  declare();
  copyFileSync(join(root, "LICENSE"), join(web, "LICENSE"));
  writeNotices();
}

/**
 * Packages that are compiled without inlining, which makes them smaller: what
 * runs once for a statement or an opening, not once for a row or a value. It
 * takes 22 KB of brotli off, 2 % of the module (docs/size.md).
 */
const cold = [
  ...["", "/cypher", "/cypher/syntax", "/cypher/bind", "/cypher/plan", "/graph/temporal", "/internal/csv", "/internal/jsutil", "/opfs", "/storage/once", "/wal"].map(
    (name) => `github.com/pocketgraph/pocketgraph${name}`,
  ),
  "github.com/hack-pad/hackpadfs",
  ...["context", "internal/strconv", "io/fs", "math/rand/v2", "sort", "strconv", "syscall", "time"],
];

/** Links the engine with its names, which wasmshrink needs (so no -ldflags=-s), and a profiler likes. */
export function linkEngine(out) {
  execFileSync("go", ["build", "-trimpath", ...cold.map((name) => `-gcflags=${name}=-l`), "-o", out, "./wasm"], { cwd: root, stdio: "inherit", env: goForPage });
}

/** Makes the linked engine small. docs/size.md has the figures. */
function buildWasm() {
  const linked = join(dist, "linked.wasm");
  linkEngine(linked);
  shrink(linked, "pocketgraph.wasm");
  // What reads and writes files is a module of its own, loaded when it is needed.
  execFileSync("go", ["build", "-trimpath", "-o", linked, "./wasm/formats"], { cwd: root, stdio: "inherit", env: goForPage });
  shrink(linked, "importers.wasm");
}

function shrink(linked, name) {
  execFileSync("go", ["run", "./internal/wasmshrink/shrink", linked, join(dist, name)], { cwd: root, stdio: "inherit" });
  rmSync(linked);
  stamp(join(dist, name));
}

/** How many letters name a build. */
const nameLength = 8;

/**
 * Ends a module with a custom section "build" that names it, by a checksum. The
 * page's scripts have the name too, and so find out without asking the server
 * whether the copy a browser kept is theirs (src/wasm.ts).
 */
function stamp(file) {
  const bytes = readFileSync(file);
  const name = createHash("sha256").update(bytes).digest("base64url").slice(0, nameLength);
  const section = Buffer.from(`\x05build${name}`);
  writeFileSync(file, Buffer.concat([bytes, Buffer.from([0, section.length]), section]));
}

/** What stamp named it. */
const buildOf = (name) => JSON.stringify(readFileSync(join(dist, name)).subarray(-nameLength).toString());

/** "wasm-exec" is Go's wasm_exec.js, a script that sets globalThis.Go. By this name the source map has no path of the toolchain. */
const goRuntime = {
  name: "wasm-exec",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^wasm-exec$/ }, () => ({ path: "wasm_exec.js", namespace: "go", sideEffects: true }));
    onLoad({ filter: /.*/, namespace: "go" }, () => {
      const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
      return { contents: readFileSync(join(root, "lib/wasm/wasm_exec.js"), "utf8"), loader: "js" };
    });
  },
};

/** Modules with an entry of their own in the exports map, beside the page's and the worker's. What they need of the page's they import from it: there is one of each class. */
const entries = ["node", "neo4j", "react", "vue", "svelte", "graphology", "cytoscape", "esbuild", "rollup"];
const importing = (module) => ({
  name: "page-module",
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: `./${module}.js`, external: true })),
});
/** Modules that the page's loads when they are first used: files of their own, which a bundler of an app splits off as well. */
const onUse = ["subscribe", "functions", "files", "formats", "load", "tabs", "indexeddb", "migrations"];

async function bundle() {
  const common = {
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none", // they are in THIRD-PARTY-NOTICES.txt
    sourcemap: "linked",
    sourcesContent: true,
    logLevel: "warning",
    define: { PACKAGE_VERSION: JSON.stringify(version), ENGINE_BUILD: buildOf("pocketgraph.wasm"), IMPORTERS_BUILD: buildOf("importers.wasm") },
  };
  const banner = { js: "/* PocketGraph, Apache-2.0; see THIRD-PARTY-NOTICES.txt */" };
  await build({ ...common, banner, entryPoints: [join(web, "src/index.ts")], outfile: join(dist, "index.js"), external: onUse.map((name) => `./${name}.js`) });
  for (const name of onUse) await build({ ...common, banner, entryPoints: [join(web, `src/${name}.ts`)], outfile: join(dist, `${name}.js`) });
  await build({ ...common, banner, entryPoints: [join(web, "src/formats-worker.ts")], outfile: join(dist, "formats-worker.js"), plugins: [goRuntime] });
  await build({ ...common, banner, entryPoints: [join(web, "src/worker.ts")], outfile: join(dist, "worker.js"), plugins: [goRuntime] });
  for (const name of ["node-worker", "node-formats-worker"]) await build({ ...common, banner, entryPoints: [join(web, `src/${name}.ts`)], outfile: join(dist, `${name}.js`), plugins: [goRuntime], packages: "external" });
  await build({ ...common, banner, entryPoints: entries.map((name) => join(web, `src/${name}.ts`)), outdir: dist, plugins: [importing("index")], packages: "external" });
  // What opens databases by itself does it in Node by way of Node's entry.
  await build({ ...common, banner, entryPoints: [join(web, "src/neo4j.ts")], outfile: join(dist, "node-neo4j.js"), plugins: [importing("node")], packages: "external" });
}

/** Keeps the declarations a user of the package can reach; the rest of src/ is nobody's business. */
function declare() {
  const out = mkdtempSync(join(tmpdir(), "pocketgraph-types-"));
  try {
    execFileSync(process.execPath, [join(web, "node_modules/typescript/bin/tsc"), "-p", join(web, "tsconfig.json"), "--outDir", out], { stdio: "inherit" });
    for (const name of readdirSync(dist)) if (name.endsWith(".d.ts")) rmSync(join(dist, name));
    // Node's entry has the names and types of the page's.
    for (const name of ["index", "worker", "formats-worker", ...entries.filter((name) => name !== "node")]) copyReachable(out, `${name}.d.ts`);
  } finally {
    rmSync(out, { recursive: true });
  }
}

function copyReachable(out, name) {
  if (existsSync(join(dist, name))) return;
  copyFileSync(join(out, name), join(dist, name));
  for (const [, module] of readFileSync(join(out, name), "utf8").matchAll(/from "\.\/([\w-]+)\.js"/g)) copyReachable(out, `${module}.d.ts`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPackage({ wasm: !process.argv.includes("--no-wasm") });

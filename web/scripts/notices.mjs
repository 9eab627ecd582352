// THIRD-PARTY-NOTICES.txt: the licence of everything that is inside the
// package although it is not ours. The list is not kept by hand: it is what
// `go list` says is linked into the WebAssembly, the Go runtime itself, and
// whatever esbuild could have bundled from node_modules (nothing, so far).
//
//   node scripts/notices.mjs           writes it
//   node scripts/notices.mjs --check   fails when the one that is there is not complete

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { goForPage } from "./goenv.mjs";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(web);
const file = join(web, "THIRD-PARTY-NOTICES.txt");
const rule = "-".repeat(78);

function go(...args) {
  return execFileSync("go", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26, env: goForPage });
}

/** Modules with a package in the WebAssembly, without ours: [{path, version, dir}]. */
function linkedModules() {
  const lines = go("list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "./wasm", "./wasm/formats").split("\n");
  return [...new Set(lines.filter(Boolean))].sort().map((line) => {
    const [path, version, dir] = line.split("\t");
    return { path, version, dir };
  });
}

function licenceTexts(dir, name) {
  const files = readdirSync(dir).filter((f) => /^(licen[cs]e|copying|notice|patents)/i.test(f)).sort();
  if (!files.some((f) => /^(licen[cs]e|copying)/i.test(f))) throw new Error(`${name} has no licence file in ${dir}`);
  return files.map((f) => readFileSync(join(dir, f), "utf8").trim()).join("\n\n");
}

function notices() {
  const goRoot = go("env", "GOROOT").trim();
  const parts = [
    {
      name: "The Go standard library and runtime (in pocketgraph.wasm and importers.wasm), and wasm_exec.js (in worker.js and formats-worker.js)",
      text: licenceTexts(existsSync(join(goRoot, "LICENSE")) ? goRoot : dirname(goRoot), "Go"),
    },
    ...linkedModules().map((m) => ({ name: `${m.path} ${m.version} (in pocketgraph.wasm)`, text: licenceTexts(m.dir, m.path) })),
  ];
  const head = "PocketGraph is under the Apache License 2.0 (see LICENSE). Inside this package is\nalso work of others, under these licences:\n";
  return head + parts.map((p) => `\n${rule}\n${p.name}\n${rule}\n\n${p.text}\n`).join("");
}

export function writeNotices() {
  const text = notices();
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

export function checkNotices() {
  if (!existsSync(file) || readFileSync(file, "utf8") !== notices()) {
    throw new Error("THIRD-PARTY-NOTICES.txt does not match what is linked: run node scripts/notices.mjs in web/ and commit it");
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.argv.includes("--check") ? checkNotices() : writeNotices();

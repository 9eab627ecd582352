// What a run was made with, and docs/performance.md, which keeps the last one.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(here));
const file = join(root, "docs/performance.md");

const versionOf = (name) => JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8")).version;

/** The commit and the toolchain, as they were when the run began. */
export const versionOfOurs = `${execFileSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" }).trim()} (${execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim()})`;

/** One paragraph: when, what, where, and with which command. */
export async function environment(stage, args, plan) {
  const names = { sqlite: "@sqlite.org/sqlite-wasm", kuzu: "kuzu-wasm", graphology: "graphology" };
  const versions = plan.peers.flatMap((peer) => (names[peer] ? [`${names[peer]} ${versionOf(names[peer])}`] : []));
  return [
    `\`${["node web/bench/run.mjs", ...args].join(" ")}\` on ${new Date().toISOString().slice(0, 10)}: PocketGraph ${versionOfOurs}`,
    ...versions,
    `${await stage.browser.version()}, headless`,
    `${cpus().length} shared cores (load ${loadavg()[0].toFixed(1)} at the end). Medians of ${plan.rounds} rounds`,
  ].join("; ") + ".";
}

/** Replaces what is between the marks of a part. */
export function writePart(name, text) {
  const [begin, end] = [`<!-- ${name}: written by web/bench, do not edit -->`, `<!-- end of ${name} -->`];
  const before = readFileSync(file, "utf8");
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no part ${name}`);
  writeFileSync(file, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}

// The few figures of docs/performance.md that README.md shows, so that they are
// those of the last record and not of some day. A test compares them.
//
//   node bench/readme.mjs      writes them into README.md

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const marks = /(<!-- figures: written by web\/bench\/readme.mjs, do not edit -->\n)[^]*?(<!-- end of figures -->)/;

/** Heading of the table, row of it, and how the README calls that. */
const shown = [
  ["Commits of one node", "strict commits, one node each, one by one, /s", "durable commits, one by one, /s"],
  ["100,000 persons, 500,000 KNOWS", "bulk load of the whole graph, durable, and a first hop, ms", "load of the whole graph and a first hop, ms"],
  ["100,000 persons, 500,000 KNOWS", "point lookup by an indexed property, /s", "lookup by an indexed property, /s"],
  ["100,000 persons, 500,000 KNOWS", "three hops, distinct count, /s", "friends of friends of friends, counted, /s"],
  ["100,000 persons, 500,000 KNOWS", "shortest path, /s", "shortest path, /s"],
  ["100,000 persons, 500,000 KNOWS", "count and average by group, /s", "count and average by group, /s"],
  ["100,000 persons, 500,000 KNOWS", "reload, reopen, first answer, ms", "reload, reopen, first answer, ms"],
  ["100,000 persons, 500,000 KNOWS", "rows of five columns to the page, /s", "rows of five columns to the page, /s"],
];
const peers = ["PocketGraph", "SQLite", "Kùzu", "graphology"];

/** The table, out of the text of docs/performance.md. */
export function figures(performance) {
  const rows = shown.map(([heading, row, name]) => {
    const [, part] = performance.split(new RegExp(`^### ${heading}.*$`, "m"));
    const table = (part ?? "").split("\n").filter((line) => line.startsWith("|")).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
    const [head, cells] = [table[0], table.find(([name]) => name === row)];
    if (!head?.includes(peers[0]) || !cells) throw new Error(`docs/performance.md has no row "${row}" under "${heading}"`);
    return `| ${name} | ${peers.map((peer) => cells[head.indexOf(peer)] ?? "–").join(" | ")} |`;
  });
  return `|  | ${peers.join(" | ")} |\n|---|${"---:|".repeat(peers.length)}\n${rows.join("\n")}\n`;
}

/** README.md with the figures of now. */
export function withFigures(readme, performance) {
  if (!marks.test(readme)) throw new Error("README.md has no marks for the figures");
  return readme.replace(marks, (_, begin, end) => `${begin}\n${figures(performance)}\n${end}`);
}

const read = (name) => readFileSync(join(root, name), "utf8");
/** Writes them. */
export const writeFigures = () => writeFileSync(join(root, "README.md"), withFigures(read("README.md"), read("docs/performance.md")));

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFigures();

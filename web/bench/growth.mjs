// How PocketGraph grows: the table from 1,000 to 1,000,000 nodes, and a plot.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { works } from "./page/works.js";
import { plot } from "./plot.mjs";
import { environment, root, writePart } from "./report.mjs";
import { storeOf, Suite } from "./suite.mjs";
import { markdown, median, number } from "./table.mjs";
import { socialRows } from "./targets.mjs";

/** Written to, a graph would no longer be of its size. */
const unmixed = Object.fromEntries(Object.entries(works.social).map(([key, work]) => [key, { ...work, mixed: 0 }]));
const thousands = (n) => n.toLocaleString("en");

export async function growth(stage, plan, sizes, write) {
  // Of a large graph the automatic snapshot behind the load would be measured with the first rows.
  const own = { ...plan, peers: ["pocketgraph"], loads: 1, calm: true };
  const suite = new Suite(stage, own);
  const columns = [];
  for (const data of sizes) {
    const figures = await suite.dataset(data, unmixed);
    Object.assign(figures, await suite.reopen(data));
    Object.assign(figures, await commitsInto(stage, own, data));
    columns.push({ data, figures });
  }
  const rows = { ...socialRows, strict: { title: "strict commits into it, from the page", unit: "/s", more: true } };
  const value = (key, { figures }) => (figures[key] ? (rows[key].peak ? Math.max(...figures[key].pocketgraph) : median(figures[key].pocketgraph)) : undefined);
  const shown = Object.keys(rows).filter((key) => columns.some((c) => c.figures[key]));
  const cells = shown.map((key) => [`${rows[key].title}, ${rows[key].unit}`, ...columns.map((c) => number(value(key, c) / (rows[key].scale ?? 1))), ""]);
  const body = markdown(["persons", ...columns.map(({ data }) => thousands(data.nodes)), ""], cells);
  const text = `${await environment(stage, process.argv.slice(2), own)} Five KNOWS for each person, degrees skewed; a snapshot before the queries, so that no automatic one is under way.\n\n${body}`;
  console.log(text);
  if (!write) return;
  const series = [...Object.keys(unmixed), "strict", "load", "snapshot", "reopen"].map((key) => ({
    name: rows[key].title,
    points: columns.map((c) => [c.data.nodes, rows[key].more ? 1000 / value(key, c) : value(key, c)]),
  }));
  writeFileSync(join(root, "docs/images/growth.svg"), plot(series, { x: "persons", y: "milliseconds for one" }));
  writePart("growth", `${text}\n\n![Time by size of the graph](images/growth.svg)`);
}

/** Commits into a graph that is there already, so that its size can be seen in them. */
async function commitsInto(stage, { rounds, milliseconds }, data) {
  const strict = [];
  await stage.call("pageOpen", storeOf(data)("pocketgraph"), "strict", false);
  for (let round = 0; round < rounds; round++) strict.push((await stage.call("pageCommits", round * 1e6, milliseconds, 1)).perSecond);
  await stage.call("pageClose");
  return { strict: { pocketgraph: strict } };
}

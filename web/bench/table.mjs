// Figures as a Markdown table: medians, and the ratios with their verdicts.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const names = { pocketgraph: "PocketGraph", sqlite: "SQLite", kuzu: "Kùzu", graphology: "graphology", bare: "bare JS + OPFS", message: "bare postMessage" };
const ours = "pocketgraph";

export function number(x) {
  if (x >= 100) return Math.round(x).toLocaleString("en");
  return x >= 10 ? x.toFixed(1) : x >= 0.1 ? x.toFixed(2) : x.toPrecision(2);
}

const valueOf = (row, values) => (row.peak ? Math.max(...values) : median(values));

/** How many times better ours is than the other: above 1 is ahead. */
const ratioOf = (row, a, b) => (row.more ? a / b : b / a);

/** [{row, text, met}]: one for each target whose figures are there. */
export function verdicts(rows, figures, targets) {
  return targets.flatMap((target) => {
    const row = rows[target.row];
    const own = figures[target.row]?.[ours];
    if (!own) return [];
    const value = valueOf(row, own);
    if (target.atMost) return [{ row: target.row, text: `${number(value / row.scale)} of at most ${number(target.atMost / row.scale)} ${row.unit}`, met: value <= target.atMost }];
    const other = target.other ? figures[target.other]?.[ours] : figures[target.row][target.peer];
    if (!other) return [];
    const ratio = ratioOf(row, value, valueOf(row, other));
    const to = target.other ? `its own "${rows[target.other].title}"` : names[target.peer];
    return [{ row: target.row, text: `${number(ratio)} × ${to} (target ${number(target.atLeast)})`, met: ratio >= target.atLeast }];
  });
}

export function table(rows, figures, targets) {
  const shown = Object.keys(rows).filter((key) => figures[key]);
  const columns = Object.keys(names).filter((peer) => shown.some((key) => figures[key][peer]));
  const found = verdicts(rows, figures, targets);
  const cells = shown.map((key) => {
    const row = rows[key];
    const cell = (peer) => {
      const values = figures[key][peer]?.filter((value) => value !== 0);
      return values?.length ? number(valueOf(row, values) / (row.scale ?? 1)) : "–";
    };
    const judged = found.filter((v) => v.row === key).map((v) => `${v.met ? "met" : "**not met**"}: ${v.text}`);
    return [`${row.title}, ${row.unit}`, ...columns.map(cell), judged.join("; ")];
  });
  return markdown(["", ...columns.map((peer) => names[peer]), "PocketGraph against the target"], cells);
}

export function markdown(head, rows) {
  const align = head.map((_, i) => (i && i < head.length - 1 ? "---:" : "---"));
  return [head, align, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Times of single commits, in milliseconds. Medians of the rounds; the longest of all. */
export function timesTable(entries) {
  const of = (times) => [median(times.map((t) => t.p50)), median(times.map((t) => t.p99)), Math.max(...times.map((t) => t.longest))].map(number);
  return markdown(["commits one by one, ms", "p50", "p99", "longest", ""], entries.filter(([, times]) => times?.length).map(([title, times]) => [title, ...of(times), ""])).replaceAll(" |  |", " |").replace(" | --- |\n", " |\n");
}

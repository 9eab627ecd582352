// Lines over two logarithmic axes, as SVG. Small enough not to need a library.

const [width, height] = [860, 520];
const margin = { left: 70, right: 250, top: 20, bottom: 50 };
const colours = ["#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0", "#e45756", "#54a24b", "#b279a2"];

const escape = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
const place = (x, y, text, more = "") => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escape(text)}</text>`;

/** series: [{name, points: [[x, y], …]}], all above 0. */
export function plot(series, axes) {
  const all = series.flatMap(({ points }) => points);
  const x = scale(all.map((p) => p[0]), margin.left, width - margin.right);
  const y = scale(all.map((p) => p[1]), height - margin.bottom, margin.top);
  const lines = series.map(({ name, points }, i) => line(points.map((p) => [x.at(p[0]), y.at(p[1])]), colours[i % colours.length], name));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#333">
<rect width="${width}" height="${height}" fill="#fff"/>
${grid(x, y, axes)}
${lines.join("\n")}
${legend(series)}
</svg>
`;
}

/** Whole powers of ten around the values, and where they are. */
function scale(values, from, to) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const at = (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
  return { at, ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) };
}

function grid(x, y, axes) {
  const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
  const rule = (x1, y1, x2, y2) => `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`;
  const text = (n) => (n >= 1 ? n.toLocaleString("en") : String(Number(n.toPrecision(1))));
  return [
    ...x.ticks.flatMap((n) => [rule(x.at(n), top, x.at(n), bottom), place(x.at(n), bottom + 18, text(n), 'text-anchor="middle"')]),
    ...y.ticks.flatMap((n) => [rule(left, y.at(n), right, y.at(n)), place(left - 8, y.at(n) + 4, text(n), 'text-anchor="end"')]),
    place((left + right) / 2, height - 10, axes.x, 'text-anchor="middle"'),
    place(0, 0, axes.y, `text-anchor="middle" transform="translate(14 ${(top + bottom) / 2}) rotate(-90)"`),
  ].join("\n");
}

function line(points, colour, name) {
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const dots = points.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3"/>`).join("");
  return `<g stroke="${colour}" fill="${colour}"><title>${escape(name)}</title><polyline points="${path}" fill="none" stroke-width="2"/>${dots}</g>`;
}

/** Beside the plot, in the order of the last points from the top, so that each name is near its line. */
function legend(series) {
  const order = series.map((s, i) => ({ ...s, colour: colours[i % colours.length] })).sort((a, b) => b.points.at(-1)[1] - a.points.at(-1)[1]);
  return order.map(({ name, colour }, i) => `<rect x="${width - margin.right + 16}" y="${margin.top + 22 * i}" width="12" height="12" fill="${colour}"/>${place(width - margin.right + 34, margin.top + 22 * i + 10, name)}`).join("\n");
}

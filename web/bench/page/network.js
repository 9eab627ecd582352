// The LDBC social network as its CSV files have it, as a dataset (social.js
// says what that is). Column heads are name:TYPE, :START_ID(Label), …

import { hash } from "./random.js";

export async function networkGraph(url = "/data/ldbc-snb-tiny/") {
  const manifest = await (await fetch(url + "manifest.json")).json();
  const tables = (files) => Promise.all(files.map(async ({ file }) => ({ file, ...parse(await (await fetch(url + file)).text()) })));
  const nodes = (await tables(manifest.nodes)).map(nodeTable);
  const rels = (await tables(manifest.rels)).map(relTable);
  const people = nodes.find((t) => t.label === "Person").columns.id.values;
  return { nodes, rels, anybody: (k, salt) => people[hash(k, salt) % people.length] };
}

const stem = (file) => /([^/]+)\.csv$/.exec(file)[1];

function nodeTable({ file, head, rows }) {
  return { label: stem(file), count: rows.length, columns: columnsOf(head, rows) };
}

function relTable({ file, head, rows }) {
  const [type, from, to] = /^(.+)_([A-Za-z]+)_([A-Za-z]+)$/.exec(stem(file)).slice(1);
  const ends = (kind) => Float64Array.from(rows, (row) => Number(row[head.findIndex((h) => h.startsWith(kind))]));
  return { type, name: stem(file), from, to, count: rows.length, src: ends(":START_ID"), dst: ends(":END_ID"), columns: columnsOf(head, rows) };
}

function columnsOf(head, rows) {
  const columns = {};
  head.forEach((field, i) => {
    const [name, kind] = field.split(":");
    if (!name) return; // labels, types and ends
    const whole = /^(ID|INT|LONG)/.test(kind);
    columns[name] = { type: whole ? "int" : "string", values: rows.map((row) => (row[i] === "" ? null : whole ? Number(row[i]) : row[i])) };
  });
  return columns;
}

/** RFC 4180. */
function parse(text) {
  const rows = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end !== ",") rows.push([]);
  }
  const [head, ...body] = rows.filter((row) => row.length > 1);
  return { head, rows: body.filter((row) => row.length === head.length) };
}

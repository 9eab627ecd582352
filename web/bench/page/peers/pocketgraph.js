// PocketGraph, in whatever thread this runs: the page gives no createWorker,
// the measuring worker gives one that stays in its thread.

import { destroy, open } from "/dist/index.js";
import { storedBytes } from "../opfs.js";

const arrays = { rows: "array" };
/**
 * Rows of one load, and of the parts of a larger one. A transaction is in memory as a whole until it is written, and the
 * lists of relationships that it adds to are there twice: parts of a million rows are twice as fast, but for 412 MiB.
 */
const most = 1_000_000;
const piece = 40_000;
/** Names of the columns of ends among those of properties. */
const ends = [" from", " to"];

/** Columns in parts. */
function* pieces(columns) {
  const [{ length }] = Object.values(columns);
  for (let at = 0; at < length; at += piece) yield Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice(at, at + piece)]));
}

export class PocketGraph {
  constructor(options = {}) {
    this.options = { storage: "opfs", ...options };
  }

  async create(name, durability) {
    await destroy(name, this.options).catch((error) => {
      if (error.code !== "NOT_FOUND") throw error;
    });
    await this.open(name, durability);
  }
  async open(name, durability) {
    this.name = name;
    this.db = await open(name, { ...this.options, durability });
  }
  async close() {
    await this.db.close();
  }
  async remove(name) {
    await this.close();
    await destroy(name, this.options);
  }

  /** Columns: in one call, a transaction, where that is not too much for one. */
  async load(dataset) {
    for (const { label } of dataset.nodes) await this.db.query(`CREATE INDEX FOR (n:${label}) ON (n.id)`);
    const nodes = dataset.nodes.map(({ label, columns }) => ({ labels: [label], properties: typed(columns) }));
    const relationships = dataset.rels.map(({ type, from, to, src, dst, columns }) => ({
      type,
      from: { label: from, property: "id", values: src },
      to: { label: to, property: "id", values: dst },
      properties: typed(columns),
    }));
    const rows = [...dataset.nodes, ...dataset.rels].reduce((sum, { count }) => sum + count, 0);
    if (rows <= most) return this.db.load({ nodes, relationships });
    await this.db.load({ nodes });
    for (const table of relationships) {
      const { from, to, properties } = table;
      for (const { [ends[0]]: start, [ends[1]]: end, ...part } of pieces({ [ends[0]]: from.values, [ends[1]]: to.values, ...properties })) {
        await this.db.load({ relationships: [{ ...table, from: { ...from, values: start }, to: { ...to, values: end }, properties: part }] });
      }
    }
  }

  /** Batches of rows as parameters of a statement. */
  async loadRows(dataset) {
    for (const table of dataset.nodes) {
      await this.db.query(`CREATE INDEX FOR (n:${table.label}) ON (n.id)`);
      const [map, columns] = rowMap(table.columns, 0);
      await this.inBatches(`UNWIND $rows AS row CREATE (:${table.label} {${map}})`, table.count, columns, 10_000);
    }
    for (const table of dataset.rels) {
      const [map, columns] = rowMap(table.columns, 2);
      const text = `UNWIND $rows AS row MATCH (a:${table.from} {id: row[0]}), (b:${table.to} {id: row[1]}) CREATE (a)-[:${table.type} {${map}}]->(b)`;
      await this.inBatches(text, table.count, [table.src, table.dst, ...columns], 20_000);
    }
  }

  /** Two are in flight, so that page and engine both work. */
  async inBatches(text, count, columns, size) {
    const flying = [];
    for (let at = 0; at < count; at += size) {
      const rows = Array.from({ length: Math.min(size, count - at) }, (_, i) => columns.map((column) => column[at + i]));
      if (flying.length === 2) await flying.shift();
      flying.push(this.db.query(text, { rows }));
    }
    await Promise.all(flying);
  }

  async run(work, params) {
    return (await this.db.query(work.cypher, params, arrays)).rows;
  }
  write(w) {
    if (w.kind === "age") return this.db.query("MATCH (p:Person {id: $id}) SET p.age = $age", { id: w.id, age: w.age });
    return this.db.query("MATCH (a:Person {id: $a}), (b:Person {id: $b}) CREATE (a)-[:KNOWS {since: $since}]->(b)", { a: w.a, b: w.b, since: w.since });
  }
  commit(n) {
    return this.db.query("CREATE (:Event {n: $n, kind: 'click', at: 1700000000})", { n });
  }
  async rows() {
    return (await this.db.query("MATCH (p:Person) RETURN p.id AS id, p.name AS name, p.age AS age, p.city AS city, p.score AS score", {}, arrays)).rows;
  }
  snapshot() {
    return this.db.snapshot();
  }
  /** Bytes a commit appended to the log, on the average. */
  async commitBytes() {
    const { log } = await this.db.stats();
    return Math.round(log.appendedBytes / log.appends);
  }
  storedBytes() {
    return storedBytes(`pocketgraph/${this.name}`);
  }
  check() {
    return this.db.check();
  }
  async counts() {
    const { nodes, relationships } = await this.db.stats();
    return { nodes, relationships };
  }
}

/** The text of a map of row[i], and the columns in that order. Nulls are no properties. */
function rowMap(columns, from) {
  const names = Object.keys(columns);
  return [names.map((name, i) => `${name}: row[${from + i}]`).join(", "), names.map((name) => columns[name].values)];
}

/** Whole numbers in an array of floats become what they are in the dataset. */
function typed(columns) {
  const whole = ({ type, values }) => type === "int" && values instanceof Float64Array;
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, whole(column) ? Array.from(column.values) : column.values]));
}

// SQLite on OPFS by its own pool of sync access handles, in WAL mode with
// prepared statements: a table for each label and each type, every end indexed
// in both directions, as the graph databases have it.

import sqlite3InitModule from "/peers/@sqlite.org/sqlite-wasm/dist/index.mjs";
import { removeEntry, storedBytes } from "../opfs.js";

const sqlTypes = { int: "INTEGER", float: "REAL", string: "TEXT" };

export class SQLite {
  async create(name, durability) {
    await removeEntry(name);
    await this.open(name, durability);
  }

  async open(name, durability) {
    this.sqlite3 ??= await sqlite3InitModule({ print() {}, printErr() {} });
    this.folder = name;
    this.pool = await this.sqlite3.installOpfsSAHPoolVfs({ name: `pool-${name}-${Math.random()}`, directory: `/${name}`, initialCapacity: 4 });
    this.db = new this.pool.OpfsSAHPoolDb("/bench.db");
    this.statements = new Map();
    this.db.exec(`PRAGMA locking_mode = exclusive; PRAGMA journal_mode = wal; PRAGMA synchronous = ${durability === "strict" ? "FULL" : "NORMAL"}; PRAGMA cache_size = -65536`);
    if (this.db.selectValue("PRAGMA journal_mode") !== "wal") throw new Error("SQLite is not in WAL mode");
    this.db.exec("CREATE TABLE IF NOT EXISTS Event (n INTEGER, kind TEXT, at INTEGER)");
  }
  async close() {
    for (const { statement } of this.statements.values()) statement.finalize();
    this.db.close();
    this.pool.pauseVfs();
  }

  /** One transaction, then everything moved from the log to the database, flushed. */
  async load(dataset) {
    this.db.exec("BEGIN");
    for (const { label, count, columns } of dataset.nodes) {
      const names = Object.keys(columns);
      this.db.exec(`CREATE TABLE "${label}" (${names.map((c) => (c === "id" ? "id INTEGER PRIMARY KEY" : `${c} ${sqlTypes[columns[c].type]}`)).join(", ")})`);
      this.insert(label, count, names.map((c) => columns[c].values));
    }
    for (const { name, count, src, dst, columns } of dataset.rels) {
      const names = Object.keys(columns);
      const more = names.map((c) => `, ${c} ${sqlTypes[columns[c].type]}`).join("");
      this.db.exec(`CREATE TABLE "${name}" (src INTEGER, dst INTEGER${more}, PRIMARY KEY (src, dst)) WITHOUT ROWID`);
      this.insert(name, count, [src, dst, ...names.map((c) => columns[c].values)]);
      this.db.exec(`CREATE INDEX "${name}_dst" ON "${name}" (dst)`);
    }
    this.db.exec("COMMIT; ANALYZE");
    this.snapshot();
  }
  insert(table, count, columns) {
    const statement = this.db.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => "?").join(", ")})`);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < columns.length; c++) statement.bind(c + 1, columns[c][i]);
      statement.stepReset();
    }
    statement.finalize();
  }

  run(work, params) {
    const statement = this.bound(work.sql, params);
    const rows = [];
    while (statement.step()) rows.push(statement.get([]));
    statement.reset();
    return rows;
  }
  bound(text, params) {
    let known = this.statements.get(text);
    if (!known) {
      const statement = this.db.prepare(text);
      known = { statement, places: Object.keys(params).map((name) => [name, statement.getParamIndex(`$${name}`)]) };
      this.statements.set(text, known);
    }
    for (const [name, place] of known.places) known.statement.bind(place, params[name]);
    return known.statement;
  }
  change(text, params) {
    this.bound(text, params).stepReset();
  }

  write(w) {
    if (w.kind === "age") this.change("UPDATE Person SET age = $age WHERE id = $id", { id: w.id, age: w.age });
    else this.change("INSERT INTO KNOWS VALUES ($a, $b, $since)", { a: w.a, b: w.b, since: w.since });
  }
  commit(n) {
    this.change("INSERT INTO Event VALUES ($n, 'click', 1700000000)", { n });
  }
  rows() {
    return this.run({ sql: "SELECT id, name, age, city, score FROM Person" }, {});
  }
  snapshot() {
    this.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  storedBytes() {
    return storedBytes(this.folder);
  }
}

// Kùzu's synchronous build, in the measuring worker. It has its files in
// memory; what makes them durable is FS.syncfs to IndexedDB.

import kuzu from "/peers/kuzu-wasm/sync/index.js";

const kuzuTypes = { int: "INT64", float: "DOUBLE", string: "STRING" };

export class Kuzu {
  async create(name, durability) {
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(`/${name}`);
      request.onsuccess = resolve;
      request.onerror = () => reject(request.error);
      // IDBFS keeps its connection as long as its worker lives.
      request.onblocked = () => reject(new Error(`${name} is open in a worker`));
    });
    await this.open(name, durability);
  }
  async open(name, durability) {
    if (!this.fs) await kuzu.init();
    this.fs = kuzu.getFS();
    this.strict = durability === "strict";
    this.folder = `/${name}`;
    if (!this.fs.analyzePath(this.folder).exists) this.fs.mkdir(this.folder);
    this.fs.mount(this.fs.filesystems.IDBFS, {}, this.folder);
    await this.sync(true);
    this.database = new kuzu.Database(`${this.folder}/bench.kuzu`, 256 << 20);
    this.connection = new kuzu.Connection(this.database, 1);
    this.statements = new Map();
    this.all("CREATE NODE TABLE IF NOT EXISTS Event(n INT64, kind STRING, at INT64, PRIMARY KEY(n))");
  }
  async close() {
    for (const statement of this.statements.values()) statement.close();
    this.connection.close();
    this.database.close();
    await this.sync(false);
    this.bytes = this.filesBytes();
    this.fs.unmount(this.folder);
  }
  sync(populate) {
    return new Promise((resolve, reject) => this.fs.syncfs(populate, (error) => (error ? reject(error) : resolve())));
  }

  async load(dataset) {
    for (const { label, count, columns } of dataset.nodes) {
      const names = Object.keys(columns);
      this.all(`CREATE NODE TABLE ${label}(${names.map((c) => `${c} ${kuzuTypes[columns[c].type]}`).join(", ")}, PRIMARY KEY(id))`);
      this.copy(label, count, names.map((c) => columns[c].values));
    }
    for (const { name, from, to, count, src, dst, columns } of dataset.rels) {
      const names = Object.keys(columns);
      this.all(`CREATE REL TABLE ${name}(FROM ${from} TO ${to}${names.map((c) => `, ${c} ${kuzuTypes[columns[c].type]}`).join("")})`);
      this.copy(name, count, [src, dst, ...names.map((c) => columns[c].values)]);
    }
    await this.snapshot();
  }
  copy(table, count, columns) {
    const cell = (value) => (typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : (value ?? ""));
    const lines = Array.from({ length: count }, (_, i) => columns.map((column) => cell(column[i])).join(","));
    this.fs.writeFile("/load.csv", lines.join("\n") + "\n");
    this.all(`COPY ${table} FROM "/load.csv" (HEADER=false, PARALLEL=false)`);
    this.fs.unlink("/load.csv");
  }

  all(text) {
    this.rowsOf(this.connection.query(text));
  }
  execute(text, params) {
    let statement = this.statements.get(text);
    if (!statement) this.statements.set(text, (statement = this.connection.prepare(text)));
    return this.rowsOf(this.connection.execute(statement, params));
  }
  rowsOf(result) {
    try {
      if (!result.isSuccess()) throw new Error(result.getErrorMessage());
      return result.getAllRows();
    } finally {
      result.close();
    }
  }

  run(work, params) {
    return this.execute(work.kuzu ?? work.cypher, params);
  }
  write(w) {
    if (w.kind === "age") this.execute("MATCH (p:Person {id: $id}) SET p.age = $age", { id: w.id, age: w.age });
    else this.execute("MATCH (a:Person {id: $a}), (b:Person {id: $b}) CREATE (a)-[:KNOWS {since: $since}]->(b)", { a: w.a, b: w.b, since: w.since });
  }
  commit(n) {
    this.execute("CREATE (:Event {n: $n, kind: 'click', at: 1700000000})", { n });
    return this.strict ? this.sync(false) : undefined;
  }
  rows() {
    return this.execute("MATCH (p:Person) RETURN p.id, p.name, p.age, p.city, p.score", {});
  }
  async snapshot() {
    this.all("CHECKPOINT");
    await this.sync(false);
  }
  /** Of the files that were synchronised when it was closed. */
  storedBytes() {
    return this.bytes;
  }
  filesBytes() {
    return this.fs.readdir(this.folder).reduce((sum, name) => (name.startsWith(".") ? sum : sum + this.fs.stat(`${this.folder}/${name}`).size), 0);
  }
}

// An import on its way into the engine: one transaction, begun when the files
// have been read to their end.

import type { FormatsHome } from "./formats.js";
import type { FileReport, ImportOptions } from "./formats-types.js";
import type { Value } from "./types.js";
import { Op, type Writer } from "./wire.js";

/** What the module says when it has read everything. */
interface Staged {
  nodes: number;
  relationships: number;
  /** Statements that make the indexes and constraints of a PocketGraph file. */
  schema: string[] | null;
}

interface Statement {
  text: string;
  file: string;
  line: number;
  number: number;
}

export class Import {
  private transaction = 0;
  private schema: string[] = [];
  private committing = false;
  /** It was rolled back, perhaps before it began. */
  private over = false;
  private readonly made = { nodes: 0, relationships: 0, properties: 0 };
  /** Ids of requests in flight: to be cancelled. */
  private readonly running = new Set<number>();

  constructor(
    private readonly home: FormatsHome,
    private readonly options: ImportOptions,
  ) {}

  async take(kind: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (kind === "bulk") {
      await this.ask(Op.bulk, (w) => w.raw(bytes));
      return;
    }
    const told = JSON.parse(new TextDecoder().decode(bytes));
    if (kind === "statement") return this.statement(told);
    const staged = told as Staged;
    this.schema = staged.schema ?? [];
    if (staged.schema) await this.checkEmpty();
    await this.begin();
  }

  /** A PocketGraph file stands for the whole database. */
  private async checkEmpty(): Promise<void> {
    if (this.options.replace) return;
    const { nodes } = await this.home.engine.request(Op.stats, { database: this.home.database });
    if (nodes) {
      throw this.home.error("EXISTS", `the database holds ${nodes} nodes already`, {
        hint: "A PocketGraph file is imported into an empty database, or in the place of what there is with replace: true.",
      });
    }
  }

  private async begin(): Promise<void> {
    if (this.transaction) return;
    this.transaction = (await this.ask(Op.begin, (w) => w.u8(1))).transaction as number;
    if (this.over) return this.rollBack(); // nobody waits for it any more
    if (this.options.replace) await this.empty();
  }

  private async empty(): Promise<void> {
    for (const [kind, plural, filter] of [["CONSTRAINT", "CONSTRAINTS", ""], ["INDEX", "INDEXES", ", owningConstraint WHERE owningConstraint IS NULL"]]) {
      for (const { name } of (await this.home.query(`SHOW ${plural} YIELD name${filter} RETURN name`)).rows) {
        await this.query(`DROP ${kind} \`${String(name).replaceAll("`", "``")}\` IF EXISTS`);
      }
    }
    await this.query("MATCH (n) DETACH DELETE n");
  }

  private async statement({ text, file, line, number }: Statement): Promise<void> {
    await this.begin();
    try {
      const { counters } = (await this.query(text)) as { counters: { [name: string]: number } };
      this.made.nodes += (counters.nodesCreated ?? 0) - (counters.nodesDeleted ?? 0);
      this.made.relationships += (counters.relationshipsCreated ?? 0) - (counters.relationshipsDeleted ?? 0);
      this.made.properties += counters.propertiesSet ?? 0;
    } catch (cause) {
      const e = this.home.asError(cause);
      const at = line + (e.position?.line ?? 1) - 1;
      const position = { offset: -1, line: at, column: e.position?.column ?? 0 };
      throw this.home.error(e.code, `${file}, line ${at}, statement ${number}: ${e.message}`, { hint: e.hint, phase: e.phase, detail: e.detail, caret: e.caret, position, cause });
    }
  }

  private query(text: string): Promise<{ [key: string]: Value }> {
    return this.ask(Op.query, (w) => (w.u32(0), w.string(text), w.varuint(0)));
  }

  /** Sends a request in the transaction and awaits its answer; rollBack cancels it. */
  private ask(kind: number, body: (w: Writer) => void): Promise<{ [key: string]: Value }> {
    const { engine, database } = this.home;
    return new Promise((resolve, reject) => {
      const settled = () => this.running.delete(id);
      const id = engine.send(kind, { database, transaction: this.transaction }, { done: (map) => (settled(), resolve(map)), fail: (e) => (settled(), reject(e)) }, body);
      this.running.add(id);
    });
  }

  async commit(result: FileReport): Promise<FileReport> {
    for (const text of this.schema) await this.query(text);
    const { signal } = this.options;
    if (signal?.aborted) throw this.home.aborted(signal);
    this.committing = true; // from here on the engine's answer counts
    const { sequence } = this.transaction ? await this.ask(Op.commit, () => {}) : { sequence: undefined };
    const { nodes, relationships, properties } = this.made;
    return {
      ...result,
      nodes: result.nodes + nodes,
      relationships: result.relationships + relationships,
      properties: result.properties + properties,
      ...(sequence ? { sequence: sequence as number } : {}),
    };
  }

  /** Nothing of it stays. */
  async rollBack(): Promise<void> {
    const { engine, database } = this.home;
    if (this.committing) return;
    this.over = true;
    for (const id of this.running) engine.about(Op.cancel, id, database);
    if (!this.transaction) return;
    await engine.request(Op.rollback, { database, transaction: this.transaction }).catch(() => {});
  }
}

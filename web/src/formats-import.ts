// An import on its way into the engine: one transaction, begun when the files
// have been read to their end.

import type { FormatsHome } from "./formats.js";
import type { FileReport, ImportOptions } from "./formats-types.js";
import { Pieces } from "./pieces.js";
import type { Value } from "./types.js";
import { Op } from "./wire.js";

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

export class Import extends Pieces {
  private schema: string[] = [];
  private readonly made = { nodes: 0, relationships: 0, properties: 0 };

  constructor(
    private readonly home: FormatsHome,
    private readonly options: ImportOptions,
  ) {
    super(home.engine, home.database);
  }

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

  override async begin(): Promise<void> {
    if (this.begun) return;
    await super.begin();
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

  async finish(result: FileReport): Promise<FileReport> {
    for (const text of this.schema) await this.query(text);
    const { signal } = this.options;
    if (signal?.aborted) throw this.home.aborted(signal);
    const sequence = await this.commit();
    const { nodes, relationships, properties } = this.made;
    return {
      ...result,
      nodes: result.nodes + nodes,
      relationships: result.relationships + relationships,
      properties: result.properties + properties,
      ...(sequence ? { sequence } : {}),
    };
  }
}

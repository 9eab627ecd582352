// The schema, in the side panel and drawn, as the open store has it.

import { byId, h } from "./dom.js";
import { arrange, type Arrangement } from "./layout.js";
import { fail } from "./notices.js";
import { readProperties, readSchema, type Schema } from "./schema.js";
import { schemaGraph, schemaShape } from "./schemagraph.js";
import { showSchema } from "./schemaview.js";
import type { Session } from "./session.js";

interface SchemaPanelActions {
  ask(query: string): void;
  /** Shows the panel of the drawn schema. */
  choose(): void;
}

export class SchemaPanel {
  private schema: Schema | null = null;
  private arrangement: Arrangement | null = null;
  /** What is drawn already. */
  private drawn: Schema | null = null;

  constructor(private readonly session: Session, private readonly actions: SchemaPanelActions) {}

  /** Labels, the most frequent first. */
  get labels(): string[] {
    return this.schema?.labels.map(([label]) => label) ?? [];
  }

  async refresh(): Promise<void> {
    this.schema = await readSchema(this.session.database());
    showSchema(this.schema, {
      ask: this.actions.ask,
      draw: this.actions.choose,
      properties: (kind, of) => readProperties(this.session.database(), kind, of),
      fail,
    });
    if (!byId("schema").hidden) this.draw();
  }

  /** Draws the schema; it lays itself out, and appears when it rests. */
  draw(): void {
    const { schema } = this;
    if (!schema || schema === this.drawn) return;
    this.drawn = schema;
    this.arrangement?.stop();
    if (schema.labels.length === 0) return byId("schema").replaceChildren(h("p", { class: "empty" }, "No labels yet: nothing to draw."));
    const shape = schemaShape(schema);
    this.arrangement = arrange(shape, true, () => {}, () => byId("schema").replaceChildren(schemaGraph(schema, shape, this.actions.ask)));
  }
}

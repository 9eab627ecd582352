// A plugin for Rollup, which leaves `new URL(…, import.meta.url)` alone.
// Vite, webpack and Next.js know the form and need nothing.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reference, referred } from "./bundled.js";

/** What the plugin uses of Rollup's `PluginContext`. */
export interface RollupContext {
  /** As Rollup documents it. */
  emitFile(file: { type: "asset"; name: string; source: Uint8Array }): string;
}

/** A plugin as Rollup takes it. */
export interface RollupPlugin {
  /** "pocketgraph". */
  name: string;
  /** Called by Rollup. */
  transform(this: RollupContext, code: string, id: string): Promise<{ code: string; map: null } | null>;
}

/**
 * Puts the worker and the WebAssembly among Rollup's output, by the names it
 * gives to assets, and lets the bundle find them there, in every format:
 *
 *     export default { input: "app.js", output: { dir: "out" }, plugins: [nodeResolve(), pocketgraph()] };
 */
export function pocketgraph(): RollupPlugin {
  return {
    name: "pocketgraph",
    async transform(code, id) {
      const found = referred(code);
      if (!found.length) return null;
      for (const name of found) {
        const emitted = this.emitFile({ type: "asset", name, source: await readFile(join(dirname(id), name)) });
        code = code.replaceAll(reference(name), `new URL(import.meta.ROLLUP_FILE_URL_${emitted})`);
      }
      return { code, map: null };
    },
  };
}

export default pocketgraph;

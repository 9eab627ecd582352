// A plugin for esbuild, which leaves `new URL(…, import.meta.url)` alone.
// Vite, webpack and Next.js know the form and need nothing.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reference, referred } from "./bundled.js";

/** What the plugin uses of esbuild's `PluginBuild`. */
export interface EsbuildBuild {
  /** As esbuild documents it. */
  onResolve(options: { filter: RegExp; namespace?: string }, callback: (args: { path: string; resolveDir: string }) => { path: string; namespace: string } | undefined): void;
  /** As esbuild documents it. */
  onLoad(
    options: { filter: RegExp; namespace?: string },
    callback: (args: { path: string }) => Promise<{ contents: string | Uint8Array; loader: "js" | "file"; resolveDir?: string } | undefined>,
  ): void;
}

/** A plugin as esbuild takes it. */
export interface EsbuildPlugin {
  /** "pocketgraph". */
  name: string;
  /** Called by esbuild. */
  setup(build: EsbuildBuild): void;
}

/**
 * Puts the worker and the WebAssembly among esbuild's output, by the names and
 * the public path it gives to files, and lets the bundle find them there, be
 * it a module or a script:
 *
 *     await esbuild.build({ plugins: [pocketgraph()], entryPoints: ["app.js"], bundle: true, format: "esm", outdir: "out" });
 */
export function pocketgraph(): EsbuildPlugin {
  return {
    name: "pocketgraph",
    setup(build) {
      build.onResolve({ filter: /^pocketgraph-asset:/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.slice(path.indexOf(":") + 1)), namespace: "pocketgraph-asset" }));
      build.onLoad({ filter: /.*/, namespace: "pocketgraph-asset" }, async ({ path }) => ({ contents: await readFile(path), loader: "file" }));
      build.onLoad({ filter: /[\\/]dist[\\/][\w-]+\.js$/ }, async ({ path }) => {
        const code = await readFile(path, "utf8");
        return referred(code).length ? { contents: importing(code), loader: "js", resolveDir: dirname(path) } : undefined;
      });
    },
  };
}

/** The code with each asset imported: esbuild's file loader gives the path from the bundle, or a URL. A script that is no module knows itself as document.currentScript. */
function importing(code: string): string {
  const found = referred(code);
  const imports = found.map((name, i) => `import pocketgraphAsset${i} from "pocketgraph-asset:${name}";\n`).join("");
  const base = "const pocketgraphBase = import.meta.url || document.currentScript?.src || location.href;\n";
  return imports + base + found.reduce((text, name, i) => text.replaceAll(reference(name), `new URL(pocketgraphAsset${i}, pocketgraphBase)`), code);
}

export default pocketgraph;

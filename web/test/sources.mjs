// Imports the package's own TypeScript modules, which dist/ does not export, for unit tests under Node.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const src = join(dirname(dirname(fileURLToPath(import.meta.url))), "src");

/** Everything these modules of src/ export, as one namespace. */
export async function sources(...names) {
  const { outputFiles } = await build({
    stdin: { contents: names.map((name) => `export * from "./${name}.js";`).join("\n"), resolveDir: src, loader: "ts" },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    define: { PACKAGE_VERSION: '"test"', ENGINE_BUILD: '""', IMPORTERS_BUILD: '""' },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

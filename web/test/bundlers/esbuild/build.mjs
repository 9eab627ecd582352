import { build } from "esbuild";
import { pocketgraph } from "pocketgraph/esbuild";

const common = { bundle: true, minify: true, outdir: "dist", plugins: [pocketgraph()], logLevel: "error" };
await build({ ...common, entryPoints: { "js/main": "main.js" }, format: "esm" });
await build({ ...common, entryPoints: { "js/script": "main.js" }, format: "iife", logOverride: { "empty-import-meta": "silent" } });

// What the build brings in: Go's wasm_exec.js under a name of ours, the version
// of package.json, and what builds of the two modules it is (see wasm.ts).
declare module "wasm-exec" {}
declare const PACKAGE_VERSION: string;
declare const ENGINE_BUILD: string;
declare const IMPORTERS_BUILD: string;

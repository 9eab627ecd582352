// What the build brings in: Go's wasm_exec.js under a name of ours, and the version of package.json.
declare module "wasm-exec" {}
declare const PACKAGE_VERSION: string;

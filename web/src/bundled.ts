// What the plugins for bundlers have in common: how the page's module refers to the files beside it.

/** The files it looks for. */
export const assets = ["worker.js", "pocketgraph.wasm", "formats-worker.js", "importers.wasm"];
/** Where in the code one is referred to; it is minified, so there is one way to write it. */
export const reference = (name: string): string => `new URL("./${name}",import.meta.url)`;
/** The files that this code refers to. */
export const referred = (code: string): string[] => assets.filter((name) => code.includes(reference(name)));

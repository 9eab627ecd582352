// The environment in which Go is built for the page.

import { readFileSync } from "node:fs";

const lines = readFileSync(new URL("../../scripts/wasm-env", import.meta.url), "utf8").split("\n");
export const goForPage = { ...process.env, ...Object.fromEntries(lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split("="))) };

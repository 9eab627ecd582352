import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export default { context: here, mode: "production", entry: "./main.js", output: { filename: "main.js", path: join(here, "dist") } };

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

// A static export. The root has visit.js, which the apps share.
export default { output: "export", distDir: "dist", turbopack: { root: dirname(dirname(fileURLToPath(import.meta.url))) } };

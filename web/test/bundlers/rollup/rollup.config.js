import nodeResolve from "@rollup/plugin-node-resolve";
import { pocketgraph } from "pocketgraph/rollup";

export default { input: "main.js", output: { dir: "dist", format: "es" }, plugins: [nodeResolve(), pocketgraph()] };

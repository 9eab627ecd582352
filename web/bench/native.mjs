// The Go benchmarks, as they print themselves; --write keeps them in docs/performance.md.

import { spawn } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { root, versionOfOurs, writePart } from "./report.mjs";

const args = ["test", "-run", "^$", "-bench", ".", "-benchtime", "1s", "-timeout", "30m", ".", "./storage/..."];

const output = await new Promise((resolve, reject) => {
  const go = spawn("go", args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  go.stdout.on("data", (chunk) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  go.on("close", (code) => (code ? reject(new Error(`go test ended with ${code}`)) : resolve(text)));
});

if (process.argv.includes("--write")) {
  const results = output.split("\n").filter((line) => line.startsWith("Benchmark") || line.startsWith("pkg:"));
  const head = `\`go ${args.map((a) => (/[$.^]/.test(a) && a.length < 3 ? `'${a}'` : a)).join(" ")}\` on ${new Date().toISOString().slice(0, 10)}: PocketGraph ${versionOfOurs}; ${cpus().length} shared cores (load ${loadavg()[0].toFixed(1)} at the end).`;
  writePart("native", `${head}\n\n\`\`\`\n${results.join("\n")}\n\`\`\``);
}

// The installed package in Node, and in Bun where it is installed: the same
// API, in memory and on a folder of the operating system.

import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { buildPackage } from "../scripts/build.mjs";
import { formats, malformed } from "./files.mjs";
import { installPacked, web } from "./fixture.mjs";

const timeout = 120_000;
/** Bun is 100 MB to install, so it is of the full counts. */
const long = Boolean(process.env.POCKETGRAPH_LONG);
const run = promisify(execFile);
let root, command;
before(async () => {
  if (long) execFileSync(join(web, "../scripts/setup.sh"), ["bun"], { stdio: ["ignore", "ignore", "inherit"] });
  if (!process.env.POCKETGRAPH_BUILT) await buildPackage();
  root = mkdtempSync(join(tmpdir(), "pocketgraph-node-"));
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  installPacked(root);
  command = join(root, "pocketgraph");
  execFileSync("go", ["build", "-o", command, "./cmd/pocketgraph"], { cwd: join(web, ".."), stdio: "inherit" });
}, { timeout });
after(() => root && rmSync(root, { recursive: true, force: true }));

const programs = { node: process.execPath, ...(long ? { bun: join(web, "test/bun/node_modules/bun/bin/bun.exe") } : {}) };
let scripts = 0;

/** A script of the app, with the package's names and `directory`, a new folder, in it; what it returns. */
async function script(program, body, directory = newFolder()) {
  const file = join(root, `script-${scripts++}.mjs`);
  const text = `import { open, create, list, destroy, recover, PocketGraphError, version } from "pocketgraph";
const directory = ${JSON.stringify(directory)};
const code = (promise) => promise.then(() => "none", ({ code }) => code);
console.log(JSON.stringify((await (async () => {${body}})()) ?? null));`;
  writeFileSync(file, text);
  const { stdout } = await run(programs[program], [file], { timeout, cwd: root });
  return JSON.parse(stdout);
}

const newFolder = () => mkdtempSync(join(root, "data-"));

for (const program of Object.keys(programs)) {
  test(`${program}: in memory`, { timeout }, async () => {
    const [info, rows, wanted] = await script(program, `
      const db = await open("x", { memoryLimit: Infinity });
      await db.query("CREATE (:P {name: $name, born: date('1815-12-10')})", { name: "Ada" });
      const { rows } = await db.query("MATCH (p:P) RETURN p.name AS name, p.born AS born");
      await db.close();
      return [db.info, rows, await code(open("x", { storage: "opfs" }))];`);
    assert.equal(info.storage, "memory");
    assert.equal(info.storageReason, "no directory was given");
    assert.deepEqual(rows, [{ name: "Ada", born: { $date: "1815-12-10" } }]);
    assert.equal(wanted, "UNAVAILABLE");
  });

  test(`${program}: others get their turn beside a statement that works for long`, { timeout }, async () => {
    const [counted, ended] = await script(program, `
      const db = await open("x");
      const stop = new AbortController();
      const runaway = code(db.query("UNWIND range(1, 10000000) AS a UNWIND range(1, 10000000) AS b WITH a WHERE a < 0 RETURN count(*)", {}, { signal: stop.signal }));
      let counted = 0;
      for (let i = 0; i < 25; i++) counted += (await db.query("RETURN 1 AS n")).rows[0].n;
      stop.abort();
      const said = [counted, await runaway];
      await db.close();
      return said;`);
    assert.equal(counted, 25);
    assert.equal(ended, "CANCELLED");
  });

  test(`${program}: on a folder, reopened, listed, destroyed`, { timeout }, async () => {
    const directory = newFolder();
    const count = `
      const db = await open("people", { directory });
      await db.transaction((tx) => tx.createNode(["P"]));
      const { rows: [{ n }] } = await db.query("MATCH (p:P) RETURN count(p) AS n");
      await db.close();
      return { n, storage: db.info.storage, created: db.info.recovery.created, clean: db.info.recovery.clean };`;
    assert.deepEqual(await script(program, count, directory), { n: 1, storage: "directory", created: true, clean: false });
    assert.deepEqual(await script(program, count, directory), { n: 2, storage: "directory", created: false, clean: true });
    const said = await script(program, `
      const db = await open("people", { directory });
      const said = {
        second: await code(open("people", { directory })),
        destroyed: await code(destroy("people", { directory })),
        list: await list({ directory }),
        exists: await code(create("people", { directory })),
      };
      await db.snapshot();
      await db.close();
      said.recovered = (await recover("people", { directory })).snapshotSequence > 0;
      await destroy("people", { directory });
      return { ...said, left: await list({ directory }), missing: await code(open("people", { directory, create: false })) };`, directory);
    assert.deepEqual(said, { second: "LOCKED", destroyed: "LOCKED", list: [{ name: "people", storage: "directory" }], exists: "LOCKED", recovered: true, left: [], missing: "NOT_FOUND" });
  });

  test(`${program}: a history without bounds, and bounds that are none`, { timeout }, async () => {
    const said = await script(program, `
      const db = await open("all", { directory, historyBytes: Infinity, historyAge: Infinity });
      for (let i = 0; i < 8; i++) {
        await db.query("CREATE (:N {i: $i})", { i });
        await db.snapshot();
      }
      await db.close();
      const again = await open("all", { directory, historyBytes: Number.MAX_VALUE });
      const seen = [];
      for await (const { changes } of again.changes({ since: 0 })) if (seen.push(changes[0].after.properties.i) === 8) break;
      await again.close();
      const refused = {};
      for (const option of ["historyBytes", "historyAge", "memoryLimit"]) refused[option] = [];
      for (const option in refused) for (const amount of [-1, NaN, -Infinity]) refused[option].push(await open("x", { [option]: amount }).catch(({ code, message }) => code + " " + message));
      return { seen, refused };`, newFolder());
    assert.deepEqual(said.seen, [0, 1, 2, 3, 4, 5, 6, 7]);
    for (const [option, errors] of Object.entries(said.refused)) assert.deepEqual(errors, [-1, NaN, -Infinity].map((amount) => `INVALID_ARGUMENT ${option}: ${amount} is no amount`));
  });

  test(`${program}: files of every format, there and back`, { timeout }, async () => {
    const seen = await script(program, `
      const { everything, lines, schema } = await import(${JSON.stringify(pathToFileURL(join(web, "test/page/formats.js")).href)});
      const seen = {};
      for (const [format, { binary, schema: whole }] of Object.entries(${JSON.stringify(formats)})) {
        const db = await open("from " + format);
        await everything(db, { binary });
        let report;
        const blob = await db.export({ format, onReport: (r) => (report = r) });
        const other = await open("into " + format, { directory });
        const imported = await other.import(blob);
        seen[format] = { same: (await lines(db)).join() === (await lines(other)).join(), schema: !whole || (await schema(db)).join() === (await schema(other)).join(),
          nodes: imported.nodes, notes: report.notes.map(({ kind }) => kind), problems: await other.check() };
        await db.close();
        await other.close();
      }
      return seen;`);
    for (const [format, { binary, notes }] of Object.entries(formats)) {
      assert.deepEqual(seen[format], { same: true, schema: true, nodes: binary ? 4 : 3, notes, problems: [] }, format);
    }
  });

  test(`${program}: files from everywhere, looked at first, with mistakes, and stopped`, { timeout }, async () => {
    const directory = newFolder();
    writeFileSync(join(directory, "nodes.csv"), "id:ID,name,:LABEL\n1,Ada,Person\n2,Bo,Person\n");
    const said = await script(program, `
      const { pathToFileURL } = await import("node:url");
      const json = '{"type":"node","id":"a","labels":["J"],"properties":{}}\\n';
      const bytes = new TextEncoder().encode(json);
      const pieces = [bytes.slice(0, 5), bytes.slice(5)];
      const stream = () => new ReadableStream({ start: (c) => (pieces.forEach((piece) => c.enqueue(piece)), c.close()) });
      const file = pathToFileURL(directory + "/nodes.csv");
      const sources = { text: json, bytes, blob: new Blob([json]), stream: stream(), response: new Response(json), named: { name: "x.jsonl", data: json }, url: file, several: [file, ":START_ID,:END_ID,:TYPE\\n1,2,KNOWS\\n"] };
      const counts = {};
      for (const [name, source] of Object.entries(sources)) {
        const db = await open(name);
        const { nodes, relationships } = await db.import(source);
        counts[name] = [nodes, relationships, (await db.query("MATCH (n) RETURN count(n) AS n")).rows[0].n];
        await db.close();
      }
      const db = await open("one");
      const wrong = {};
      for (const [what, [name, data]] of Object.entries(${JSON.stringify(malformed)})) {
        wrong[what] = await db.import({ name, data }).then(() => "none", (e) => [e.code, e.message, e instanceof PocketGraphError]);
      }
      const missing = await db.import(pathToFileURL(directory + "/missing.csv")).catch((e) => [e.code, e.message]);
      const elsewhere = await code(db.import(new URL("https://elsewhere.example/a.csv")));
      const stop = new AbortController();
      const lines = Array.from({ length: 200000 }, (_, i) => '{"type":"node","id":"' + i + '","labels":["J"],"properties":{}}').join("\\n");
      const stopped = await code(db.import(lines, { signal: stop.signal, onProgress: ({ phase }) => phase === "read" && stop.abort() }));
      const phases = new Set();
      const left = (await db.query("MATCH (n) RETURN count(n) AS n")).rows[0].n;
      await db.import("a,b\\n1,2\\n", { mapping: { columns: { a: ":ID" }, labels: ["T"] }, onProgress: ({ phase }) => phases.add(phase) });
      const preview = (await db.preview(file)).files[0].columns.map(({ name }) => name);
      const replaced = await db.import(await db.export(), { replace: true });
      const cancelled = await code(db.export({ format: "csv", signal: AbortSignal.abort() }));
      const read = await new Response(await db.exportStream({ format: "jsonl" })).text();
      await db.close();
      return { counts, wrong, missing, elsewhere, stopped, left, phases: [...phases], preview, replaced: replaced.nodes, cancelled, read };`, directory);
    const one = [1, 0, 1];
    assert.deepEqual(said.counts, { text: one, bytes: one, blob: one, stream: one, response: one, named: one, url: [2, 0, 2], several: [2, 1, 2] });
    for (const [what, [, , message]] of Object.entries(malformed)) assert.deepEqual(said.wrong[what], [what === "a script with a slip" ? "SyntaxError" : "IMPORT", message, true], what);
    assert.equal(said.missing[0], "IMPORT");
    assert.match(said.missing[1], /missing\.csv/);
    assert.equal(said.elsewhere, "INVALID_ARGUMENT");
    assert.deepEqual([said.stopped, said.left, said.cancelled, said.replaced], ["CANCELLED", 0, "CANCELLED", 1]);
    assert.ok(said.phases.includes("read") && said.phases.includes("write"), said.phases);
    assert.deepEqual(said.preview, ["id:ID", "name", ":LABEL"]);
    assert.equal(JSON.parse(said.read).type, "node");
  });

  test(`${program}: a killed process loses nothing that was answered`, { timeout }, async () => {
    const directory = newFolder();
    const file = join(root, `killed-${program}.mjs`);
    writeFileSync(file, `import { open } from "pocketgraph";
const db = await open("killed", { directory: ${JSON.stringify(directory)} });
for (let i = 1; ; i++) {
  await db.query("CREATE (:N {i: $i})-[:R]->(:M {i: $i})", { i });
  console.log(i);
}`);
    const child = spawn(programs[program], [file], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    let answered = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      answered = Number(line);
      if (answered === 20) child.kill("SIGKILL");
    }
    assert.ok(answered >= 20);
    const { n, m, problems } = await script(program, `
      const db = await open("killed", { directory, create: false });
      const { rows: [{ n, m }] } = await db.query("MATCH (n:N)-[:R]->(m:M {i: n.i}) RETURN count(n) AS n, max(n.i) AS m");
      const problems = await db.check();
      await db.close();
      return { n, m, problems };`, directory);
    assert.ok(n >= answered && n <= answered + 1 && m === n, `${answered} were answered, ${n} are there, the last is ${m}`);
    assert.deepEqual(problems, []);
  });
}

test("the native command and the package exclude each other, and read each other's stores", { timeout }, async () => {
  const directory = newFolder();
  const shell = (text) => execFileSync(command, ["query", join(directory, "shared"), text], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  await script("node", `await (await open("shared", { directory })).close();`, directory);
  shell("CREATE (:P {name: 'Ada'})");
  const file = join(root, "holds.mjs");
  writeFileSync(file, `import { open } from "pocketgraph";
const db = await open("shared", { directory: ${JSON.stringify(directory)}, create: false });
await db.query("CREATE (:P {name: 'Grace'})");
console.log("open");
process.stdin.once("data", async () => (await db.close(), process.exit()));`);
  const child = spawn(process.execPath, [file], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((done) => child.once("exit", done));
  await new Promise((ready) => child.stdout.once("data", ready));
  assert.throws(() => shell("RETURN 1"), /open elsewhere|held by|LOCKED/i);
  child.stdin.write("close\n");
  assert.equal(await ended, 0);
  assert.match(shell("MATCH (p:P) RETURN p.name ORDER BY p.name"), /Ada[^]*Grace/);
});

test("what is no database is left alone", { timeout }, async () => {
  const directory = newFolder();
  mkdirSync(join(directory, "letters"));
  writeFileSync(join(directory, "letters/one.txt"), "Dear Ada");
  const said = await script("node", `return { destroy: await code(destroy("letters", { directory })), up: await code(destroy("..", { directory })), list: await list({ directory }), none: await code(open("x", { directory: directory + "/nowhere" })) };`, directory);
  assert.equal(readFileSync(join(directory, "letters/one.txt"), "utf8"), "Dear Ada");
  assert.deepEqual(said, { destroy: "none", up: "INVALID_ARGUMENT", list: [], none: "NOT_FOUND" });
});

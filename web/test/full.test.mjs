// The browser's profile lies on a small file system that is full to the last
// byte: everything can be read and exported, deletes work while the reserved log
// lasts, a snapshot works in the space its slot owns, the store opens, and
// writing works again when there is space. Groups of commits share their writes
// all along. It mounts a tmpfs, for which it must be root.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, rmdirSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers, launch } from "./browsers.mjs";
import { makeApp, openApp, serveApp } from "./fixture.mjs";

const timeout = 240_000;

/** A file system of so many MiB, or why there is none: {path, fill, free, unmount} or {reason}. */
function smallFileSystem(megabytes) {
  const path = mkdtempSync(join(tmpdir(), "pocketgraph-small-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path], { encoding: "utf8" });
  if (mounted.status !== 0) {
    rmdirSync(path);
    return { reason: `nothing can be mounted here: ${(mounted.stderr ?? String(mounted.error)).trim()}` };
  }
  const ballast = join(path, "ballast");
  return {
    path,
    room: () => statfsSync(path).bavail * statfsSync(path).bsize,
    /** Takes all space that is left. */
    fill() {
      const file = openSync(ballast, "a");
      for (let piece = Buffer.alloc(1 << 20); piece.length >= 1; ) {
        try {
          writeSync(file, piece);
        } catch (error) {
          if (error.code !== "ENOSPC") throw error;
          piece = piece.subarray(0, piece.length >> 1);
        }
      }
      closeSync(file);
    },
    free: () => rmSync(ballast, { force: true }),
    unmount() {
      spawnSync("umount", ["-l", path]); // the browser's last process may still have it
      rmdirSync(path);
    },
  };
}

/** On the page: what the steps below have in common. */
function prepare(name) {
  const state = { acknowledged: new Set(), next: 0 };
  const failure = ({ code, message, needed, available }) => ({ code, message, needed, available });
  (globalThis.stores ??= {})[name] = {
    /** A group of commits in one turn, which share their writes. Returns the codes of those that failed. */
    async group(count, bytes) {
      const text = "x".repeat(bytes);
      const one = (i) => state.db.query("CREATE (:Kept {i: $i, text: $text})", { i, text }).then(() => void state.acknowledged.add(i), failure);
      const all = await Promise.all(Array.from({ length: count }, () => one(state.next++)));
      return all.filter(Boolean);
    },
    /** Nodes that are there and were not acknowledged, and the other way around. */
    async difference() {
      const { rows } = await state.db.query("MATCH (n:Kept) RETURN n.i AS i");
      const there = new Set(rows.map(({ i }) => i));
      return [[...there].filter((i) => !state.acknowledged.has(i)), [...state.acknowledged].filter((i) => !there.has(i))];
    },
    async remove(most) {
      const i = Math.min(...state.acknowledged);
      for (let n = 0; n < most; n++) {
        const error = await state.db.query("MATCH (n:Kept {i: $i}) DELETE n", { i: i + n }).then(() => void state.acknowledged.delete(i + n), failure);
        if (error) return { removed: n, ...error };
      }
      return { removed: most };
    },
    async exported() {
      const blob = await state.db.export({ format: "pocketgraph" });
      const copy = await globalThis.pg.open("copy", { storage: "memory" });
      await copy.import(blob, { format: "pocketgraph" });
      const { rows } = await copy.query("MATCH (n:Kept) RETURN count(n) AS n");
      await copy.close();
      return [rows[0].n, state.acknowledged.size];
    },
    reserved: async () => (await state.db.diagnostics()).log.logReserved,
    snapshot: () => state.db.snapshot().then(() => ({}), failure),
    open: async () => void (state.db = await globalThis.pg.open(name, { storage: "opfs" })),
    close: () => state.db.close(),
    check: () => state.db.check(),
  };
}

let app, server;
before(async () => ((app = await makeApp()), (server = await serveApp(app))), { timeout });
after(async () => (await server?.close(), app?.remove()));

describe("a full disk", { concurrency: 1 }, () => {
  for (const name of browsers) {
    test(name, { timeout }, async (t) => {
      const disk = smallFileSystem(192);
      if (disk.reason) return t.skip(disk.reason);
      let browser;
      try {
        const profile = join(disk.path, "profile");
        mkdirSync(profile);
        browser = await launch(name, { profile });
        const page = await openApp(browser, `${server.url}/index.html`);
        const store = async (name) => {
          await page.evaluate(prepare, name);
          return (what, ...args) => page.evaluate((name, what, args) => globalThis.stores[name][what](...args), name, what, args);
        };
        const run = await store("full");
        const same = async (of = run) => assert.deepEqual(await of("difference"), [[], []], "what is there is what was acknowledged");
        const tiny = await store("tiny"); // nothing is reserved for it: its log grows with each commit
        await tiny("open");
        assert.deepEqual(await tiny("group", 3, 100), []);

        await run("open");
        for (let i = 0; i < 2; i++) { // both slots own what the graph takes
          assert.deepEqual(await run("group", 100, 10_000), []);
          assert.deepEqual(await run("snapshot"), {});
        }
        for (let i = 0; (await run("reserved")) < 100_000; i++) {
          assert.ok(i < 200, "no log is reserved");
          assert.deepEqual(await run("group", 8, 1000), []);
        }
        disk.fill();
        t.diagnostic(`${name}: ${disk.room()} bytes left, ${await run("reserved")} of log reserved`);

        /** Groups of commits until one of them does not fit; whatever fits is there. */
        const untilFull = async (of, count, bytes) => {
          const failed = [];
          for (let i = 0; failed.length === 0 && i < 200; i++) {
            disk.fill(); // the browser has files of its own there, and gives space back when it likes
            failed.push(...(await of("group", count, bytes)));
          }
          assert.ok(failed.length > 0, `commits of ${bytes} bytes are acknowledged on and on`);
          assert.deepEqual(failed.filter(({ code }) => code !== "DISK_FULL"), []);
          assert.ok(failed.every(({ needed, available }) => needed > 0 && typeof available === "number"), `how much was missing: ${JSON.stringify(failed)}`);
          await same(of);
        };
        await untilFull(run, 8, 50_000);
        assert.deepEqual(...(await run("exported").then(([n, want]) => [n, want, "the export has everything"])));
        const { removed } = await run("remove", 60);
        assert.equal(removed, 60, "deletes go into the log that is reserved");
        await same();
        assert.deepEqual(await run("snapshot"), {}, "it fits into the space of its slot");
        await run("close");
        await run("open");
        await same();
        assert.deepEqual(await run("check"), []);

        for (const [count, bytes] of [[1, 40_000], [8, 1000], [1, 1000], [1, 100]]) await untilFull(tiny, count, bytes);
        await tiny("close");
        await tiny("open");
        await same(tiny);

        disk.free();
        assert.deepEqual(await tiny("group", 8, 100), []);
        await tiny("close");
        await tiny("open");
        await same(tiny);
        await tiny("close");
        for (let i = 0; i < 10; i++) assert.deepEqual(await run("group", 8, 50_000), [], "there is space again");
        assert.deepEqual(await run("snapshot"), {});
        await run("close");
        await run("open");
        await same();
        assert.deepEqual(await run("check"), []);
        await run("close");
      } finally {
        await browser?.close().catch(() => {});
        disk.unmount();
      }
    });
  }
});

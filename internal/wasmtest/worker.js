// What the dedicated worker runs before Go does. The page sets `setup`.
"use strict";
const tell = (kind, value) => postMessage({ kind, value });
for (const level of ["log", "info", "warn", "error", "debug"]) {
  console[level] = (...args) => tell("line", args.map((a) => (a instanceof Error ? a.stack || String(a) : String(a))).join(" "));
}

// Counting here, beneath Go, means that a test cannot claim a handle it never had.
let handles = 0;
if (self.FileSystemFileHandle && FileSystemFileHandle.prototype.createSyncAccessHandle) {
  const create = FileSystemFileHandle.prototype.createSyncAccessHandle;
  FileSystemFileHandle.prototype.createSyncAccessHandle = async function (...args) {
    const handle = await create.apply(this, args);
    handles++;
    return handle;
  };
}

// See StartWorker in spawn.go.
let spawned = 0;
self.wasmtestStartWorker = (source) => {
  const id = ++spawned;
  const { port1, port2 } = new MessageChannel();
  postMessage({ kind: "spawn", value: { id, source } }, [port2]);
  return {
    postMessage: (message) => port1.postMessage(message),
    set onmessage(f) { port1.onmessage = f; },
    terminate: () => { port1.close(); tell("kill", id); },
  };
};

self.onmessage = async ({ data: setup }) => {
  try {
    importScripts(setup.origin + "/wasm_exec.js");
    const go = new Go();
    go.argv = setup.argv;
    go.env = setup.env;
    go.exit = (code) => tell("exit", { code, handles });
    self.wasmtestOrigin = setup.origin;
    self.wasmtestIndexedDB = () => import(setup.origin + "/indexeddb.js").then(({ root }) => root(false)); // see spawn.go
    const response = await fetch(setup.origin + setup.wasm);
    if (!response.ok) throw new Error(`${setup.wasm}: HTTP ${response.status}`);
    const module = await WebAssembly.compile(await response.arrayBuffer());
    self.wasmtestModule = module; // a test may start further instances of it
    await go.run(await WebAssembly.instantiate(module, go.importObject));
    if (!go.exited) tell("fault", "the Go program ended without an exit code");
  } catch (error) {
    tell("fault", error && error.stack ? `${error}\n${error.stack}` : String(error));
  }
};

// Functions and procedures that are registered: in the page, where the engine
// sends batches of calls and gets batches of results, and in the worker, which
// imports modules and is asked the same way. In the page it is loaded when the
// first is registered; of it the worker has its own part built in, since a bundler
// moves the worker's file and leaves none beside it.

import { Batch, Frame } from "./decode.js";
import { encodeMap, encodeValue } from "./encode.js";
import type { Link } from "./engine.js";
import { wellFormed } from "./text.js";
import type { Home } from "./transaction.js";
import type { FunctionOptions, FunctionSource, Parameter, Parameters } from "./types.js";
import { Answer, Op, Writer } from "./wire.js";

/** Makes the package's own error, of which there is one class in the page. */
type Invalid = (message: string, hint?: string) => Error;
type Callee = (...args: any[]) => unknown;

/** What the engine passes on to the worker about a function of a module. */
interface Module extends Manner {
  url: string;
  /** The export, if there is one of this name; else the default export. */
  name: string;
}

/** How a function is called. */
interface Manner {
  batch: boolean;
  /** Of a procedure; of a function empty. */
  columns: string[];
  prefix: string;
  bigint: boolean;
}

/** The functions of the page at an engine, by the id of their REGISTER, and those ids by name. */
interface Registered {
  callees: Map<number, { name: string; fn: Callee; manner: Manner }>;
  ids: Map<string, number>;
}
const registered = new WeakMap<Link, Registered>();

export async function register(home: Home, fail: Invalid, procedure: boolean, name: string, signature: string, source: FunctionSource, options: FunctionOptions = {}): Promise<void> {
  const { engine, database } = home;
  const text = fullSignature(name, signature, fail);
  const manner: Manner = { batch: options.batch === true, columns: procedure ? columnsOf(text) : [], prefix: home.elementPrefix, bigint: home.integers === "bigint" };
  const module = typeof source === "function" ? null : moduleOf(source, name, manner, fail);
  const { callees, ids } = at(engine);
  await new Promise<void>((resolve, reject) => {
    const done = () => {
      const before = ids.get(keyOf(procedure, name));
      if (before) callees.delete(before);
      ids.set(keyOf(procedure, name), id);
      resolve();
    };
    const failed = (error: Error) => (callees.delete(id), reject(error));
    const id: number = engine.send(Op.register, { database }, { done, fail: failed }, (w) => {
      w.u32(0);
      w.string(text);
      encodeMap(w, { ...(procedure ? { procedure } : {}), ...(module ? { module } : {}) } as unknown as Parameters, ["module"]);
    });
    if (!module) callees.set(id, { name, fn: source as Callee, manner });
  });
}

/** False when there is none of the name. */
export async function unregister({ engine, database }: Home, procedure: boolean, name: string): Promise<boolean> {
  try {
    await engine.request(Op.unregister, { database }, (w) => {
      w.u32(0);
      w.string(name);
      encodeMap(w, procedure ? { procedure } : {}, [""]);
    });
  } catch (error) {
    if ((error as { code?: string }).code === "NOT_FOUND") return false;
    throw error;
  }
  const { callees, ids } = at(engine);
  callees.delete(ids.get(keyOf(procedure, name))!);
  ids.delete(keyOf(procedure, name));
  return true;
}

/** What is registered at an engine; with the first it learns where to ask. */
function at(engine: Link): Registered {
  let here = registered.get(engine);
  if (!here) {
    here = { callees: new Map(), ids: new Map() };
    registered.set(engine, here);
    const { callees } = here;
    engine.onCall = (f) => {
      const callee = callees.get(f.id);
      const call = numberOf(f);
      if (!callee) return engine.reply(f, call, "it was taken away meanwhile");
      void compute(callee.fn, callee.manner, f)
        .then((results) => engine.reply(f, call, "", (w) => value(w, results, callee.name)))
        .catch((cause) => engine.reply(f, call, messageOf(cause)));
    };
  }
  return here;
}

function keyOf(procedure: boolean, name: string): string {
  return procedure ? `()${name}` : name.toLowerCase();
}

/** The signature with the name in front; it may have it already. */
function fullSignature(name: string, signature: string, fail: Invalid): string {
  const text = signature.trim();
  if (text.startsWith("(")) return name + text;
  if (text.startsWith(name) && text.slice(name.length).trimStart().startsWith("(")) return text;
  throw fail(`the signature is not that of ${name}: ${text}`);
}

/** The columns of a procedure: what stands before "::" in the second parentheses. */
function columnsOf(signature: string): string[] {
  const results = signature.slice(signature.indexOf(")") + 1);
  return [...results.slice(results.indexOf("(") + 1).matchAll(/`?([^\s,`:]+)`?\s*::/g)].map(([, name]) => name);
}

function moduleOf({ module, crossOrigin }: { module: string | URL; crossOrigin?: boolean }, name: string, manner: Manner, fail: Invalid): Module {
  const url = new URL(module, globalThis.document?.baseURI ?? location.href);
  if (url.origin !== location.origin && !crossOrigin) {
    throw fail(`the module ${url.href} is of another origin`, "Its code could read and change everything here: say { module, crossOrigin: true } if it may.");
  }
  return { url: url.href, name: name.slice(name.lastIndexOf(".") + 1), ...manner };
}

/** The results of a batch of calls, for the wire. */
async function compute(fn: Callee, { batch, columns, prefix, bigint }: Manner, f: Frame): Promise<Parameter> {
  const rows = [...new Batch(f, { prefix, bigint }).arrays()];
  const results = (batch ? await fn(rows) : await Promise.all(rows.map((row) => fn(...row)))) as Parameter[];
  if (!columns.length || !Array.isArray(results)) return results;
  return results.map((table) => tableOf(table as unknown, columns));
}

/** The rows of one call of a procedure: arrays, or objects by column. */
function tableOf(table: unknown, columns: string[]): Parameter {
  if (!Array.isArray(table)) throw new Error("a procedure gives an array of rows");
  return table.map((row) => (Array.isArray(row) ? row : columns.map((column) => (row !== null && Object.hasOwn(Object(row), column) ? row[column] : null))));
}

function numberOf(call: Frame): number {
  return call.view.getUint32(36, true);
}

/** The map of a REPLY. */
function value(w: Writer, results: Parameter, name: string): void {
  w.varuint(1);
  w.string("value");
  encodeValue(w, results, [name]);
}

/** What went wrong, as UTF-8 can hold it, never empty, and not longer than somebody reads. */
function messageOf(cause: unknown): string {
  const message = String(cause instanceof Error ? cause.message : cause).slice(0, 10_000);
  return wellFormed(message) || "it gave no reason";
}

// ---- in the worker

/** What was imported, by client and the id of its REGISTER. */
const imported = new Map<number, Promise<(f: Frame) => Promise<Parameter>>>();
/** The client number of the worker's answers. */
const moduleClient = 0xfffe;

/** Answers a MODULE or CALL that the engine put to the worker. */
export function answer(question: ArrayBuffer, reply: (frame: ArrayBuffer) => void): void {
  const f = new Frame(question, 0);
  const key = f.view.getUint16(6, true) * 2 ** 32 + f.id;
  let call: number;
  let answered: Promise<Parameter>;
  if (f.kind === Answer.module) {
    const { call: number, module } = f.map() as unknown as { call: number; module: Module };
    call = number;
    imported.set(key, importModule(module));
    answered = imported.get(key)!.then(() => null);
    answered.catch(() => imported.delete(key));
  } else {
    call = numberOf(f);
    answered = imported.get(key)!.then((compute) => compute(f));
  }
  void answered
    .then((results) => written(f, call, "", (w) => value(w, results, "result")))
    .catch((cause) => written(f, call, messageOf(cause), (w) => w.varuint(0)))
    .then(reply);
}

async function importModule({ url, name, ...manner }: Module) {
  const exports = await import(/* @vite-ignore */ /* webpackIgnore: true */ url);
  const fn = exports[name] ?? exports.default;
  if (typeof fn !== "function") throw new Error(`the module ${url} exports no function ${name}, and none as its default`);
  return (f: Frame) => compute(fn, manner, f);
}

function written(f: Frame, call: number, error: string, map: (w: Writer) => void): ArrayBuffer {
  const w = new Writer();
  const start = w.begin(Op.reply, f.id, f.database);
  w.view.setUint16(start + 6, moduleClient, true);
  w.u32(call);
  w.string(error);
  map(w);
  w.end(start);
  return w.take();
}

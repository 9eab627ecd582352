// Values as the query language writes them. Queries ask for Integers as
// bigint, so that 1 and 1.0 stay apart.

import type { Node, Path, Relationship, Value } from "pocketgraph";

const plainName = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** A label, type, key or variable as it must be written. */
export function name(text: string): string {
  return plainName.test(text) ? text : `\`${text.replaceAll("`", "``")}\``;
}

/** A string literal. */
function quote(text: string): string {
  return `'${text.replace(/['\\\n\r\t]/g, (c) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c] ?? `\\${c}`)}'`;
}

const isObject = (v: unknown): v is { [key: string]: unknown } => typeof v === "object" && v !== null && !Array.isArray(v);
const own = (v: object, key: string): unknown => (Object.hasOwn(v, key) ? (v as any)[key] : undefined);

// Elements come as plain objects; what tells them from maps is their shape and the form of their identity.
export function isNode(v: unknown): v is Node {
  return isObject(v) && /:n:\d+$/.test(String(own(v, "id"))) && Array.isArray(own(v, "labels")) && isObject(own(v, "properties"));
}
export function isRelationship(v: unknown): v is Relationship {
  return isObject(v) && /:r:\d+$/.test(String(own(v, "id"))) && typeof own(v, "type") === "string" && isObject(own(v, "properties"));
}
export function isPath(v: unknown): v is Path {
  const nodes = isObject(v) && own(v, "nodes");
  return Array.isArray(nodes) && nodes.length > 0 && nodes.every(isNode) && Array.isArray(own(v as object, "relationships"));
}

const temporal: { [key: string]: string } = {
  $date: "date", $localtime: "localtime", $time: "time", $localdatetime: "localdatetime", $datetime: "datetime", $duration: "duration",
};

function float(n: number): string {
  if (Number.isNaN(n)) return "NaN";
  if (!Number.isFinite(n)) return n < 0 ? "-Infinity" : "Infinity";
  return Number.isInteger(n) && Math.abs(n) < 1e21 ? `${Object.is(n, -0) ? "-0" : n}.0` : String(n);
}

/** Any value on one line. */
export function notation(v: Value): string {
  if (v === null || v === undefined) return "null";
  if (typeof v === "string") return quote(v);
  if (typeof v === "number") return float(v);
  if (typeof v === "bigint" || typeof v === "boolean") return String(v);
  if (v instanceof Uint8Array) return `bytes(0x${[...v.subarray(0, 32)].map((b) => b.toString(16).padStart(2, "0")).join("")}${v.length > 32 ? `… ${v.length} in all` : ""})`;
  if (v instanceof Float32Array) return `vector([${[...v.subarray(0, 16)].join(", ")}${v.length > 16 ? `, … ${v.length} in all` : ""}])`;
  if (Array.isArray(v)) return `[${v.map(notation).join(", ")}]`;
  if (isNode(v)) return `(${[v.labels.map((l) => `:${name(l)}`).join(""), map(v.properties)].filter(Boolean).join(" ")})`;
  if (isRelationship(v)) return `[:${[name(v.type), map(v.properties)].filter(Boolean).join(" ")}]`;
  if (isPath(v)) return path(v);
  return special(v as { [key: string]: Value }) ?? (map(v as { [key: string]: Value }) || "{}");
}

function special(v: { [key: string]: Value }): string | undefined {
  const keys = Object.keys(v);
  if (keys.length !== 1) return undefined;
  const value = own(v, keys[0]);
  if (Object.hasOwn(temporal, keys[0]) && typeof value === "string") return `${temporal[keys[0]]}(${quote(value)})`;
  if (keys[0] === "$point" && isObject(value)) return `point(${map(value as { [key: string]: Value })})`;
  return undefined;
}

function map(properties: { [key: string]: Value }): string {
  const entries = Object.entries(properties).map(([key, value]) => `${name(key)}: ${notation(value)}`);
  return entries.length ? `{${entries.join(", ")}}` : "";
}

function path(p: Path): string {
  return p.nodes
    .map((node, i) => {
      const r = p.relationships[i];
      if (!r) return notation(node);
      const [left, right] = r.start === node.id ? ["-", "->"] : ["<-", "-"];
      return `${notation(node)}${left}${notation(r)}${right}`;
    })
    .join("");
}

// The property a person would call the element by, best first.
const captions = ["name", "title", "label", "code", "id", "firstName", "content"];

/** A short name for a node: the value of its most telling property. */
export function caption(node: Node): string {
  for (const key of captions) {
    const value = own(node.properties, key);
    if (value !== undefined && value !== null) return shorten(typeof value === "string" ? value : notation(value as Value));
  }
  const first = Object.values(node.properties).find((v) => typeof v === "string");
  return shorten(typeof first === "string" ? first : (node.labels[0] ?? "node"));
}

export function shorten(text: string, length = 32): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

// The package's values to those of the stdio protocol (docs/stdio.md) and back.
// Integers are asked for as BigInt, so that a number is always a Float.

/** The only own key of an object, or undefined. */
function onlyKey(object) {
  const keys = Object.keys(object);
  return keys.length === 1 ? keys[0] : undefined;
}

const tagged = new Set(["$date", "$localtime", "$time", "$localdatetime", "$datetime", "$duration", "$point"]);

/** Whether an object has exactly these keys. */
function hasKeys(object, ...names) {
  return Object.keys(object).length === names.length && names.every((name) => Object.hasOwn(object, name));
}

export function encode(value) {
  switch (typeof value) {
    case "boolean":
    case "string":
      return value;
    case "bigint":
      return { $int: String(value) };
    case "number":
      return { $float: Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : String(value) };
    case "object":
      return value === null ? null : encodeObject(value);
  }
  throw new TypeError(`a ${typeof value} came out of the database`);
}

function encodeObject(value) {
  if (Array.isArray(value)) return { $list: value.map(encode) };
  if (value instanceof Uint8Array) return { $bytes: btoa(String.fromCharCode(...value)) };
  if (value instanceof Float32Array) return { $vector: [...value] };
  if (tagged.has(onlyKey(value))) return value;
  if (hasKeys(value, "id", "labels", "properties")) return { $node: node(value) };
  if (hasKeys(value, "id", "type", "start", "end", "properties")) return { $rel: relationship(value) };
  if (hasKeys(value, "nodes", "relationships")) return { $path: { nodes: value.nodes.map(node), rels: value.relationships.map(relationship) } };
  return { $map: members(value) };
}

const members = (map) => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, encode(value)]));
const node = ({ id, labels, properties }) => ({ id, labels, props: members(properties) });
const relationship = ({ id, type, start, end, properties }) => ({ id, type, start, end, props: members(properties) });

/** A value of the protocol as a parameter of the package. */
export function decode(value) {
  if (value === null || typeof value !== "object") return value;
  const tag = onlyKey(value);
  const content = value[tag];
  switch (tag) {
    case "$int":
      return BigInt(content);
    case "$float":
      return { $float: Number(content) }; // or 1.0 would become an Integer
    case "$list":
      return content.map(decode);
    case "$map":
      return Object.fromEntries(Object.entries(content).map(([key, item]) => [key, decode(item)]));
    case "$bytes":
      return Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  }
  if (tagged.has(tag)) return value;
  throw new TypeError(`${JSON.stringify(value)} is no value of the protocol`);
}

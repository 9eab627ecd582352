// The generated social graph: Person {id, name, age, city, score} and KNOWS
// {since}, with skewed degrees. The same seed gives the same graph everywhere.

import { fraction, hash } from "./random.js";

const cities = Array.from({ length: 100 }, (_, i) => `City ${String(i).padStart(2, "0")}`);
/** A prime beyond every size used, so that multiplying by it permutes the nodes. */
const scatter = 15_485_863;

/**
 * A dataset is {nodes: [table], rels: [table], params}. A table of nodes is
 * {label, count, columns: {name: {type, values}}}; "id" is its indexed column.
 * One of relationships also has from and to (labels), src and dst (values of id).
 *
 * `slots` (src, dst as 0, 1, 2, …) is for the array in JavaScript, `extra` are
 * relationships that are not loaded: the mixed round creates them.
 */
export function socialGraph(nodes, rels) {
  const columns = persons(nodes);
  const id = columns.id.values;
  const extraCount = Math.min(5_000, rels >> 3);
  const pairs = distinctPairs(nodes, rels + extraCount);
  const ids = (slots) => Float64Array.from(slots, (slot) => id[slot]);
  const since = (from, count) => Int32Array.from({ length: count }, (_, i) => 1990 + (hash(from + i, 6) % 35));
  const src = pairs.src.subarray(0, rels);
  const dst = pairs.dst.subarray(0, rels);
  return {
    nodes: [{ label: "Person", count: nodes, columns }],
    rels: [{ type: "KNOWS", name: "KNOWS", from: "Person", to: "Person", count: rels, src: ids(src), dst: ids(dst), columns: { since: { type: "int", values: since(0, rels) } } }],
    slots: { src, dst },
    extra: { src: pairs.src.subarray(rels), dst: pairs.dst.subarray(rels), since: since(rels, extraCount) },
    id: (slot) => id[slot],
    /** A person somebody knows, and one who knows somebody: ends of paths. */
    knower: (k, salt) => id[src[hash(k, salt) % rels]],
    known: (k, salt) => id[dst[hash(k, salt) % rels]],
    anybody: (k, salt) => id[hash(k, salt) % nodes],
  };
}

function persons(count) {
  const make = (value, Type = Array) => Type.from({ length: count }, (_, i) => value(i));
  return {
    id: { type: "int", values: make((i) => 10 + 3 * i, Float64Array) }, // not the place in any table
    name: { type: "string", values: make((i) => `person ${hash(i, 1).toString(36)}`) },
    age: { type: "int", values: make((i) => hash(i, 2) % 90, Int32Array) },
    city: { type: "string", values: make((i) => cities[Math.floor(cities.length * fraction(i, 7) ** 2)]) },
    score: { type: "float", values: make((i) => fraction(i, 3), Float64Array) },
  };
}

/**
 * Pairs of different nodes, each unordered pair once: then a walk of three
 * steps never uses a relationship twice, and SQL's joins and Cypher's patterns
 * mean the same. The node of rank r is an end with a probability of
 * 1/(2·sqrt(r·nodes)): few know many, and those are known by many.
 */
function distinctPairs(nodes, count) {
  const src = new Uint32Array(count);
  const dst = new Uint32Array(count);
  const seen = new PairSet(count);
  const end = (i, salt) => (Math.floor(nodes * fraction(i, salt) ** 2) * scatter) % nodes;
  for (let i = 0, n = 0; n < count; i++) {
    const [a, b] = [end(i, 4), end(i, 5)];
    if (a === b || !seen.add(Math.min(a, b) * nodes + Math.max(a, b))) continue;
    src[n] = a;
    dst[n++] = b;
  }
  return { src, dst };
}

/** A set of numbers above 0 by open addressing; a Set of five million takes too much memory. */
class PairSet {
  constructor(count) {
    this.mask = 2 ** Math.ceil(Math.log2(2 * count)) - 1;
    this.slots = new Float64Array(this.mask + 1);
  }
  add(key) {
    let at = hash(key % 0xffffffff, key / 0xffffffff) & this.mask;
    for (; this.slots[at]; at = (at + 1) & this.mask) if (this.slots[at] === key + 1) return false;
    this.slots[at] = key + 1;
    return true;
  }
}

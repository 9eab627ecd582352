// What a statement did, in words.

import { plural } from "./dom.js";

const words: [string, string, string, string?][] = [
  ["nodesCreated", "created", "node"],
  ["nodesDeleted", "deleted", "node"],
  ["relationshipsCreated", "created", "relationship"],
  ["relationshipsDeleted", "deleted", "relationship"],
  ["propertiesSet", "set", "property", "properties"],
  ["labelsAdded", "added", "label"],
  ["labelsRemoved", "removed", "label"],
  ["indexesAdded", "added", "index", "indexes"],
  ["indexesRemoved", "removed", "index", "indexes"],
  ["constraintsAdded", "added", "constraint"],
  ["constraintsRemoved", "removed", "constraint"],
];

/** "created 3 nodes, set 3 properties", or nothing. */
export function done(counters: { [name: string]: number }): string {
  return words
    .filter(([key]) => Number(counters[key] ?? 0) > 0)
    .map(([key, verb, one, many]) => `${verb} ${plural(Number(counters[key]), one, many)}`)
    .join(", ");
}

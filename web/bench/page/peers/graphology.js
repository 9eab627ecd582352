// graphology, with the loops a person writes on it. It is in memory; to keep
// something it is exported as JSON into a file.

import { DirectedGraph, MultiDirectedGraph } from "graphology";
import { bidirectional } from "graphology-shortest-path/unweighted";
import { openFile, removeEntry, storedBytes } from "../opfs.js";

export class Graphology {
  async create(name) {
    await removeEntry(name);
    this.graph = new DirectedGraph();
    this.name = name;
    this.file = await openFile(name);
    this.snapshot();
  }
  async open(name) {
    this.name = name;
    this.file = await openFile(name);
    const saved = JSON.parse(new TextDecoder().decode(this.file.read()));
    this.graph = saved.options.multi ? new MultiDirectedGraph() : new DirectedGraph();
    this.graph.import(saved);
  }
  async close() {
    this.file.handle.close();
  }

  /** Node keys are the ids, with the label before them where there are several labels. */
  async load({ nodes, rels }) {
    this.many = nodes.length > 1;
    this.graph = this.many ? new MultiDirectedGraph() : new DirectedGraph();
    for (const { label, count, columns } of nodes) {
      const names = Object.keys(columns);
      for (let i = 0; i < count; i++) this.graph.addNode(this.key(label, columns.id.values[i]), { label, ...attributes(columns, names, i) });
    }
    for (const { type, from, to, count, src, dst, columns } of rels) {
      const names = Object.keys(columns);
      for (let i = 0; i < count; i++) this.graph.addEdge(this.key(from, src[i]), this.key(to, dst[i]), { type, ...attributes(columns, names, i) });
    }
    this.snapshot();
  }
  key(label, id) {
    return this.many ? `${label} ${id}` : String(id);
  }

  run(work, params) {
    return this[work.loops](params, work.depth);
  }

  // ---- the social graph

  lookup({ id }) {
    return [[this.graph.getNodeAttribute(String(id), "name")]];
  }
  neighbours({ id }) {
    return this.graph.mapOutNeighbors(String(id), (_, { id }) => [id]);
  }
  hops({ id }, depth) {
    let frontier = new Set([String(id)]);
    for (let i = 0; i < depth; i++) {
      const next = new Set();
      for (const node of frontier) this.graph.forEachOutNeighbor(node, (n) => void next.add(n));
      frontier = next;
    }
    return [[frontier.size]];
  }
  path({ a, b }) {
    const nodes = a === b ? null : bidirectional(this.graph, String(a), String(b));
    return nodes ? [[nodes.length - 1]] : [];
  }
  group() {
    const groups = new Map();
    this.graph.forEachNode((_, { city, age }) => {
      const group = groups.get(city);
      if (group) {
        group.n++;
        group.sum += age;
      } else groups.set(city, { n: 1, sum: age });
    });
    return Array.from(groups, ([city, { n, sum }]) => [city, n, sum / n]);
  }
  top() {
    return ten(this.graph.mapNodes((node, { id }) => [id, this.graph.outDegree(node)]));
  }
  range({ low, high }) {
    let n = 0;
    this.graph.forEachNode((_, { age }) => {
      if (low <= age && age < high) n++;
    });
    return [[n]];
  }
  triangles() {
    const { graph } = this;
    let n = 0;
    graph.forEachNode((a) => {
      const known = new Set(graph.outNeighbors(a));
      for (const b of known) graph.forEachOutNeighbor(b, (c) => void (known.has(c) && n++));
    });
    return [[n]];
  }
  write(w) {
    if (w.kind === "age") this.graph.setNodeAttribute(String(w.id), "age", w.age);
    else this.graph.addEdge(String(w.a), String(w.b), { type: "KNOWS", since: w.since });
  }
  rows() {
    return this.graph.mapNodes((_, { id, name, age, city, score }) => [id, name, age, city, score]);
  }

  // ---- the LDBC network

  /** The nodes at the other end of relationships of a type, with repetition. */
  *along(node, type, label, direction) {
    const edges = direction === "out" ? this.graph.outEdges(node) : direction === "in" ? this.graph.inEdges(node) : this.graph.edges(node);
    for (const edge of edges) {
      const other = this.graph.opposite(node, edge);
      if (this.graph.getEdgeAttribute(edge, "type") === type && this.graph.getNodeAttribute(other, "label") === label) yield other;
    }
  }
  friends({ id }) {
    const found = new Set();
    const me = `Person ${id}`;
    for (const friend of this.along(me, "KNOWS", "Person")) for (const other of this.along(friend, "KNOWS", "Person")) if (other !== me) found.add(other);
    return [[found.size]];
  }
  newest({ id }) {
    const posts = [];
    for (const friend of this.along(`Person ${id}`, "KNOWS", "Person")) {
      for (const post of this.along(friend, "HAS_CREATOR", "Post", "in")) {
        const { id, creationDate } = this.graph.getNodeAttributes(post);
        posts.push([id, creationDate]);
      }
    }
    return posts.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 20);
  }
  tags({ id }) {
    const counts = new Map();
    for (const friend of this.along(`Person ${id}`, "KNOWS", "Person")) {
      for (const forum of this.along(friend, "HAS_MEMBER", "Forum", "in")) {
        for (const post of this.along(forum, "CONTAINER_OF", "Post", "out")) {
          for (const tag of this.along(post, "HAS_TAG", "Tag", "out")) {
            const name = this.graph.getNodeAttribute(tag, "name");
            counts.set(name, (counts.get(name) ?? 0) + 1);
          }
        }
      }
    }
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 10);
  }
  members() {
    const counts = [];
    this.graph.forEachNode((node, { label, id }) => {
      if (label === "Forum") counts.push([id, [...this.along(node, "HAS_MEMBER", "Person", "out")].length]);
    });
    return ten(counts);
  }

  // ---- storage

  /** The whole graph again for each: there is no smaller write. */
  commit(n) {
    this.graph.addNode(`event ${n}`, { n, kind: "click", at: 1700000000 });
    this.snapshot();
  }
  snapshot() {
    this.file.replace(new TextEncoder().encode(JSON.stringify(this.graph.export())));
  }
  storedBytes() {
    return storedBytes(this.name);
  }
}

function attributes(columns, names, i) {
  const out = {};
  for (const name of names) out[name] = columns[name].values[i];
  return out;
}

const ten = (counts) => counts.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 10);

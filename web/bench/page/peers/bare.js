// The bare platform: compressed sparse rows in typed arrays, columns, one map
// from id to place, and raw writes to a file. What JavaScript can do with
// nothing in between; it is of the social graph only.

import { openFile, removeEntry, storedBytes } from "../opfs.js";

/** Written ahead in zeros, as our log is: a flush of a file that grows costs more. */
const reserved = 4 << 20;

export class Bare {
  /** commitBytes: of one commit record of ours. */
  constructor({ commitBytes = 128 } = {}) {
    this.record = new Uint8Array(commitBytes).fill(7);
  }

  async create(name, durability) {
    await removeEntry(name);
    await this.openFiles(name, durability);
  }
  async open(name, durability) {
    await this.openFiles(name, durability);
    this.decode(this.file.read());
  }
  async openFiles(name, durability) {
    this.name = name;
    this.strict = durability === "strict";
    this.file = await openFile(name);
    this.log = await openFile(`${name}.log`);
    this.log.replace(new Uint8Array(reserved));
    this.at = 0;
  }
  async close() {
    this.file.handle.close();
    this.log.handle.close();
  }

  async load(dataset) {
    const { count, columns } = dataset.nodes[0];
    this.count = count;
    this.id = Float64Array.from(columns.id.values);
    this.age = Int32Array.from(columns.age.values);
    this.score = Float64Array.from(columns.score.values);
    this.name_ = columns.name.values;
    this.city = columns.city.values;
    this.layRows(dataset.slots.src, dataset.slots.dst, dataset.rels[0].columns.since.values);
    this.index();
    this.snapshot();
  }
  /** Counting sort by source. A row may move to the end when it grows, so each has its start and length. */
  layRows(src, dst, since) {
    this.start = new Uint32Array(this.count + 1);
    for (const s of src) this.start[s + 1]++;
    for (let i = 0; i < this.count; i++) this.start[i + 1] += this.start[i];
    this.length = new Uint32Array(this.count);
    this.target = new Uint32Array(src.length);
    this.since = new Int32Array(src.length);
    for (let i = 0; i < src.length; i++) {
      const at = this.start[src[i]] + this.length[src[i]]++;
      this.target[at] = dst[i];
      this.since[at] = since[i];
    }
    this.used = src.length;
  }
  index() {
    this.place = new Map();
    for (let i = 0; i < this.count; i++) this.place.set(this.id[i], i);
    this.mark = new Uint32Array(this.count);
    this.turn = 0;
    this.queue = new Uint32Array(this.count);
    this.groups = new Map();
    for (const city of this.city) if (!this.groups.has(city)) this.groups.set(city, this.groups.size);
    this.cityOf = Uint16Array.from(this.city, (city) => this.groups.get(city));
  }

  run(work, params) {
    return this[work.loops](params, work.depth);
  }

  lookup({ id }) {
    return [[this.name_[this.place.get(id)]]];
  }
  neighbours({ id }) {
    const slot = this.place.get(id);
    const rows = [];
    for (let at = this.start[slot], end = at + this.length[slot]; at < end; at++) rows.push([this.id[this.target[at]]]);
    return rows;
  }
  hops({ id }, depth) {
    const { start, length, target, mark } = this;
    let frontier = [this.place.get(id)];
    for (let step = 0; step < depth; step++) {
      const turn = ++this.turn;
      const next = [];
      for (const slot of frontier) {
        for (let at = start[slot], end = at + length[slot]; at < end; at++) {
          const to = target[at];
          if (mark[to] === turn) continue;
          mark[to] = turn;
          next.push(to);
        }
      }
      frontier = next;
    }
    return [[frontier.length]];
  }
  /** The plain search, level by level from one end. */
  path({ a, b }) {
    const { start, length, target, mark, queue } = this;
    const [from, goal] = [this.place.get(a), this.place.get(b)];
    if (from === goal) return [];
    const turn = ++this.turn;
    mark[from] = turn;
    queue[0] = from;
    for (let at = 0, end = 1, steps = 1; at < end; steps++) {
      for (const level = end; at < level; at++) {
        for (let i = start[queue[at]], stop = i + length[queue[at]]; i < stop; i++) {
          const to = target[i];
          if (to === goal) return [[steps]];
          if (mark[to] === turn) continue;
          mark[to] = turn;
          queue[end++] = to;
        }
      }
    }
    return [];
  }
  group() {
    const n = new Uint32Array(this.groups.size);
    const sum = new Float64Array(this.groups.size);
    for (let i = 0; i < this.count; i++) {
      n[this.cityOf[i]]++;
      sum[this.cityOf[i]] += this.age[i];
    }
    return Array.from(this.groups, ([city, i]) => [city, n[i], sum[i] / n[i]]);
  }
  top() {
    return Array.from(this.length, (n, i) => [this.id[i], n])
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, 10);
  }
  range({ low, high }) {
    let n = 0;
    for (const age of this.age) if (low <= age && age < high) n++;
    return [[n]];
  }
  triangles() {
    const { start, length, target, mark } = this;
    let n = 0;
    for (let a = 0; a < this.count; a++) {
      const turn = ++this.turn;
      const [from, to] = [start[a], start[a] + length[a]];
      for (let i = from; i < to; i++) mark[target[i]] = turn;
      for (let i = from; i < to; i++) {
        const b = target[i];
        for (let j = start[b], end = j + length[b]; j < end; j++) if (mark[target[j]] === turn) n++;
      }
    }
    return [[n]];
  }

  write(w) {
    if (w.kind === "age") this.age[this.place.get(w.id)] = w.age;
    else this.addTarget(this.place.get(w.a), this.place.get(w.b), w.since);
    this.commit();
  }
  addTarget(slot, to, since) {
    const length = this.length[slot];
    this.ensure(length + 1);
    this.target.copyWithin(this.used, this.start[slot], this.start[slot] + length);
    this.since.copyWithin(this.used, this.start[slot], this.start[slot] + length);
    this.start[slot] = this.used;
    this.target[this.used + length] = to;
    this.since[this.used + length] = since;
    this.used += ++this.length[slot];
  }
  ensure(more) {
    if (this.used + more <= this.target.length) return;
    const size = Math.ceil((this.used + more) * 1.2);
    const grow = (old) => {
      const bigger = new old.constructor(size);
      bigger.set(old);
      return bigger;
    };
    this.target = grow(this.target);
    this.since = grow(this.since);
  }
  rows() {
    return Array.from({ length: this.count }, (_, i) => [this.id[i], this.name_[i], this.age[i], this.city[i], this.score[i]]);
  }

  // ---- storage

  commit() {
    const { handle } = this.log;
    handle.write(this.record, { at: this.at });
    if (this.strict) handle.flush();
    this.at = this.at + 2 * this.record.length > reserved ? 0 : this.at + this.record.length;
  }
  snapshot() {
    const strings = new TextEncoder().encode(this.name_.join("\0") + "\0" + this.city.join("\0"));
    const target = this.target.subarray(0, this.used);
    const since = this.since.subarray(0, this.used);
    const header = Float64Array.of(this.count, this.used);
    this.file.replace(header, this.id, this.score, this.age, this.start, this.length, target, since, strings);
  }
  decode(bytes) {
    let at = 0;
    const take = (Type, n) => new Type(bytes.buffer, (at += n * Type.BYTES_PER_ELEMENT) - n * Type.BYTES_PER_ELEMENT, n);
    [this.count, this.used] = take(Float64Array, 2);
    this.id = take(Float64Array, this.count);
    this.score = take(Float64Array, this.count);
    this.age = take(Int32Array, this.count);
    this.start = take(Uint32Array, this.count + 1);
    this.length = take(Uint32Array, this.count);
    this.target = take(Uint32Array, this.used);
    this.since = take(Int32Array, this.used);
    const strings = new TextDecoder().decode(bytes.subarray(at)).split("\0");
    this.name_ = strings.slice(0, this.count);
    this.city = strings.slice(this.count);
    this.index();
  }
  storedBytes() {
    return storedBytes(this.name);
  }
}

// neo4j-driver's classes of values: how a value of ours becomes one, and how
// one is given back as a parameter.

import { isNode, isPath, isRelationship } from "./elements.js";
import { Integer, type Integral } from "./neo4j-integer.js";
import type { Node as OurNode, Parameter, Parameters, Path as OurPath, Relationship as OurRelationship, Value } from "./types.js";

/** How integers come back: as Integer, or as the driver's options say. */
export type Integers = "Integer" | "number" | "bigint";
/** A property, or a value in a record. */
export type Neo4jValue = any;
type Properties = { [key: string]: Neo4jValue };

/** neo4j-driver's Node: `identity` is id(), `elementId` what elementId() gives. */
export class Node<P extends Properties = Properties> {
  constructor(
    readonly identity: Neo4jValue,
    readonly labels: string[],
    readonly properties: P,
    readonly elementId: string,
  ) {}
  toString(): string {
    return `(${this.elementId}${this.labels.map((label) => `:${label}`).join("")})`;
  }
}

/** neo4j-driver's Relationship. */
export class Relationship<P extends Properties = Properties> {
  constructor(
    readonly identity: Neo4jValue,
    readonly start: Neo4jValue,
    readonly end: Neo4jValue,
    readonly type: string,
    readonly properties: P,
    readonly elementId: string,
    readonly startNodeElementId: string,
    readonly endNodeElementId: string,
  ) {}
  toString(): string {
    return `(${this.startNodeElementId})-[:${this.type}]->(${this.endNodeElementId})`;
  }
}

/** One step of a path. */
export class PathSegment {
  constructor(
    readonly start: Node,
    readonly relationship: Relationship,
    readonly end: Node,
  ) {}
}

/** neo4j-driver's Path: its ends, and a segment for each relationship. */
export class Path {
  readonly length: number;
  constructor(
    readonly start: Node,
    readonly end: Node,
    readonly segments: PathSegment[],
  ) {
    this.length = segments.length;
  }
}

/** A point: in the plane (srid 7203, 9157) or on the globe (4326, 4979; x is the longitude). */
export class Point {
  constructor(
    readonly srid: Neo4jValue,
    readonly x: number,
    readonly y: number,
    readonly z?: number,
  ) {}
  toString(): string {
    return `Point{srid=${this.srid}, x=${this.x}, y=${this.y}${this.z === undefined ? "" : `, z=${this.z}`}}`;
  }
}

// ---- temporal values: fields as in neo4j-driver, and the ISO 8601 text they are in

const digits = (value: Integral, width = 2): string => {
  const n = Integer.fromValue(value).toBigInt();
  return (n < 0n ? "-" : "") + String(n < 0n ? -n : n).padStart(width, "0");
};
const dateText = (year: Integral, month: Integral, day: Integral): string => {
  const text = digits(year, 4);
  return `${text.replace("-", "").length > 4 && !text.startsWith("-") ? "+" : ""}${text}-${digits(month)}-${digits(day)}`;
};
const timeText = (hour: Integral, minute: Integral, second: Integral, nanosecond: Integral): string =>
  `${digits(hour)}:${digits(minute)}:${digits(second)}${Integer.fromValue(nanosecond).isZero() ? "" : `.${digits(nanosecond, 9)}`}`;
const offsetText = (seconds: Integral): string => {
  const n = Integer.toNumber(seconds);
  const a = Math.abs(n);
  return n === 0 ? "Z" : `${n < 0 ? "-" : "+"}${digits(Math.floor(a / 3600))}:${digits(Math.floor(a / 60) % 60)}${a % 60 ? `:${digits(a % 60)}` : ""}`;
};
const nanoseconds = (date: globalThis.Date): number => date.getMilliseconds() * 1_000_000;

/** A day. The fields are as integers come: Integer, number or bigint. */
export class Date {
  constructor(
    readonly year: Neo4jValue,
    readonly month: Neo4jValue,
    readonly day: Neo4jValue,
  ) {}
  /** The day that a JavaScript date is on in the local time zone. */
  static fromStandardDate(date: globalThis.Date): Date {
    return new Date(date.getFullYear(), date.getMonth() + 1, date.getDate());
  }
  /** Midnight of the day in the local time zone. */
  toStandardDate(): globalThis.Date {
    const date = new globalThis.Date(0);
    date.setFullYear(Integer.toNumber(this.year), Integer.toNumber(this.month) - 1, Integer.toNumber(this.day));
    date.setHours(0, 0, 0, 0);
    return date;
  }
  toString(): string {
    return dateText(this.year, this.month, this.day);
  }
}

/** A time of day without a time zone. */
export class LocalTime {
  constructor(
    readonly hour: Neo4jValue,
    readonly minute: Neo4jValue,
    readonly second: Neo4jValue,
    readonly nanosecond: Neo4jValue,
  ) {}
  static fromStandardDate(date: globalThis.Date, nanosecond: Integral = 0): LocalTime {
    return new LocalTime(date.getHours(), date.getMinutes(), date.getSeconds(), nanoseconds(date) + Integer.toNumber(nanosecond));
  }
  toString(): string {
    return timeText(this.hour, this.minute, this.second, this.nanosecond);
  }
}

/** A time of day with an offset from UTC. */
export class Time {
  constructor(
    readonly hour: Neo4jValue,
    readonly minute: Neo4jValue,
    readonly second: Neo4jValue,
    readonly nanosecond: Neo4jValue,
    readonly timeZoneOffsetSeconds: Neo4jValue,
  ) {}
  static fromStandardDate(date: globalThis.Date, nanosecond: Integral = 0): Time {
    return new Time(date.getHours(), date.getMinutes(), date.getSeconds(), nanoseconds(date) + Integer.toNumber(nanosecond), -60 * date.getTimezoneOffset());
  }
  toString(): string {
    return timeText(this.hour, this.minute, this.second, this.nanosecond) + offsetText(this.timeZoneOffsetSeconds);
  }
}

/** A day and a time without a time zone. */
export class LocalDateTime {
  constructor(
    readonly year: Neo4jValue,
    readonly month: Neo4jValue,
    readonly day: Neo4jValue,
    readonly hour: Neo4jValue,
    readonly minute: Neo4jValue,
    readonly second: Neo4jValue,
    readonly nanosecond: Neo4jValue,
  ) {}
  static fromStandardDate(date: globalThis.Date, nanosecond: Integral = 0): LocalDateTime {
    return new LocalDateTime(date.getFullYear(), date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds(), nanoseconds(date) + Integer.toNumber(nanosecond));
  }
  toStandardDate(): globalThis.Date {
    const [year, month, day, hour, minute, second, nanosecond] = Object.values(this).map(Integer.toNumber);
    const date = new globalThis.Date(0);
    date.setFullYear(year, month - 1, day);
    date.setHours(hour, minute, second, Math.floor(nanosecond / 1_000_000));
    return date;
  }
  toString(): string {
    return `${dateText(this.year, this.month, this.day)}T${timeText(this.hour, this.minute, this.second, this.nanosecond)}`;
  }
}

/** A moment, with an offset from UTC and perhaps the name of a time zone. */
export class DateTime {
  constructor(
    readonly year: Neo4jValue,
    readonly month: Neo4jValue,
    readonly day: Neo4jValue,
    readonly hour: Neo4jValue,
    readonly minute: Neo4jValue,
    readonly second: Neo4jValue,
    readonly nanosecond: Neo4jValue,
    readonly timeZoneOffsetSeconds: Neo4jValue = 0,
    readonly timeZoneId?: string | null,
  ) {}
  static fromStandardDate(date: globalThis.Date, nanosecond: Integral = 0): DateTime {
    const { year, month, day, hour, minute, second, nanosecond: ns } = LocalDateTime.fromStandardDate(date, nanosecond);
    return new DateTime(year, month, day, hour, minute, second, ns, -60 * date.getTimezoneOffset());
  }
  /** The same moment, to the millisecond. */
  toStandardDate(): globalThis.Date {
    const [year, month, day, hour, minute, second, nanosecond] = Object.values(this).slice(0, 7).map(Integer.toNumber);
    const date = new globalThis.Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, Math.floor(nanosecond / 1_000_000));
    return new globalThis.Date(date.getTime() - 1000 * Integer.toNumber(this.timeZoneOffsetSeconds));
  }
  toString(): string {
    const local = `${dateText(this.year, this.month, this.day)}T${timeText(this.hour, this.minute, this.second, this.nanosecond)}`;
    return `${local}${offsetText(this.timeZoneOffsetSeconds)}${this.timeZoneId ? `[${this.timeZoneId}]` : ""}`;
  }
}

/** Months, days, seconds and nanoseconds, each by itself. */
export class Duration {
  constructor(
    readonly months: Neo4jValue,
    readonly days: Neo4jValue,
    readonly seconds: Neo4jValue,
    readonly nanoseconds: Neo4jValue,
  ) {}
  toString(): string {
    const total = Integer.fromValue(this.seconds).toBigInt() * 1_000_000_000n + Integer.fromValue(this.nanoseconds).toBigInt();
    const [whole, rest] = [total / 1_000_000_000n, total % 1_000_000_000n];
    const fraction = rest ? `.${String(rest < 0n ? -rest : rest).padStart(9, "0")}` : "";
    return `P${Integer.toString(this.months)}M${Integer.toString(this.days)}DT${whole === 0n && rest < 0n ? "-" : ""}${whole}${fraction}S`;
  }
}

// ---- from ours

/** Makes neo4j-driver's values; Integers must have come as bigints. */
export class Reader {
  constructor(private readonly integers: Integers) {}

  integer(value: bigint | number): Neo4jValue {
    if (this.integers === "bigint") return BigInt(value);
    return this.integers === "number" ? Number(value) : Integer.fromValue(value);
  }

  value(value: Value): Neo4jValue {
    if (typeof value === "bigint") return this.integer(value);
    if (typeof value !== "object" || value === null || value instanceof Float32Array) return value;
    if (value instanceof Uint8Array) return new Int8Array(value.buffer, value.byteOffset, value.byteLength);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (isNode(value)) return this.node(value);
    if (isRelationship(value)) return this.relationship(value);
    if (isPath(value)) return this.path(value);
    const [key, ...more] = Object.keys(value);
    if (key?.startsWith("$") && !more.length) {
      const special = this.special(key, (value as { [key: string]: Value })[key]);
      if (special !== undefined) return special;
    }
    return this.properties(value as { [key: string]: Value });
  }

  private properties(map: { [key: string]: Value }): Properties {
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, this.value(value)]));
  }
  /** The counter in an element's id. */
  private identity(id: string): Neo4jValue {
    return this.integer(BigInt(id.slice(id.lastIndexOf(":") + 1)));
  }
  private node({ id, labels, properties }: OurNode): Node {
    return new Node(this.identity(id), labels, this.properties(properties), id);
  }
  private relationship({ id, type, start, end, properties }: OurRelationship): Relationship {
    return new Relationship(this.identity(id), this.identity(start), this.identity(end), type, this.properties(properties), id, start, end);
  }
  private path({ nodes, relationships }: OurPath): Path {
    const all = nodes.map((node) => this.node(node));
    return new Path(all[0], all[all.length - 1], relationships.map((rel, i) => new PathSegment(all[i], this.relationship(rel), all[i + 1])));
  }

  private special(key: string, content: Value): Neo4jValue {
    if (key === "$point") {
      const { srid, x, y, z } = content as { srid: number; x: number; y: number; z?: number };
      return new Point(this.integer(srid), x, y, z);
    }
    const text = String(content);
    if (key === "$duration") return this.duration(text);
    const found = /^(?:([+-]?\d+)-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(Z|[+-]\d\d:\d\d(?::\d\d)?)?(?:\[(.+)\])?$/.exec(text);
    if (!found) return;
    const n = (i: number) => this.integer(BigInt(found[i] ?? 0));
    const date = [n(1), n(2), n(3)] as const;
    const time = [n(4), n(5), n(6), this.integer(BigInt((found[7] ?? "").padEnd(9, "0")))] as const;
    const offset = this.integer(offsetOf(found[8]));
    if (key === "$date") return new Date(...date);
    if (key === "$localtime") return new LocalTime(...time);
    if (key === "$time") return new Time(...time, offset);
    if (key === "$localdatetime") return new LocalDateTime(...date, ...time);
    if (key === "$datetime") return new DateTime(...date, ...time, offset, found[9]);
  }

  private duration(text: string): Duration | undefined {
    const found = /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?)?$/.exec(text);
    if (!found) return;
    const n = (i: number) => BigInt(found[i] ?? 0);
    const sign = found[7] === "-" ? -1n : 1n;
    const nanos = sign * (n(8) * 1_000_000_000n + BigInt((found[9] ?? "").padEnd(9, "0"))) + (n(5) * 3600n + n(6) * 60n) * 1_000_000_000n;
    const rest = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n; // nanoseconds are never below 0
    const parts = [n(1) * 12n + n(2), n(3) * 7n + n(4), (nanos - rest) / 1_000_000_000n, rest].map((part) => this.integer(part));
    return new Duration(parts[0], parts[1], parts[2], parts[3]);
  }
}

function offsetOf(text: string | undefined): number {
  if (!text || text === "Z") return 0;
  const [hours, minutes, seconds = 0] = text.slice(1).split(":").map(Number);
  return (text[0] === "-" ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

// ---- to ours

/** Parameters as this engine takes them: a number is a Float, as in neo4j-driver, and an Integer an Integer. */
export function toParameters(parameters: { [name: string]: unknown } | undefined): Parameters {
  return Object.fromEntries(Object.entries(parameters ?? {}).map(([name, value]) => [name, toParameter(value)]));
}

function toParameter(value: unknown): Parameter {
  if (typeof value === "number") return { $float: value };
  if (typeof value !== "object" || value === null) return value as Parameter;
  if (value instanceof Integer) return value.toBigInt();
  if (value instanceof Date) return { $date: value.toString() };
  if (value instanceof LocalTime) return { $localtime: value.toString() };
  if (value instanceof Time) return { $time: value.toString() };
  if (value instanceof LocalDateTime) return { $localdatetime: value.toString() };
  if (value instanceof DateTime) return { $datetime: value.toString() };
  if (value instanceof Duration) return { $duration: value.toString() };
  if (value instanceof Point) return { $point: { srid: Integer.toNumber(value.srid), x: value.x, y: value.y, ...(value.z === undefined ? {} : { z: value.z }) } };
  if (value instanceof Int8Array) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (Array.isArray(value)) return value.map(toParameter);
  if (value instanceof globalThis.Date || ArrayBuffer.isView(value)) return value as Parameter;
  return toParameters(value as { [name: string]: unknown });
}

// neo4j-driver's Integer: 64 bits as two halves of 32, for code that was
// written for it. BigInt does the work.

const minimum = -(2n ** 63n);
const maximum = 2n ** 63n - 1n;

/** What can be made an Integer. */
export type Integral = number | string | bigint | Integer | { low: number; high: number };

/** A whole number of 64 bits; what is beyond wraps around, as in neo4j-driver. */
export class Integer {
  /** The lower and the upper 32 bits, both signed. */
  readonly low: number;
  readonly high: number;

  constructor(low = 0, high = 0) {
    this.low = low | 0;
    this.high = high | 0;
  }

  static readonly ZERO = Integer.fromNumber(0);
  static readonly ONE = Integer.fromNumber(1);
  static readonly NEG_ONE = Integer.fromNumber(-1);
  static readonly MIN_VALUE = Integer.fromBigInt(minimum);
  static readonly MAX_VALUE = Integer.fromBigInt(maximum);
  static readonly MIN_SAFE_VALUE = Integer.fromNumber(Number.MIN_SAFE_INTEGER);
  static readonly MAX_SAFE_VALUE = Integer.fromNumber(Number.MAX_SAFE_INTEGER);

  static fromBigInt(value: bigint): Integer {
    return new Integer(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  }
  static fromInt(value: number): Integer {
    return Integer.fromBigInt(BigInt(value | 0));
  }
  /** The whole part; NaN is 0, and what is too large the nearest there is. */
  static fromNumber(value: number): Integer {
    if (Number.isNaN(value)) return new Integer();
    if (value >= 2 ** 63) return Integer.fromBigInt(maximum);
    if (value <= -(2 ** 63)) return Integer.fromBigInt(minimum);
    return Integer.fromBigInt(BigInt(Math.trunc(value)));
  }
  static fromBits(low: number, high: number): Integer {
    return new Integer(low, high);
  }
  static fromString(text: string, radix = 10): Integer {
    const parsed = /^([+-]?)(\w+)$/.exec(text.trim());
    if (!parsed) throw new Error(`${JSON.stringify(text)} is no whole number`);
    let value = 0n;
    for (const digit of parsed[2].toLowerCase()) {
      const worth = Number.parseInt(digit, radix);
      if (Number.isNaN(worth)) throw new Error(`${JSON.stringify(text)} is no whole number to the base of ${radix}`);
      value = value * BigInt(radix) + BigInt(worth);
    }
    return Integer.fromBigInt(parsed[1] === "-" ? -value : value);
  }
  static fromValue(value: Integral): Integer {
    if (value instanceof Integer) return value;
    if (typeof value === "number") return Integer.fromNumber(value);
    if (typeof value === "string") return Integer.fromString(value);
    if (typeof value === "bigint") return Integer.fromBigInt(value);
    return new Integer(value.low, value.high);
  }
  static isInteger(value: unknown): value is Integer {
    return value instanceof Integer;
  }
  /** Whether a number can hold it exactly. */
  static inSafeRange(value: Integral): boolean {
    return Integer.fromValue(value).inSafeRange();
  }
  static toNumber(value: Integral): number {
    return Integer.fromValue(value).toNumber();
  }
  static toString(value: Integral, radix?: number): string {
    return Integer.fromValue(value).toString(radix);
  }

  toBigInt(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low >>> 0);
  }
  toNumber(): number {
    return Number(this.toBigInt());
  }
  /** The lower 32 bits. */
  toInt(): number {
    return this.low;
  }
  /** A number where one is exact, else Infinity or -Infinity. */
  toNumberOrInfinity(): number {
    return this.inSafeRange() ? this.toNumber() : this.isNegative() ? -Infinity : Infinity;
  }
  toString(radix = 10): string {
    return this.toBigInt().toString(radix);
  }
  toJSON(): string {
    return this.toString();
  }
  valueOf(): bigint {
    return this.toBigInt();
  }

  inSafeRange(): boolean {
    return Number.isSafeInteger(this.toNumber());
  }
  isZero(): boolean {
    return this.low === 0 && this.high === 0;
  }
  isNegative(): boolean {
    return this.high < 0;
  }
  isPositive(): boolean {
    return this.high >= 0;
  }
  isOdd(): boolean {
    return (this.low & 1) === 1;
  }
  isEven(): boolean {
    return !this.isOdd();
  }

  equals(other: Integral): boolean {
    return this.compare(other) === 0;
  }
  notEquals(other: Integral): boolean {
    return !this.equals(other);
  }
  /** -1, 0 or 1. */
  compare(other: Integral): number {
    const [a, b] = [this.toBigInt(), Integer.fromValue(other).toBigInt()];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  lessThan(other: Integral): boolean {
    return this.compare(other) < 0;
  }
  lessThanOrEqual(other: Integral): boolean {
    return this.compare(other) <= 0;
  }
  greaterThan(other: Integral): boolean {
    return this.compare(other) > 0;
  }
  greaterThanOrEqual(other: Integral): boolean {
    return this.compare(other) >= 0;
  }

  negate(): Integer {
    return Integer.fromBigInt(-this.toBigInt());
  }
  add(other: Integral): Integer {
    return this.with(other, (a, b) => a + b);
  }
  subtract(other: Integral): Integer {
    return this.with(other, (a, b) => a - b);
  }
  multiply(other: Integral): Integer {
    return this.with(other, (a, b) => a * b);
  }
  /** Towards zero; by zero it throws. */
  div(other: Integral): Integer {
    return this.with(other, (a, b) => a / b);
  }
  /** What `div` leaves, with the sign of this. */
  modulo(other: Integral): Integer {
    return this.with(other, (a, b) => a % b);
  }
  and(other: Integral): Integer {
    return this.with(other, (a, b) => a & b);
  }
  or(other: Integral): Integer {
    return this.with(other, (a, b) => a | b);
  }
  xor(other: Integral): Integer {
    return this.with(other, (a, b) => a ^ b);
  }
  not(): Integer {
    return Integer.fromBigInt(~this.toBigInt());
  }

  private with(other: Integral, combine: (a: bigint, b: bigint) => bigint): Integer {
    return Integer.fromBigInt(combine(this.toBigInt(), Integer.fromValue(other).toBigInt()));
  }
}

/** An Integer of a number, a bigint, a string of digits or another Integer. */
export const int = Integer.fromValue;
/** Whether a value is an Integer. */
export const isInt = Integer.isInteger;
/** Whether a number can hold an Integer exactly. */
export const inSafeRange = Integer.inSafeRange;
/** The number that is nearest to an Integer. */
export const toNumber = Integer.toNumber;

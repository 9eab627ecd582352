// Temporal values as one-key objects around their ISO 8601 text, in the form
// openCypher prints them: {$date: "1984-10-11"}.

import { PocketGraphError } from "./errors.js";
import type { Temporal } from "./types.js";
import { Tag, type Writer } from "./wire.js";

const day = 86400n;

// ---- to text

const pad = (n: number, width = 2) => String(n).padStart(width, "0");

function dateText(days: number): string {
  const [year, month, d] = civil(days);
  const sign = year < 0 ? "-" : year > 9999 ? "+" : "";
  return `${sign}${pad(Math.abs(year), 4)}-${pad(month)}-${pad(d)}`;
}

function clockText(seconds: number, nanos: number): string {
  const s = seconds % 60;
  const head = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}`;
  return s || nanos ? `${head}:${pad(s)}${fraction(nanos)}` : head;
}

function fraction(nanos: number): string {
  return nanos ? `.${pad(nanos, 9).replace(/0+$/, "")}` : "";
}

function offsetText(offset: number): string {
  if (!offset) return "Z";
  const a = Math.abs(offset);
  const seconds = a % 60 ? `:${pad(a % 60)}` : "";
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(a / 3600))}:${pad(Math.floor(a / 60) % 60)}${seconds}`;
}

/** The seconds of the calendar's ends are beyond what a number holds exactly; its days are not. */
function secondsText(seconds: bigint, nanos: number): string {
  const rest = ((seconds % day) + day) % day;
  return `${dateText(Number((seconds - rest) / day))}T${clockText(Number(rest), nanos)}`;
}

function timeText(nanos: bigint): string {
  return clockText(Number(nanos / 1000000000n), Number(nanos % 1000000000n));
}

export const dateOf = (days: bigint): Temporal => ({ $date: dateText(Number(days)) });
export const localTimeOf = (nanos: bigint): Temporal => ({ $localtime: timeText(nanos) });
export const timeOf = (nanos: bigint, offset: number): Temporal => ({ $time: timeText(nanos) + offsetText(offset) });
export const localDateTimeOf = (seconds: bigint, nanos: number): Temporal => ({ $localdatetime: secondsText(seconds, nanos) });

export function dateTimeOf(seconds: bigint, nanos: number, offset: number, zone: string): Temporal {
  return { $datetime: secondsText(seconds + BigInt(offset), nanos) + offsetText(offset) + (zone && `[${zone}]`) };
}

export function durationOf(months: bigint, days: bigint, seconds: bigint, nanos: number): Temporal {
  // The nanoseconds count up from the seconds; printed, both have one sign.
  const negative = seconds < 0n && nanos > 0;
  const whole = negative ? seconds + 1n : seconds;
  const part = negative ? 1e9 - nanos : nanos;
  const s = whole % 60n;
  const last = s || part ? `${negative && !s ? "-" : ""}${s}${fraction(part)}S` : "";
  const unit = (n: bigint, name: string) => (n ? `${n}${name}` : "");
  const date = unit(months / 12n, "Y") + unit(months % 12n, "M") + unit(days, "D");
  const time = unit(whole / 3600n, "H") + unit((whole / 60n) % 60n, "M") + last;
  return { $duration: date || time ? `P${date}${time && `T${time}`}` : "PT0S" };
}

// ---- from text

const datePattern = "(\\d{4}|[+-]\\d{4,9})-(\\d\\d)-(\\d\\d)";
const clockPattern = "(\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d{1,9}))?)?";
const offsetPattern = "(Z|[+-]\\d\\d(?::?\\d\\d(?::\\d\\d)?)?)";
const durationNumber = (unit: string) => `(?:([+-]?\\d+)${unit})?`;

const shapes: { [key: string]: RegExp } = {
  $date: RegExp(`^${datePattern}$`),
  $localtime: RegExp(`^${clockPattern}$`),
  $time: RegExp(`^${clockPattern}${offsetPattern}$`),
  $localdatetime: RegExp(`^${datePattern}T${clockPattern}$`),
  $datetime: RegExp(`^${datePattern}T${clockPattern}${offsetPattern}(?:\\[([A-Za-z][\\w/+-]{0,63})\\])?$`),
  $duration: RegExp(
    `^P(?=.)${["Y", "M", "W", "D"].map(durationNumber).join("")}(?:T(?=.)${["H", "M"].map(durationNumber).join("")}(?:([+-]?)(\\d+)(?:\\.(\\d{1,9}))?S)?)?$`,
  ),
};

/** Writes the value when `key` is one of the temporal kinds, and says whether it was. `what` names the place for errors. */
export function encodeTemporal(w: Writer, key: string, text: string, what: () => string): boolean {
  if (!Object.hasOwn(shapes, key)) return false;
  const m = shapes[key].exec(text);
  if (!m) throw malformed(key, text, what);
  switch (key) {
    case "$date":
      w.u8(Tag.date);
      w.i64(BigInt(parseDate(m, 1, key, text, what)));
      break;
    case "$localtime":
      w.u8(Tag.localTime);
      w.i64(nanosOfDay(m, 1, key, text, what));
      break;
    case "$time":
      w.u8(Tag.time);
      w.i64(nanosOfDay(m, 1, key, text, what));
      w.i32(parseOffset(m[5], key, text, what));
      break;
    case "$localdatetime":
      w.u8(Tag.localDateTime);
      w.i64(localSeconds(m, key, text, what));
      w.i32(nanosOf(m[7]));
      break;
    case "$datetime": {
      const offset = parseOffset(m[8], key, text, what);
      w.u8(Tag.dateTime);
      w.i64(localSeconds(m, key, text, what) - BigInt(offset));
      w.i32(nanosOf(m[7]));
      w.i32(offset);
      w.string(m[9] ?? "");
      break;
    }
    default:
      encodeDuration(w, m, key, text, what);
  }
  return true;
}

function encodeDuration(w: Writer, m: RegExpExecArray, key: string, text: string, what: () => string): void {
  const n = (i: number) => BigInt(m[i] ?? 0);
  const negative = m[7] === "-";
  const nanos = nanosOf(m[9]);
  const whole = negative ? -n(8) : n(8);
  const borrow = negative && nanos > 0;
  const parts = [n(1) * 12n + n(2), n(3) * 7n + n(4), n(5) * 3600n + n(6) * 60n + whole - (borrow ? 1n : 0n)];
  if (parts.some((part) => BigInt.asIntN(64, part) !== part)) throw malformed(key, text, what);
  w.u8(Tag.duration);
  for (const part of parts) w.i64(part);
  w.i32(borrow ? 1e9 - nanos : nanos);
}

function parseDate(m: RegExpExecArray, at: number, key: string, text: string, what: () => string): number {
  const [year, month, d] = [Number(m[at]), Number(m[at + 1]), Number(m[at + 2])];
  const days = daysOf(year, month, d);
  const [y2, m2, d2] = civil(days); // 30 February comes back as another day
  if (month < 1 || month > 12 || y2 !== year || m2 !== month || d2 !== d) throw malformed(key, text, what);
  return days;
}

function secondsOfDay(m: RegExpExecArray, at: number, key: string, text: string, what: () => string): number {
  const [h, min, s] = [Number(m[at]), Number(m[at + 1]), Number(m[at + 2] ?? 0)];
  if (h > 23 || min > 59 || s > 59) throw malformed(key, text, what);
  return h * 3600 + min * 60 + s;
}

function nanosOfDay(m: RegExpExecArray, at: number, key: string, text: string, what: () => string): bigint {
  return BigInt(secondsOfDay(m, at, key, text, what)) * 1000000000n + BigInt(nanosOf(m[at + 3]));
}

function localSeconds(m: RegExpExecArray, key: string, text: string, what: () => string): bigint {
  return BigInt(parseDate(m, 1, key, text, what)) * day + BigInt(secondsOfDay(m, 4, key, text, what));
}

const nanosOf = (digits: string | undefined) => (digits ? Number(digits.padEnd(9, "0")) : 0);

function parseOffset(offset: string, key: string, text: string, what: () => string): number {
  if (offset === "Z") return 0;
  const digits = offset.slice(1).replaceAll(":", "").padEnd(6, "0");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4));
  if (seconds > 18 * 3600 || Number(digits.slice(2, 4)) > 59 || Number(digits.slice(4)) > 59) throw malformed(key, text, what);
  return offset[0] === "-" ? -seconds : seconds;
}

function malformed(key: string, text: string, what: () => string): PocketGraphError {
  return new PocketGraphError("INVALID_ARGUMENT", `${what()} is ${JSON.stringify({ [key]: text })}, which is no ${key.slice(1)} in ISO 8601`);
}

// ---- the proleptic Gregorian calendar, by eras of 400 years that begin on 1 March

function daysOf(year: number, month: number, d: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + d - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

function civil(days: number): [year: number, month: number, day: number] {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1];
}

// Small things about text that several modules need.

/** A text that two equal values share, and others do not. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, v) => {
    if (typeof v === "bigint") return { $: `${v}n` };
    if (typeof v === "number" && (!Number.isFinite(v) || Object.is(v, -0))) return { $: Object.is(v, -0) ? "-0" : `${v}` };
    return ArrayBuffer.isView(v) ? { $: v.constructor.name, a: [...(v as unknown as number[])] } : v;
  });
}

/** The text as UTF-8 can hold it: half a surrogate pair becomes U+FFFD. */
export function wellFormed(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

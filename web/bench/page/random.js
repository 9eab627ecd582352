// Numbers without pattern that are the same in every run and every worker.

/** From 0 to 2^32-1: the finalizer of MurmurHash3 over a counter. */
export function hash(i, salt) {
  let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** From 0 up to, not including, 1. */
export const fraction = (i, salt) => hash(i, salt) / 2 ** 32;

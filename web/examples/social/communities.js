// Communities by greedy modularity (Clauset, Newman, Moore 2004): everybody
// begins alone, and the two communities whose joining raises the modularity most
// are joined, until none does. Fast enough for some hundreds of people.

/** From pairs of names to rows [name, community]; the largest community is 0. */
export function communities(pairs) {
  const joined = new Map(); // community → its members
  const between = new Map(); // community → (other community → friendships between them)
  const degree = new Map(); // community → ends of friendships in it
  for (const name of new Set(pairs.flat())) {
    joined.set(name, [name]);
    between.set(name, new Map());
    degree.set(name, 0);
  }
  const count = (a, b, n) => between.get(a).set(b, (between.get(a).get(b) ?? 0) + n);
  for (const [a, b] of pairs) {
    count(a, b, 1);
    count(b, a, 1);
    degree.set(a, degree.get(a) + 1);
    degree.set(b, degree.get(b) + 1);
  }
  const ends = 2 * pairs.length;
  const gain = (a, b, n) => (2 * n) / ends - (2 * degree.get(a) * degree.get(b)) / ends ** 2;

  for (;;) {
    let best = { gain: 0 };
    for (const [a, others] of between) {
      for (const [b, n] of others) if (a !== b && gain(a, b, n) > best.gain) best = { gain: gain(a, b, n), a, b };
    }
    if (best.gain <= 1e-12) break;
    const { a, b } = best;
    for (const [other, n] of between.get(b)) {
      between.get(other)?.delete(b);
      if (other === a || other === b) continue;
      count(a, other, n);
      count(other, a, n);
    }
    between.delete(b);
    between.get(a).delete(b);
    degree.set(a, degree.get(a) + degree.get(b));
    joined.set(a, [...joined.get(a), ...joined.get(b)]);
    joined.delete(b);
  }
  const sorted = [...joined.values()].map((names) => names.sort()).sort((a, b) => b.length - a.length || a[0].localeCompare(b[0]));
  return sorted.flatMap((names, community) => names.map((name) => [name, community]));
}

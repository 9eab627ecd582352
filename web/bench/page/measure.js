// Timing. The server isolates the page, so the clock ticks every 5 µs.

/** What a thread sleeps on. The page is isolated, so it may. */
const bed = globalThis.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : null;
/** How long a loop goes on before the event loop gets a turn: flushes on a timer and collectors then have theirs. */
const turnTime = 8;

const { port1, port2 } = new MessageChannel();
let wake;
port1.onmessage = () => wake();
const turn = () => new Promise((resolve) => ((wake = resolve), port2.postMessage(0)));

/**
 * Calls one(k) for k = from, from+1, … until `milliseconds` are over, at least
 * `least` times; it may return a promise, and the next call waits for it.
 * The clock is looked at as seldom as the calls are short. Returns the first
 * `keep` answers.
 */
export async function rate(one, { from = 0, milliseconds, least = 1, keep = 0 }) {
  const kept = [];
  const begun = performance.now();
  let [now, turned, calls, batch] = [begun, begun, 0, 1];
  while (calls < least || now - begun < milliseconds) {
    // Without a time it is exactly `least` calls.
    for (const end = milliseconds ? calls + batch : Math.min(calls + batch, least); calls < end; calls++) {
      let answer = one(from + calls);
      if (answer instanceof Promise) answer = await answer;
      if (calls < keep) kept.push(answer);
    }
    const then = now;
    now = performance.now();
    if (now - then < 1) batch *= 2;
    else if (now - then > 4 && batch > 1) batch >>= 1;
    if (now - turned > turnTime) {
      await turn();
      turned = now;
    }
  }
  const spent = performance.now() - begun;
  return { calls, milliseconds: spent, perSecond: (1000 * calls) / spent, kept };
}

/**
 * The same with the time of each call: a rate, and in milliseconds the median,
 * the 99th percentile and the longest. Before each the thread computes for
 * `thinking` and sleeps for `sleeping` milliseconds, which are in the rate only.
 */
export async function latencies(one, { from = 0, milliseconds, until, thinking = 0, sleeping = 0 }) {
  const times = [];
  const begun = performance.now();
  let now = begun;
  let turned = begun;
  const over = () => (until ? until() : now - begun >= milliseconds);
  for (let k = from; !over(); k++) {
    for (const end = performance.now() + thinking; performance.now() < end; );
    if (sleeping) Atomics.wait(bed, 0, 0, sleeping);
    const before = performance.now();
    const answer = one(k);
    if (answer instanceof Promise) await answer;
    now = performance.now();
    times.push(now - before);
    if (now - turned > turnTime) {
      await turn();
      turned = now;
    }
  }
  return { perSecond: (1000 * times.length) / (now - begun), ...quantiles(times) };
}

export function quantiles(times) {
  const sorted = Float64Array.from(times).sort();
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { calls: sorted.length, p50: at(0.5), p99: at(0.99), longest: at(1) };
}

/** Keeps `flight` calls going. Rate only. */
export async function inFlight(one, flight, milliseconds) {
  let done = 0;
  const begun = performance.now();
  const caller = async () => {
    while (performance.now() - begun < milliseconds) await one(done++);
  };
  await Promise.all(Array.from({ length: flight }, caller));
  return (1000 * done) / (performance.now() - begun);
}

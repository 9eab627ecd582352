// The page's end of a measuring worker.

/** Starts worker.js; every method of its Bench is an async method of what this returns. */
export function remote() {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data: { id, answer, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(answer);
  };
  worker.onerror = ({ message }) => waiting.forEach(({ reject }) => reject(new Error(`the worker failed: ${message}`)));
  const ask = (method, ...args) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      worker.postMessage({ id: last, method, args });
    });
  return new Proxy({}, { get: (_, name) => (name === "then" ? undefined : name === "terminate" ? () => worker.terminate() : (...args) => ask(name, ...args)) });
}

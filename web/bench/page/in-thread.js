// The package in one thread: what its page module takes for a worker is the
// package's worker module run here, and messages are calls. Nothing of the
// package is changed or left out but the border between threads.

let current = null;

Object.defineProperty(self, "onmessage", {
  configurable: true,
  get: () => current.handler,
  set: (handler) => current.listen(handler),
});
self.postMessage = (data, transfer) => current.onmessage?.({ data: passed(data, transfer) });

/** What is not given away is copied. */
const passed = (data, transfer) => (data instanceof ArrayBuffer && !transfer ? data.slice(0) : data);

let count = 0;

/** For the option createWorker of the package. One engine at a time. */
export function createWorker() {
  return (current = new Here());
}

class Here {
  onmessage = null;
  onerror = null;
  handler = null;
  waiting = [];

  constructor() {
    // Another address is another instance of the module.
    import(`/dist/worker.js?${count++}`).catch((error) => this.onerror?.({ preventDefault() {}, message: String(error) }));
  }
  listen(handler) {
    this.handler = handler;
    queueMicrotask(() => this.waiting.splice(0).forEach((data) => this.handler({ data })));
  }
  postMessage(message, transfer) {
    const data = passed(message, transfer);
    if (this.handler && !this.waiting.length) this.handler({ data });
    else this.waiting.push(data);
  }
  // A thread cannot end a part of itself: a closed engine has let go of its files and is idle.
  terminate() {}
}

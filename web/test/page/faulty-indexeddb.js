// A worker whose IndexedDB does what browsers do on bad days; what, is said over
// the channel "indexeddb:TAB". Each fault is met once, but "broken", which lasts.
import "/node_modules/pocketgraph/dist/worker.js";

let fault = "";
let transactions = 0;
const channel = new BroadcastChannel(`indexeddb:${new URL(self.location.href).searchParams.get("tab")}`);
channel.onmessage = ({ data }) => {
  fault = data;
  channel.postMessage(`${data}: ${transactions}`);
};

const { transaction } = IDBDatabase.prototype;
const { open } = IDBFactory.prototype;
const lost = () => new DOMException("Connection to Indexed Database server lost. Refresh the page to try again", "UnknownError");

IDBFactory.prototype.open = function (...args) {
  if (fault === "broken") throw lost();
  return open.apply(this, args);
};

IDBDatabase.prototype.transaction = function (stores, mode, options) {
  if (mode !== "readwrite" || !fault) return transaction.call(this, stores, mode, options);
  transactions++;
  const meant = fault;
  if (fault !== "broken") fault = "";
  switch (meant) {
    case "closing": // the connection has gone, and says so
      this.close();
      this.onclose?.(new Event("close"));
      return transaction.call(this, stores, mode, options);
    case "aborted": { // it breaks off, and nothing of it is there
      const tx = transaction.call(this, stores, mode, options);
      queueMicrotask(() => tx.abort());
      return tx;
    }
    case "committed": { // it is there, and the connection is lost before that is told
      const tx = transaction.call(this, stores, mode, options);
      const handlers = {};
      for (const name of ["oncomplete", "onabort"]) Object.defineProperty(tx, name, { set: (f) => (handlers[name] = f) });
      tx.addEventListener("complete", () => (this.close(), handlers.onabort()));
      return tx;
    }
    default: { // "broken": the last one may be there or not
      const tx = transaction.call(this, stores, mode, options);
      queueMicrotask(() => tx.abort());
      return tx;
    }
  }
};

// Put before the source of a worker that a test starts: it speaks with the
// test through a port, because the page made it. postMessage and onmessage are
// the ones it would use anyway.
addEventListener("message", (event) => {
  event.stopImmediatePropagation();
  const port = event.ports[0];
  self.postMessage = (message, transfer) => port.postMessage(message, transfer ?? []);
  port.onmessage = (e) => self.onmessage?.(e);
}, { once: true });

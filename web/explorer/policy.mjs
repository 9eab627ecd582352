// The content security policy the explorer works under. Everything comes from
// its own origin, and nothing is loosened:
//   script-src 'wasm-unsafe-eval'  compiles the engine; it does not allow eval()
//   img-src data: blob:            icons drawn in CSS
// No 'unsafe-inline' for styles: the editor sits in a shadow root, where
// CodeMirror takes constructed style sheets, and everything else sets styles
// through the CSSOM, which the policy does not concern.
export const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

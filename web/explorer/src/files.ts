// Files that come into the page and go out of it.

import { h } from "./dom.js";

/** Hands a file to the browser's downloads. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the download has begun by then
}

/** Lets the reader choose a file; nothing happens when none is chosen. */
export function choose(accept: string, then: (file: File) => void): void {
  const input = h("input", { type: "file", accept });
  input.addEventListener("change", () => input.files?.[0] && then(input.files[0]));
  input.click();
}

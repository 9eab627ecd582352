// What the plugins for bundlers have in common: how a module of the package refers to the files beside it.

/** Where in the code a file is referred to; it is minified, so there is one way to write it. */
export const reference = (name: string): string => `new URL("./${name}",import.meta.url)`;
/** The files that this code refers to: none if it is not of the package, which begins with its licence. */
export function referred(code: string): string[] {
  if (!code.startsWith("/* PocketGraph")) return [];
  return [...new Set([...code.matchAll(/new URL\("\.\/([\w.-]+)",import\.meta\.url\)/g)].map(([, name]) => name))];
}

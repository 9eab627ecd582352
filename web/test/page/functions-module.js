// A module of functions that the engine's worker imports.
export const slug = (title) => title.toLowerCase().replaceAll(" ", "-");
export const where = () => typeof document;
export const later = async (x) => new Promise((done) => setTimeout(() => done(x * 2), 5));
export const fails = () => {
  throw new Error("no luck in the worker");
};
export const total = (rows) => rows.map((row) => row.reduce((a, b) => a + b, 0));
export const label = (node) => node.labels[0];
export function* unused() {}
export default (text) => [...text].map((letter, at) => ({ at, letter }));

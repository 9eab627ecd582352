// A worker in a browser that lacks parts of OPFS: ?lack=Class.method, several times if need be; or of IndexedDB: ?lack=indexedDB.
for (const lack of new URL(self.location.href).searchParams.getAll("lack")) {
  const [name, method] = lack.split(".");
  if (!method) {
    Object.defineProperty(self, name, { value: undefined });
    continue;
  }
  delete self[name].prototype[method];
  if (method in self[name].prototype) throw new Error(`${lack} cannot be taken away`);
}

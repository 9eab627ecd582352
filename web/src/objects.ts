// Plain objects from names that anybody may have chosen. A name such as
// __proto__ must become a property like any other, and one that
// Object.prototype has must not run a setter somebody put there.

/** Sets an own property, whatever the name. */
export function setOwn(object: object, name: string, value: unknown): void {
  if (name in object) Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  else (object as any)[name] = value; // on no prototype either: this makes an own property
}

/**
 * An object with these properties, all null, to be copied for each row: a copy
 * by spreading makes own properties, and storing into an own property looks
 * at no prototype.
 */
export function rowTemplate(names: readonly string[]): { [name: string]: any } {
  return Object.fromEntries(names.map((name) => [name, null]));
}

export { open, create, recover, destroy, list } from "./open.js";
export { storageInfo, requestPersistence } from "./room.js";
export { PocketGraphError, type Position } from "./errors.js";
export type * from "./types.js";
export type * from "./formats-types.js";
export type * from "./load-types.js";
/** The version of the package. */
export const version: string = PACKAGE_VERSION;

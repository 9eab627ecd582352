// What a worker of Node and Bun lacks of a page's worker. Its own module, since it must run before the worker's.

import { parentPort, workerData } from "node:worker_threads";
import { provideFiles } from "./node-files.js";

const scope = globalThis as any;
scope.self = globalThis;
scope.postMessage = (message: unknown, transfer?: Transferable[]) => parentPort!.postMessage(message, transfer);
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
if (workerData.directory) provideFiles(workerData.directory);
parentPort!.on("message", (data) => scope.onmessage?.({ data }));

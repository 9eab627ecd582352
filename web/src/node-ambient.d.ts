// The little of Node that the package uses. Node's own types would bring its globals into code for pages.
declare module "node:fs/promises" {
  export function readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  export function readFile(path: string | URL, encoding: "utf8"): Promise<string>;
}
declare module "node:path" {
  export function dirname(path: string): string;
  export function join(...parts: string[]): string;
  export function resolve(...parts: string[]): string;
}
declare module "node:url" {
  export function fileURLToPath(url: string | URL): string;
}
declare module "node:fs" {
  export interface Stats {
    size: number;
    mtimeMs: number;
    isDirectory(): boolean;
    isFile(): boolean;
  }
  export interface Entry {
    name: string;
    isDirectory(): boolean;
    isFile(): boolean;
  }
  export const constants: { O_RDWR: number; O_CREAT: number };
  export function createReadStream(path: string | URL): import("node:stream").Readable;
  export function openSync(path: string, flags: string | number, mode?: number): number;
  export function closeSync(fd: number): void;
  export function readSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  export function writeSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  export function fsyncSync(fd: number): void;
  export function ftruncateSync(fd: number, size: number): void;
  export function fstatSync(fd: number): Stats;
  export function statSync(path: string): Stats;
  export function mkdirSync(path: string): void;
  export function readdirSync(path: string, options: { withFileTypes: true }): Entry[];
  export function rmSync(path: string, options?: { recursive?: boolean }): void;
  export function rmdirSync(path: string): void;
}
declare module "node:stream" {
  export class Readable {
    static toWeb(stream: Readable): ReadableStream<Uint8Array>;
  }
}
declare module "node:child_process" {
  export function spawnSync(
    command: string,
    args: string[],
    options: { stdio: ("ignore" | number)[]; timeout: number },
  ): { status: number | null; error?: { code?: string } };
}
declare module "node:worker_threads" {
  export const workerData: any;
  export const parentPort: { postMessage(message: unknown, transfer?: Transferable[]): void; on(event: "message", listener: (data: unknown) => void): void } | null;
  export class Worker {
    constructor(url: URL, options: { workerData: unknown; name: string; stdout?: boolean; stderr?: boolean });
    postMessage(message: unknown, transfer?: Transferable[]): void;
    on(event: "message" | "error" | "exit", listener: (value: any) => void): void;
    terminate(): Promise<number>;
  }
}

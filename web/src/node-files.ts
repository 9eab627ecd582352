// The origin private file system as the engine knows it, over a folder of the
// operating system, for Node and Bun. Two things are better than in a
// browser: the names of files are flushed when they are made, and a lock is
// one that the native command sees too.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";

/** The folder of the origin that the engine keeps its databases in: here, the one that was named. */
const home = "pocketgraph";
/** The file whose lock says that a database is open. */
const lockFile = "meta";
/** How long locking may take, in milliseconds; it does not wait for the lock. */
const lockTimeout = 5000;

/** Errors have the names that the File System standard gives them; what it has none for keeps Node's. */
const names: { [code: string]: string } = {
  ENOENT: "NotFoundError",
  ENOSPC: "QuotaExceededError",
  EDQUOT: "QuotaExceededError",
  EBADF: "InvalidStateError",
  ENOTEMPTY: "InvalidModificationError",
  ENOTDIR: "TypeMismatchError",
  EISDIR: "TypeMismatchError",
};

function failure(name: string, message: string): DOMException {
  return new DOMException(message, name);
}

function named<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof DOMException) throw cause;
    const { code, message } = cause as { code?: string; message: string };
    throw failure(names[code ?? ""] ?? "OperationError", message);
  }
}

/** A name within a folder, and nothing that leads out of it. */
function child(path: string, name: string): string {
  if (!name || name === "." || name === ".." || /[/\\\0]/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a file`);
  return join(path, name);
}

/** Makes what was done to the names in a folder durable. */
function flushNames(path: string): void {
  const fd = fs.openSync(path, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Takes the exclusive flock(2) of an open file. Node has no call for it, but
 * the lock belongs to the open file, not to the process: a child that
 * inherits it takes it and leaves. It goes when the file is closed or the
 * process ends, however it ends.
 */
function lock(fd: number, path: string): void {
  const options = { stdio: ["ignore", "ignore", "ignore", fd] as ("ignore" | number)[], timeout: lockTimeout };
  for (const [command, ...args] of [
    ["flock", "-xn", "3"],
    ["perl", "-e", "open(my $f, '+<&=', 3) or exit 2; exit(flock($f, 6) ? 0 : 1)"],
  ]) {
    const { status, error } = spawnSync(command, args, options);
    if (error?.code === "ENOENT") continue;
    if (status === 0) return;
    if (status === 1) throw failure("NoModificationAllowedError", `${path} is open elsewhere`);
    throw failure("OperationError", `${command} could not lock ${path}`);
  }
  throw failure("NotSupportedError", `files cannot be locked on this system: it has neither flock nor perl`);
}

class FileSystemSyncAccessHandle {
  constructor(private fd: number) {}

  read(bytes: Uint8Array, { at = 0 } = {}): number {
    return named(() => fs.readSync(this.fd, bytes, 0, bytes.length, Number(at)));
  }
  write(bytes: Uint8Array, { at = 0 } = {}): number {
    return named(() => fs.writeSync(this.fd, bytes, 0, bytes.length, Number(at)));
  }
  truncate(size: number): void {
    named(() => fs.ftruncateSync(this.fd, Number(size)));
  }
  flush(): void {
    named(() => fs.fsyncSync(this.fd));
  }
  getSize(): number {
    return named(() => fs.fstatSync(this.fd).size);
  }
  close(): void {
    if (this.fd < 0) return;
    fs.closeSync(this.fd);
    this.fd = -1; // the number may soon be another file's
  }
}

class FileSystemFileHandle {
  readonly kind = "file";
  constructor(
    private readonly path: string,
    readonly name: string,
  ) {}

  async getFile(): Promise<{ size: number; lastModified: number }> {
    const { size, mtimeMs } = named(() => fs.statSync(this.path));
    return { size, lastModified: Math.floor(mtimeMs) };
  }
  async createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle> {
    const fd = named(() => fs.openSync(this.path, "r+"));
    try {
      lock(fd, this.path);
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
    return new FileSystemSyncAccessHandle(fd);
  }
}

class FileSystemDirectoryHandle {
  readonly kind = "directory";
  constructor(
    protected readonly path: string,
    readonly name: string,
  ) {}

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<FileSystemDirectoryHandle> {
    const path = child(this.path, name);
    if (this.make(path, create, () => fs.mkdirSync(path)).isDirectory()) return new FileSystemDirectoryHandle(path, name);
    throw failure("TypeMismatchError", `${path} is no folder`);
  }
  async getFileHandle(name: string, { create = false } = {}): Promise<FileSystemFileHandle> {
    const path = child(this.path, name);
    const { O_RDWR, O_CREAT } = fs.constants;
    if (this.make(path, create, () => fs.closeSync(fs.openSync(path, O_RDWR | O_CREAT, 0o600))).isFile()) return new FileSystemFileHandle(path, name);
    throw failure("TypeMismatchError", `${path} is no file`);
  }
  async removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    const path = child(this.path, name);
    named(() => {
      if (!fs.statSync(path).isDirectory()) fs.rmSync(path);
      else if (recursive) removeDatabase(path);
      else fs.rmdirSync(path);
      flushNames(this.path);
    });
  }
  async *values(): AsyncGenerator<FileSystemFileHandle | FileSystemDirectoryHandle> {
    for (const entry of named(() => fs.readdirSync(this.path, { withFileTypes: true }))) {
      const path = join(this.path, entry.name);
      if (entry.isDirectory()) yield new FileSystemDirectoryHandle(path, entry.name);
      else if (entry.isFile()) yield new FileSystemFileHandle(path, entry.name);
    }
  }

  private make(path: string, create: boolean, action: () => void): fs.Stats {
    return named(() => {
      try {
        return fs.statSync(path);
      } catch (error) {
        if (!create || (error as { code: string }).code !== "ENOENT") throw error;
      }
      action();
      flushNames(this.path);
      return fs.statSync(path);
    });
  }
}

/** A folder of an operating system may hold anything: only one that is a database, and not open, is removed with all that is in it. */
function removeDatabase(path: string): void {
  const fd = fs.openSync(join(path, lockFile), "r+");
  try {
    lock(fd, path);
    fs.rmSync(path, { recursive: true });
  } finally {
    fs.closeSync(fd);
  }
}

/** The origin's root, which has one folder. */
class Root extends FileSystemDirectoryHandle {
  override async getDirectoryHandle(name: string): Promise<FileSystemDirectoryHandle> {
    if (name !== home) throw failure("NotFoundError", `there is no ${name}`);
    if (named(() => fs.statSync(this.path)).isDirectory()) return new FileSystemDirectoryHandle(this.path, name);
    throw failure("TypeMismatchError", `${this.path} is no folder`);
  }
}

/** Sets the classes and the `navigator.storage` that the engine looks for. */
export function provideFiles(directory: string): void {
  class StorageManager {
    async getDirectory() {
      return new Root(directory, "");
    }
    async persisted() {
      return true;
    }
  }
  Object.assign(globalThis, { StorageManager, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemSyncAccessHandle });
  Object.defineProperty(globalThis, "navigator", { value: { storage: new StorageManager() }, configurable: true });
}

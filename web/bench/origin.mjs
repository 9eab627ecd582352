// What a worker of a page has and Node has not, as much of it as the package
// asks for: the files of an origin, in memory, and Web Locks. For figures of
// processor time without a browser, with the tabs' names for requests and the
// log in them. Nothing is durable, and one process is all there is.

const missing = (name) => new DOMException(`${name} is not there`, "NotFoundError");

class FileSystemSyncAccessHandle {
  constructor(file) {
    this.file = file;
  }
  read(into, { at = 0 } = {}) {
    const part = this.file.bytes.subarray(Number(at), Math.min(this.file.size, Number(at) + into.length));
    into.set(part);
    return part.length;
  }
  write(bytes, { at = 0 } = {}) {
    const end = Number(at) + bytes.length;
    this.file.reach(end);
    this.file.bytes.set(bytes, Number(at));
    return bytes.length;
  }
  truncate(size) {
    const { file } = this;
    if (size < file.size) file.bytes.fill(0, size, file.size);
    file.reach(size);
    file.size = Number(size);
  }
  flush() {}
  getSize() {
    return this.file.size;
  }
  close() {
    this.file.open = false;
  }
}

class FileSystemFileHandle {
  kind = "file";
  bytes = new Uint8Array(1 << 20);
  size = 0;
  open = false;
  constructor(name) {
    this.name = name;
  }
  reach(end) {
    if (end > this.bytes.length) {
      const old = this.bytes;
      this.bytes = new Uint8Array(Math.max(end, 2 * old.length));
      this.bytes.set(old);
    }
    this.size = Math.max(this.size, end);
  }
  async getFile() {
    return { size: this.size, lastModified: 0 };
  }
  async createSyncAccessHandle() {
    if (this.open) throw new DOMException(`${this.name} is open`, "NoModificationAllowedError");
    this.open = true;
    return new FileSystemSyncAccessHandle(this);
  }
}

class FileSystemDirectoryHandle {
  kind = "directory";
  entries = new Map();
  constructor(name) {
    this.name = name;
  }
  entry(Kind, name, create) {
    const found = this.entries.get(name);
    if (!found && !create) throw missing(name);
    if (found && !(found instanceof Kind)) throw new DOMException(name, "TypeMismatchError");
    if (!found) this.entries.set(name, new Kind(name));
    return this.entries.get(name);
  }
  async getDirectoryHandle(name, { create = false } = {}) {
    return this.entry(FileSystemDirectoryHandle, name, create);
  }
  async getFileHandle(name, { create = false } = {}) {
    return this.entry(FileSystemFileHandle, name, create);
  }
  async removeEntry(name) {
    if (!this.entries.delete(name)) throw missing(name);
  }
  async *values() {
    yield* this.entries.values();
  }
}

class StorageManager {
  root = new FileSystemDirectoryHandle("");
  async getDirectory() {
    return this.root;
  }
}

/** Exclusive locks, first come first served. */
class LockManager {
  tails = new Map();
  request(name, ...rest) {
    const [act, options = {}] = rest.reverse();
    const mine = (this.tails.get(name) ?? Promise.resolve()).then(() => {
      if (options.signal?.aborted) throw options.signal.reason;
      return act({ name });
    });
    this.tails.set(name, mine.catch(() => {}));
    return mine;
  }
  async query() {
    return { held: [], pending: [] };
  }
}

export const classes = { StorageManager, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemSyncAccessHandle };
export const navigator = { storage: new StorageManager(), locks: new LockManager() };

// Files of the origin, for the peers that have no store of their own and for counting bytes.

/** A file whose bytes are written and read by a sync access handle. */
export async function openFile(name) {
  const root = await navigator.storage.getDirectory();
  const handle = await (await root.getFileHandle(name, { create: true })).createSyncAccessHandle();
  return {
    /** Replaces everything and returns when it is on the disk. */
    replace(...parts) {
      let at = 0;
      for (const part of parts) at += handle.write(part, { at });
      handle.truncate(at);
      handle.flush();
    },
    read() {
      const bytes = new Uint8Array(handle.getSize());
      handle.read(bytes, { at: 0 });
      return bytes;
    },
    handle,
  };
}

export async function removeEntry(name) {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(name, { recursive: true }).catch((error) => {
    if (error.name !== "NotFoundError") throw error;
  });
}

/** Bytes of all files under a folder ("a/b"), or of one file at the root. The files must be closed. */
export async function storedBytes(path) {
  let folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle(path).catch(() => null);
  if (file) return (await file.getFile()).size;
  for (const name of path.split("/")) folder = await folder.getDirectoryHandle(name);
  return bytesIn(folder);
}

async function bytesIn(folder) {
  let bytes = 0;
  for await (const entry of folder.values()) bytes += entry.kind === "file" ? (await entry.getFile()).size : await bytesIn(entry);
  return bytes;
}

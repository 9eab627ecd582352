// The files of a store as they lie in OPFS, for tests that damage them.

/** All files of the database: {name: FileSystemFileHandle}. */
export async function filesOf(database) {
  const found = {};
  const walk = async (dir, inside) => {
    for await (const [name, handle] of dir.entries()) {
      if (handle.kind === "directory") await walk(handle, inside || name === database);
      else if (inside) found[name] = handle;
    }
  };
  await walk(await navigator.storage.getDirectory(), false);
  return found;
}

/** Rewrites a file by what change makes of its bytes. */
export async function rewrite(handle, change) {
  const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
  const file = await handle.createWritable();
  await file.write(change(bytes));
  await file.close();
}

/** Says in each slot of meta that a version to come wrote it (wal/meta.go has the layout). */
export function fromTheFuture(meta) {
  const view = new DataView(meta.buffer);
  for (let slot = 0; slot + 4096 <= meta.length; slot += 4096) {
    if (view.getUint32(slot, true) === 0) continue; // never written
    view.setUint32(slot + 8, view.getUint32(slot + 8, true) + 1, true);
    view.setUint32(slot + 4092, crc32c(meta.subarray(slot, slot + 4092)), true);
  }
  return meta;
}

function crc32c(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

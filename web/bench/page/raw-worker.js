// The bare platform: what a write and a flush cost with nothing around them.
onmessage = async ({ data: { name, bytes, milliseconds, flush } }) => {
  const root = await navigator.storage.getDirectory();
  const handle = await (await root.getFileHandle(name, { create: true })).createSyncAccessHandle();
  const record = new Uint8Array(bytes).fill(7);
  let writes = 0;
  const begun = performance.now();
  for (; performance.now() - begun < milliseconds; writes++) {
    handle.write(record, { at: writes * bytes });
    if (flush) handle.flush();
  }
  const seconds = (performance.now() - begun) / 1000;
  handle.close();
  await root.removeEntry(name);
  postMessage(writes / seconds);
};

// Tells on a BroadcastChannel how large the engine's memory is. It never
// shrinks, so its size is its peak. Imported before the package's worker.
const { instantiate } = WebAssembly;
let memory;
WebAssembly.instantiate = async (...args) => {
  const result = await instantiate(...args);
  memory = (result.instance ?? result).exports.mem;
  return result;
};
const channel = new BroadcastChannel("pocketgraph-memory");
channel.onmessage = ({ data }) => data === "?" && memory && channel.postMessage(memory.buffer.byteLength);

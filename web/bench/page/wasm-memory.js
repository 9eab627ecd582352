// How much WebAssembly memory this thread has, over all its modules. It never
// shrinks, so its size is its peak. Imported before what makes the modules.

const memories = new Set();

const { instantiate, instantiateStreaming, Memory } = WebAssembly;

function keep(result) {
  const exported = Object.values((result.instance ?? result).exports);
  for (const value of exported) if (value instanceof Memory) memories.add(value);
  return result;
}
WebAssembly.instantiate = async (...args) => keep(await instantiate(...args));
WebAssembly.instantiateStreaming = async (...args) => keep(await instantiateStreaming(...args));
WebAssembly.Memory = new Proxy(Memory, {
  construct(target, args) {
    const memory = new target(...args);
    memories.add(memory);
    return memory;
  },
});

/** In bytes. */
export const wasmMemory = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

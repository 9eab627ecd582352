// Package column keeps what belongs to dense element slots: vectors of
// integers, bitmaps, and properties of every kind, in chunks of ChunkSlots
// slots. It also interns strings.
//
// It promises compactness (integers are narrowed to 0, 8, 16 or 32 bits above
// the smallest of their chunk once the chunk is sealed, floats that are short
// decimals or 32-bit likewise), a heap almost without pointers, and versions:
// the types here are small roots that are copied by value to keep a version,
// and a chunk is copied before a later generation changes it.
//
// # Writing
//
// A Writer carries the generation. What a chunk's header says (its null
// bitmap, its form) belongs to the generation that made the header. The values
// themselves may be shared between headers of several generations; a slot not
// below Writer.Fresh was never part of a committed version, so nobody looks at
// it and it is written in place. Each element of a chunk is at least a byte of
// its own, so such a write never touches memory that a reader loads.
//
// Callers call Seal at the end of a transaction.
package column

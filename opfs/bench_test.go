//go:build js && wasm

package opfs

import (
	"strconv"
	"syscall/js"
	"testing"
)

// BenchmarkWriteAt against BenchmarkRaw, the same call made directly: what the
// argument-less way costs or saves.
func BenchmarkWriteAt(b *testing.B) {
	for _, size := range []int{100, 4096, 65536, 1 << 20} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			file := create(b, newFS(b), "data")
			record := make([]byte, size)
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for i := range b.N {
				if _, err := file.WriteAt(record, int64(i%64*size)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRaw(b *testing.B) {
	for _, size := range []int{100, 4096, 65536, 1 << 20} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			file := create(b, newFS(b), "data")
			record := make([]byte, size)
			write := file.handle.raw.Get("write").Call("bind", file.handle.raw)
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for i := range b.N {
				js.CopyBytesToJS(file.handle.transfer.bytes, record)
				view := file.handle.transfer.bytes.Call("subarray", 0, size)
				write.Invoke(view, map[string]any{"at": i % 64 * size})
			}
		})
	}
}

func BenchmarkReadAt(b *testing.B) {
	for _, size := range []int{100, 4096, 65536, 1 << 20} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			file := create(b, newFS(b), "data")
			record := make([]byte, size)
			if _, err := file.WriteAt(record, 0); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for range b.N {
				if _, err := file.ReadAt(record, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSync(b *testing.B) {
	file := create(b, newFS(b), "data")
	record := make([]byte, 4096)
	for i := range b.N {
		if _, err := file.WriteAt(record, int64(i%1024*4096)); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

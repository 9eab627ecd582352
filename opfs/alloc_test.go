//go:build js && wasm

package opfs

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNoAllocation: what a log does for every commit makes no garbage, also
// with a new length and offset for each call.
func TestNoAllocation(t *testing.T) {
	file := create(t, newFS(t), "data")
	record := make([]byte, 8192)
	var offset int64
	length := 1
	calls := map[string]func() error{
		"WriteAt": func() error {
			n, err := file.WriteAt(record[:length], offset)
			offset += int64(n)
			length = length*5%8191 + 1
			return err
		},
		"ReadAt": func() error {
			_, err := file.ReadAt(record[:1+offset%300], offset%7)
			offset++
			return err
		},
		"Size":     func() error { _, err := file.Size(); return err },
		"Sync":     file.Sync,
		"Truncate": func() error { offset++; return file.Truncate(offset + 20000) },
	}
	for _, name := range []string{"WriteAt", "ReadAt", "Size", "Truncate", "Sync"} {
		var failed error
		allocs := testing.AllocsPerRun(200, func() {
			if err := calls[name](); err != nil {
				failed = err
			}
		})
		require.NoError(t, failed, name)
		require.Zero(t, allocs, name)
	}
}

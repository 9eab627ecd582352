//go:build js && wasm

package opfs_test

import (
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/hack-pad/hackpadfs"
	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/opfs"
)

// In a dedicated worker, keep a counter that survives the page.
func Example() {
	if err := count(); err != nil {
		fmt.Println(err)
	}
	// Prints: the counter is 1
}

// TestExample runs it: go test itself runs only examples whose output it can
// keep in a file, which js/wasm has not.
func TestExample(t *testing.T) { require.NoError(t, count()) }

func count() error {
	root, err := opfs.New()
	if err != nil {
		return err // not in a dedicated worker, or the browser refuses storage
	}
	if err := root.MkdirAll("example/data", 0o777); err != nil {
		return err
	}
	defer root.RemoveAll("example")

	file, err := root.OpenFile("example/data/counter", hackpadfs.FlagReadWrite|hackpadfs.FlagCreate, 0o666)
	if errors.Is(err, syscall.EBUSY) {
		return errors.New("another tab has it open")
	}
	if err != nil {
		return err
	}
	defer file.Close()

	var n [1]byte // zero if the file is new
	_, _ = hackpadfs.ReadAtFile(file, n[:], 0)
	n[0]++
	if _, err := hackpadfs.WriteAtFile(file, n[:], 0); err != nil {
		return err // syscall.ENOSPC if the disk is full
	}
	fmt.Println("the counter is", n[0])
	return hackpadfs.SyncFile(file)
}

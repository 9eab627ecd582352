//go:build js && wasm

package opfs

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/hack-pad/hackpadfs"
	"github.com/hack-pad/hackpadfs/fstest"
	"github.com/stretchr/testify/require"
)

// setupFS is an FS that swallows the changes of modes and times with which
// the suite prepares some of its tests; OPFS has neither. What is tested is the
// FS below.
type setupFS struct{ *FS }

func (setupFS) Chmod(string, hackpadfs.FileMode) error     { return nil }
func (setupFS) Chtimes(string, time.Time, time.Time) error { return nil }

// notForUs are the tests of the suite that skip themselves because something
// is not implemented, each with the reason why it is not.
var notForUs = map[string]string{
	"FS/base_fs.Chmod":                                  "OPFS has no permissions",
	"FS/fs.Chmod/change_permission_bits":                "OPFS has no permissions",
	"FS/fs.Chmod/change_symlink_target_permission_bits": "OPFS has no links",
	"FS/base_fs.Chtimes":                                "OPFS sets times by itself",
	"FS/fs.Chtimes/change_access_and_modify_times":      "OPFS sets times by itself",
	"FS/fs.Rename/non-empty_directory":                  "FileSystemDirectoryHandle.move exists in Firefox only",
}

// TestSuite runs the suite of hackpadfs, without constraints. (By default it
// does not compare permission bits where a file system may choose them.)
func TestSuite(t *testing.T) {
	skips := map[string]bool{}
	setup := func(tb testing.TB) (fstest.SetupFS, func() hackpadfs.FS) {
		f := newFS(tb)
		tb.Cleanup(func() {
			if tb.Skipped() {
				skips[strings.TrimPrefix(tb.Name(), "TestSuite/run/opfs_")] = true
			}
		})
		return setupFS{f}, func() hackpadfs.FS { return f }
	}
	o := fstest.FSOptions{Name: "opfs", Setup: fstest.TestSetupFunc(setup)}
	t.Run("run", func(t *testing.T) { // its parallel tests end with it
		fstest.FS(t, o)
		fstest.File(t, o)
	})
	for name := range skips {
		require.Contains(t, notForUs, name, "skipped without a reason")
	}
	if flag.Lookup("test.run").Value.String() == "" {
		require.Len(t, skips, len(notForUs), "a reason without a skip")
	}
}

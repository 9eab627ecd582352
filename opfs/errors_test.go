//go:build js && wasm

package opfs

import (
	"errors"
	"io/fs"
	"syscall"
	"syscall/js"
	"testing"

	"github.com/hack-pad/hackpadfs"
	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// throwing is a function of the browser's own that throws an exception of a
// name: a signal aborted with it as the reason.
func throwing(name string) js.Value {
	exception := js.Global().Get("DOMException").New("made for a test", name)
	signal := js.Global().Get("AbortSignal").Call("abort", exception)
	return signal.Get("throwIfAborted").Call("bind", signal)
}

func TestExceptions(t *testing.T) {
	for name, want := range map[string]error{
		"NotFoundError":                   fs.ErrNotExist,
		"NoModificationAllowedError":      syscall.EBUSY,
		"QuotaExceededError":              syscall.ENOSPC,
		"NS_ERROR_FILE_NO_DEVICE_SPACE":   syscall.ENOSPC,
		"NS_ERROR_DOM_QUOTA_EXCEEDED_ERR": syscall.ENOSPC,
		"InvalidStateError":               fs.ErrClosed,
		"InvalidModificationError":        syscall.ENOTEMPTY,
		"NotAllowedError":                 fs.ErrPermission,
		"SecurityError":                   fs.ErrPermission,
		"TypeError":                       fs.ErrInvalid,
		"TypeMismatchError":               syscall.ENOTDIR,
		"NotSupportedError":               errors.ErrUnsupported,
		"UnknownError":                    syscall.EIO,
		"SomethingNew":                    syscall.EIO,
	} {
		_, err := number(throwing(name))
		require.Equal(t, name, jsutil.NameOf(err))
		err = pathError("write", "data", err)
		require.ErrorIs(t, err, want, name)
		require.ErrorContains(t, err, name+": made for a test")
	}
}

func TestShortWriteIsDiskFull(t *testing.T) {
	file := create(t, newFS(t), "data")
	_, err := file.WriteAt([]byte("as long as that"), 0)
	require.NoError(t, err)
	says := func(n int) { // a browser that writes nothing, and says that it wrote so many bytes
		file.handle.write = js.Global().Get("Math").Get("min").Call("bind", js.Undefined(), n)
	}
	says(3)
	n, err := file.WriteAt([]byte("hello"), 0)
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.Equal(t, 3, n)
	n, err = file.Write([]byte("hello"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.Equal(t, 3, n)
	require.EqualValues(t, 3, file.offset)

	// What Firefox says on a full disk is any number. Where the file should have
	// grown, its length tells; a number that is too large is none.
	for _, said := range []int{0, 3, 5, 32661} {
		says(said)
		n, err = file.WriteAt([]byte("hello"), 15)
		require.ErrorIs(t, err, syscall.ENOSPC, "%d", said)
		require.Zero(t, n, "%d", said)
		n, err = file.WriteAt([]byte("hello"), 13)
		require.ErrorIs(t, err, syscall.ENOSPC, "%d", said)
		require.LessOrEqual(t, n, 2, "%d", said)
	}
	says(32661)
	n, err = file.WriteAt([]byte("hello"), 0)
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.Zero(t, n)

	file.handle.write = throwing("QuotaExceededError")
	n, err = file.WriteAt([]byte("hello"), 0)
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.Zero(t, n)
}

// beyondQuota is more than any browser grants, and less than the largest file of
// the file systems beneath (there Firefox says NS_ERROR_FAILURE, which is EIO).
const beyondQuota = 1 << 40

// TestRealQuota: Chromium throws QuotaExceededError, Firefox writes nothing and
// throws something raw from truncate. The file stays usable after either.
func TestRealQuota(t *testing.T) {
	file := create(t, newFS(t), "data")
	_, err := file.Write([]byte("before"))
	require.NoError(t, err)
	_, err = file.WriteAt([]byte("x"), beyondQuota)
	t.Log("write:", err)
	require.ErrorIs(t, err, syscall.ENOSPC)
	err = file.Truncate(beyondQuota)
	t.Log("truncate:", err)
	require.ErrorIs(t, err, syscall.ENOSPC)

	size, err := file.Size()
	require.NoError(t, err)
	require.EqualValues(t, 6, size)
	_, err = file.WriteAt([]byte("after!"), 0)
	require.NoError(t, err)
	require.NoError(t, file.Sync())
}

func TestNames(t *testing.T) {
	f := newFS(t)
	require.NoError(t, f.MkdirAll("a/b/c", 0))
	require.NoError(t, hackpadfs.WriteFullFile(f, "a/file", []byte("12345"), 0))

	_, err := f.Open("a/none")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = f.Open("none/file")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = f.Open("a/file/below")
	require.ErrorIs(t, err, syscall.ENOTDIR)
	_, err = f.OpenFile("a/b", readWrite, 0)
	require.ErrorIs(t, err, syscall.EISDIR)
	_, err = f.OpenFile("a/file", readWrite|hackpadfs.FlagExclusive, 0)
	require.ErrorIs(t, err, fs.ErrExist)
	_, err = f.OpenFile("a/b", readWrite|hackpadfs.FlagExclusive, 0)
	require.ErrorIs(t, err, fs.ErrExist)
	for _, name := range []string{"", "/a", "a/", "../a", "a//b", "a\x00b"} {
		_, err = f.Open(name)
		require.Error(t, err, name)
		require.False(t, errors.Is(err, fs.ErrNotExist) && !fs.ValidPath(name), name)
	}
	require.ErrorIs(t, f.Mkdir("a", 0), fs.ErrExist)
	require.ErrorIs(t, f.Mkdir("a/file", 0), fs.ErrExist)
	require.ErrorIs(t, f.Mkdir(".", 0), fs.ErrExist)
	require.ErrorIs(t, f.MkdirAll("a/file/x", 0), syscall.ENOTDIR)
	require.ErrorIs(t, f.Remove("a"), syscall.ENOTEMPTY)
	require.ErrorIs(t, f.Remove("none"), fs.ErrNotExist)
	require.ErrorIs(t, f.Remove("."), fs.ErrInvalid)
	require.ErrorIs(t, f.RemoveAll("."), fs.ErrInvalid)
	require.NoError(t, f.RemoveAll("none/none"))
	_, err = f.Sub("none")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = f.Sub("a/file")
	require.ErrorIs(t, err, syscall.ENOTDIR)
	require.NoError(t, f.SyncDir())

	file := create(t, f, "a/b/open")
	require.ErrorIs(t, f.RemoveAll("a"), syscall.EBUSY)
	require.NoError(t, file.Close())
	require.NoError(t, f.RemoveAll("a"))
}

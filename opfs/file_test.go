//go:build js && wasm

package opfs

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"syscall"
	"testing"

	"github.com/hack-pad/hackpadfs"
	"github.com/stretchr/testify/require"
)

const readWrite = hackpadfs.FlagReadWrite | hackpadfs.FlagCreate

func create(t testing.TB, f *FS, name string) *file {
	opened, err := f.OpenFile(name, readWrite, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = opened.Close() })
	return opened.(*file)
}

func TestTwoOpensShareBytes(t *testing.T) {
	f := newFS(t)
	a, b := create(t, f, "data"), create(t, f, "data")
	require.Same(t, a.handle, b.handle)
	_, err := a.WriteAt([]byte("hello"), 3)
	require.NoError(t, err)
	got := make([]byte, 8)
	_, err = b.ReadAt(got, 0)
	require.NoError(t, err)
	require.Equal(t, "\x00\x00\x00hello", string(got))
	require.NoError(t, a.Close())
	size, err := b.Size()
	require.NoError(t, err, "the handle lives on")
	require.EqualValues(t, 8, size)
	require.ErrorIs(t, f.Remove("data"), syscall.EBUSY)
	require.ErrorIs(t, f.RemoveAll("data"), syscall.EBUSY)
	require.ErrorIs(t, f.Rename("data", "moved"), syscall.EBUSY)
	require.NoError(t, b.Close())
	require.NoError(t, f.Remove("data"))
}

func TestReadOnlyAndWriteOnly(t *testing.T) {
	f := newFS(t)
	w, err := f.OpenFile("data", hackpadfs.FlagWriteOnly|hackpadfs.FlagCreate, 0)
	require.NoError(t, err)
	r, err := f.Open("data")
	require.NoError(t, err)

	_, err = hackpadfs.WriteFile(w, []byte("once"))
	require.NoError(t, err)
	_, err = w.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.EBADF)
	_, err = hackpadfs.WriteAtFile(r, []byte("x"), 0)
	require.ErrorIs(t, err, syscall.EBADF)
	require.ErrorIs(t, hackpadfs.TruncateFile(r, 0), syscall.EBADF)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "once", string(got))
	require.NoError(t, w.Close())
	require.NoError(t, r.Close())
}

func TestClosedFile(t *testing.T) {
	file := create(t, newFS(t), "data")
	require.NoError(t, file.Close())
	_, err := file.Read(nil)
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = file.ReadAt(nil, 0)
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = file.Write(nil)
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = file.WriteAt(nil, 0)
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = file.Seek(0, io.SeekStart)
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = file.Size()
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = file.Stat()
	require.ErrorIs(t, err, fs.ErrClosed)
	require.ErrorIs(t, file.Truncate(0), fs.ErrClosed)
	require.ErrorIs(t, file.Sync(), fs.ErrClosed)
	require.ErrorIs(t, file.Close(), fs.ErrClosed)
}

// TestHandleClosedBeneath is the browser's own answer to a use after close.
func TestHandleClosedBeneath(t *testing.T) {
	file := create(t, newFS(t), "data")
	_, err := number(file.handle.closer)
	require.NoError(t, err)
	_, err = file.WriteAt([]byte("x"), 0)
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = file.ReadAt(make([]byte, 1), 0)
	require.ErrorIs(t, err, fs.ErrClosed)
	require.ErrorIs(t, file.Sync(), fs.ErrClosed)
	require.ErrorIs(t, file.Truncate(1), fs.ErrClosed)
}

func TestInvalidArguments(t *testing.T) {
	file := create(t, newFS(t), "data")
	for _, offset := range []int64{-1, maxOffset, 1 << 62} {
		_, err := file.WriteAt([]byte("xx"), offset)
		require.ErrorIs(t, err, fs.ErrInvalid)
		require.ErrorIs(t, err, syscall.EINVAL)
		_, err = file.ReadAt(make([]byte, 2), offset)
		require.ErrorIs(t, err, fs.ErrInvalid)
	}
	require.ErrorIs(t, file.Truncate(-1), fs.ErrInvalid)
	_, err := file.Seek(-1, io.SeekCurrent)
	require.ErrorIs(t, err, fs.ErrInvalid)
	size, err := file.Size()
	require.NoError(t, err)
	require.Zero(t, size)
}

// TestLargerThanTheBuffer moves more at once than crosses at once.
func TestLargerThanTheBuffer(t *testing.T) {
	file := create(t, newFS(t), "data")
	want := make([]byte, 2*bufferSize+12345)
	for i := range want {
		want[i] = byte(i * 7 >> 3)
	}
	n, err := file.WriteAt(want, 5)
	require.NoError(t, err)
	require.Equal(t, len(want), n)
	got := make([]byte, len(want)+10)
	n, err = file.ReadAt(got, 5)
	require.Equal(t, io.EOF, err)
	require.Equal(t, len(want), n)
	require.True(t, bytes.Equal(want, got[:n]))
}

func TestAppendAndSync(t *testing.T) {
	f := newFS(t)
	create(t, f, "data")
	a, err := f.OpenFile("data", hackpadfs.FlagWriteOnly|hackpadfs.FlagAppend|hackpadfs.FlagSync, 0)
	require.NoError(t, err)
	defer a.Close()
	for range 3 {
		_, err = hackpadfs.WriteFile(a, []byte("ab"))
		require.NoError(t, err)
	}
	_, err = hackpadfs.WriteAtFile(a, []byte("x"), 0)
	require.ErrorIs(t, err, fs.ErrInvalid)
	got, err := hackpadfs.ReadFile(f, "data")
	require.NoError(t, err)
	require.Equal(t, "ababab", string(got))
}

func TestTruncateGrowsWithZeros(t *testing.T) {
	file := create(t, newFS(t), "data")
	_, err := file.Write([]byte("abc"))
	require.NoError(t, err)
	require.NoError(t, file.Truncate(2))
	require.NoError(t, file.Truncate(4))
	got := make([]byte, 4)
	_, err = file.ReadAt(got, 0)
	require.NoError(t, err)
	require.Equal(t, "ab\x00\x00", string(got))
	_, err = file.ReadAt(got, 4)
	require.True(t, errors.Is(err, io.EOF))
}

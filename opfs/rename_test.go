//go:build js && wasm

package opfs

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/hack-pad/hackpadfs"
	"github.com/stretchr/testify/require"
)

func TestRename(t *testing.T) {
	moves := map[string]func(f *FS, from, to string) error{
		"move": (*FS).Rename,
		"copy": (*FS).moveByCopy, // for browsers without FileSystemFileHandle.move
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			f := newFS(t)
			require.NoError(t, f.Mkdir("dir", 0))
			want := make([]byte, bufferSize+10)
			want[bufferSize+5] = 7
			require.NoError(t, hackpadfs.WriteFullFile(f, "old", want, 0))
			require.NoError(t, hackpadfs.WriteFullFile(f, "dir/new", []byte("is replaced"), 0))
			require.NoError(t, move(f, "old", "dir/new"))
			got, err := hackpadfs.ReadFile(f, "dir/new")
			require.NoError(t, err)
			require.Equal(t, want, got)
			_, err = f.Stat("old")
			require.ErrorIs(t, err, fs.ErrNotExist)
		})
	}
}

func TestRenameRefuses(t *testing.T) {
	f := newFS(t)
	require.NoError(t, f.Mkdir("dir", 0))
	require.NoError(t, hackpadfs.WriteFullFile(f, "file", nil, 0))
	require.ErrorIs(t, f.Rename("none", "new"), fs.ErrNotExist)
	require.ErrorIs(t, f.Rename("file", "dir"), fs.ErrExist)
	require.ErrorIs(t, f.Rename("dir", "file"), syscall.ENOTDIR)
	require.ErrorIs(t, f.Rename("dir", "other"), hackpadfs.ErrNotImplemented)
	require.ErrorIs(t, f.Rename("file", "none/new"), fs.ErrNotExist)
	require.ErrorIs(t, f.Rename("file", "../new"), fs.ErrInvalid)
	open := create(t, f, "open")
	require.ErrorIs(t, f.Rename("file", "open"), syscall.EBUSY)
	require.ErrorIs(t, f.Rename("open", "closed"), syscall.EBUSY)
	require.NoError(t, open.Close())
	require.NoError(t, f.Rename("open", "closed"))
	var link *hackpadfs.LinkError
	require.True(t, errors.As(f.Rename("none", "new"), &link))
}

func TestStatAndReadDirSeeOpenFiles(t *testing.T) {
	f := newFS(t)
	file := create(t, f, "data")
	_, err := file.Write([]byte("1234567"))
	require.NoError(t, err)
	info, err := f.Stat("data")
	require.NoError(t, err)
	require.EqualValues(t, 7, info.Size())
	require.False(t, info.ModTime().IsZero())
	entries, err := f.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, entries, 1)
	info, err = entries[0].Info()
	require.NoError(t, err)
	require.EqualValues(t, 7, info.Size())
}

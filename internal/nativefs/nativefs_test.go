//go:build !js

package nativefs

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/hack-pad/hackpadfs"
	"github.com/stretchr/testify/require"
)

func TestNewNeedsADirectory(t *testing.T) {
	_, err := New(filepath.Join(t.TempDir(), "absent"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = New(file)
	require.ErrorIs(t, err, syscall.ENOTDIR)
}

func TestCreateMakesParents(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	f, err := Create(dir)
	require.NoError(t, err)
	require.NoError(t, hackpadfs.WriteFullFile(f, "x", []byte("hi"), 0o600))
	require.NoError(t, f.SyncDir())
	got, err := os.ReadFile(filepath.Join(dir, "x"))
	require.NoError(t, err)
	require.Equal(t, "hi", string(got))
}

func TestOpenGivesNoFileBesideAnError(t *testing.T) {
	f, err := New(t.TempDir())
	require.NoError(t, err)
	file, err := f.Open("absent")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.Nil(t, file)
	file, err = f.OpenFile("absent", hackpadfs.FlagReadWrite, 0)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.Nil(t, file)
}

func TestLockHasOneOwner(t *testing.T) {
	dir := t.TempDir()
	a, err := New(dir)
	require.NoError(t, err)
	b, err := New(dir)
	require.NoError(t, err)
	held, err := a.Lock("meta")
	require.NoError(t, err)
	_, err = b.Lock("meta")
	require.ErrorIs(t, err, syscall.EBUSY)
	require.NoError(t, held.Close())
	held, err = b.Lock("meta")
	require.NoError(t, err)
	require.NoError(t, held.Close())
	_, err = a.Lock("../x")
	require.ErrorIs(t, err, fs.ErrInvalid)
}

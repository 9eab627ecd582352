//go:build !js

package nativefs

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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
	require.ErrorContains(t, err, "this process ("+strconv.Itoa(os.Getpid())+") since 20")
	require.NoError(t, held.Close())
	held, err = b.Lock("meta")
	require.NoError(t, err)
	require.NoError(t, held.Close())
	require.NoError(t, held.Close())
	require.NoFileExists(t, filepath.Join(dir, "meta.owner"))
	_, err = a.Lock("../x")
	require.ErrorIs(t, err, fs.ErrInvalid)
}

// TestOwnersAreNotBelieved: a note is text from a file. Whatever is in it, the
// lock decides, and nothing unprintable gets into a message.
func TestOwnersAreNotBelieved(t *testing.T) {
	dir := t.TempDir()
	f, err := New(dir)
	require.NoError(t, err)
	held, err := f.Lock("meta")
	require.NoError(t, err)
	defer held.Close()
	note := filepath.Join(dir, "meta.owner")
	for text, want := range map[string]string{
		"pid 7\nhost elsewhere\nprogram shell\nsince 2026-01-02T03:04:05Z\n": "held by process 7 (shell) on elsewhere since 2026-01-02T03:04:05Z",
		"pid 7\nhost \x1b[31mred\nprogram \u202eabc\nsince yesterday\n":      "held by process 7",
		"pid -1\n":  "left no word",
		"pid\n\n\n": "left no word",
		strings.Repeat("pid 99999999999999 ", 1e5): "left no word",
		"": "left no word",
	} {
		require.NoError(t, os.WriteFile(note, []byte(text), 0o600))
		_, err := f.Lock("meta")
		require.ErrorIs(t, err, syscall.EBUSY, text)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "\x1b")
		require.Less(t, len(err.Error()), 400)
	}
	require.NoError(t, os.Remove(note))
	_, err = f.Lock("meta")
	require.ErrorContains(t, err, "left no word")
	held.Close()
	held, err = f.Lock("meta") // what the lock says counts
	require.NoError(t, err)
	held.Close()
}

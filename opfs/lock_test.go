//go:build js && wasm

package opfs

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/hack-pad/hackpadfs"
	"github.com/stretchr/testify/require"
)

func TestFileOfAnotherWorkerIsLocked(t *testing.T) {
	f, o := newFS(t), startOther(t)
	require.Equal(t, "open", o.open(f, "data"))

	_, err := f.Open("data")
	require.ErrorIs(t, err, syscall.EBUSY, "for reading")
	_, err = hackpadfs.OpenFile(f, "data", hackpadfs.FlagReadWrite, 0)
	require.ErrorIs(t, err, syscall.EBUSY)
	_, err = f.Lock("data")
	require.ErrorIs(t, err, syscall.EBUSY)
	require.ErrorIs(t, f.Remove("data"), syscall.EBUSY)
	require.ErrorIs(t, f.Rename("data", "moved"), syscall.EBUSY)
	info, err := f.Stat("data")
	require.NoError(t, err, "looking is allowed")
	require.EqualValues(t, 0, info.Size())

	o.close()
	file, err := f.Open("data")
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

func TestLockKeepsOtherWorkersOut(t *testing.T) {
	f, o := newFS(t), startOther(t)
	lock, err := f.Lock("meta")
	require.NoError(t, err)
	require.Equal(t, "NoModificationAllowedError", o.open(f, "meta"))

	file, err := f.Open("meta") // shares the handle
	require.NoError(t, err)
	require.NoError(t, lock.Close())
	require.Equal(t, "NoModificationAllowedError", o.open(f, "meta"), "still open here")
	require.NoError(t, file.Close())
	require.Equal(t, "open", o.open(f, "meta"))
	o.close()
}

// TestSecondLockOfOneWorker: sharing handles must not let a second owner in.
func TestSecondLockOfOneWorker(t *testing.T) {
	f := newFS(t)
	lock, err := f.Lock("meta")
	require.NoError(t, err)
	_, err = f.Lock("meta")
	require.ErrorIs(t, err, syscall.EBUSY)
	other, err := f.Lock("other")
	require.NoError(t, err)
	require.NoError(t, other.Close())
	require.NoError(t, lock.Close())
	require.NoError(t, lock.Close(), "a second Close")
	lock, err = f.Lock("meta")
	require.NoError(t, err)
	require.NoError(t, lock.Close())
}

func TestDeadWorkerGivesItsFilesBack(t *testing.T) {
	f, o := newFS(t), startOther(t)
	require.Equal(t, "open", o.open(f, "meta"))
	o.terminate()
	deadline := time.Now().Add(10 * time.Second)
	for {
		lock, err := f.Lock("meta")
		if err == nil {
			require.NoError(t, lock.Close())
			return
		}
		require.ErrorIs(t, err, syscall.EBUSY)
		require.True(t, time.Now().Before(deadline), "never given back")
		time.Sleep(5 * time.Millisecond)
	}
}

func TestConcurrentOpensShareOneHandle(t *testing.T) {
	f := newFS(t)
	const n = 8
	errs := make(chan error, n)
	for range n {
		go func() {
			file, err := hackpadfs.OpenFile(f, "data", hackpadfs.FlagReadWrite|hackpadfs.FlagCreate, 0)
			if err == nil {
				err = file.Close()
			}
			errs <- err
		}()
	}
	for range n {
		require.NoError(t, <-errs)
	}
	require.Empty(t, handles)
}

func TestExclusiveCreateHasOneWinner(t *testing.T) {
	f := newFS(t)
	const n = 4
	errs := make(chan error, n)
	for range n {
		go func() {
			file, err := hackpadfs.OpenFile(f, "data", hackpadfs.FlagReadWrite|hackpadfs.FlagCreate|hackpadfs.FlagExclusive, 0)
			if err == nil {
				err = file.Close()
			}
			errs <- err
		}()
	}
	won := 0
	for range n {
		err := <-errs
		if err == nil {
			won++
			continue
		}
		require.True(t, errors.Is(err, hackpadfs.ErrExist), err)
	}
	require.Equal(t, 1, won)
}

package crashfs

import (
	"bytes"
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/hack-pad/hackpadfs"
	"github.com/stretchr/testify/require"
)

func create(t *testing.T, f *FS, name string) *file {
	h, err := f.OpenFile(name, hackpadfs.FlagReadWrite|hackpadfs.FlagCreate, 0o600)
	require.NoError(t, err)
	return h.(*file)
}

func write(t *testing.T, f *file, off int64, b []byte) {
	n, err := f.WriteAt(b, off)
	require.NoError(t, err)
	require.Equal(t, len(b), n)
}

var (
	allKept, allDropped, bytesOnly = Policies[0], Policies[1], Policies[2]
)

func TestUnsyncedBytesAndNamesAreLost(t *testing.T) {
	f := New()
	a := create(t, f, "a")
	write(t, a, 0, []byte("synced"))
	require.NoError(t, a.Sync())
	require.Empty(t, f.Crashed(allDropped, 1).Names(), "synced bytes without a synced name")
	require.Empty(t, f.Crashed(bytesOnly, 1).Names())
	require.NoError(t, f.SyncDir())
	write(t, a, 0, []byte("SY"))
	require.Equal(t, "synced", string(f.Crashed(allDropped, 1).Bytes("a")))
	require.Equal(t, "SYnced", string(f.Crashed(allKept, 1).Bytes("a")))
	require.NoError(t, f.Remove("a"))
	require.Equal(t, []string{"a"}, f.Crashed(allDropped, 1).Names(), "an unsynced removal comes back")
}

func TestBlocksAreTornAndReordered(t *testing.T) {
	f := New()
	a := create(t, f, "a")
	write(t, a, 0, bytes.Repeat([]byte{'0'}, 2048))
	require.NoError(t, a.Sync())
	write(t, a, 0, bytes.Repeat([]byte{'1'}, 2048))
	write(t, a, 0, bytes.Repeat([]byte{'2'}, 2048))
	seen := map[string]bool{}
	for seed := range uint64(200) {
		b := f.Crashed(Policy{"", 512, KeepSome, NamesKept}, seed).Bytes("a")
		require.Equal(t, b, f.Crashed(Policy{"", 512, KeepSome, NamesKept}, seed).Bytes("a"), "same seed, same disk")
		pattern := ""
		for i := 0; i < 2048; i += 512 {
			require.Equal(t, bytes.Repeat(b[i:i+1], 512), b[i:i+512], "a block changes as a whole")
			pattern += string(b[i])
		}
		seen[pattern] = true
	}
	require.True(t, len(seen) > 60, "%d of 81 patterns", len(seen))
}

func TestFailedSyncIsForgotten(t *testing.T) {
	f := New()
	a := create(t, f, "a")
	require.NoError(t, f.SyncDir())
	write(t, a, 0, []byte("x"))
	f.Plan(f.Ops(), EIO)
	require.ErrorIs(t, a.Sync(), syscall.EIO)
	require.NoError(t, a.Sync(), "the system holds the page for clean")
	require.Equal(t, "\x00", string(f.Crashed(allDropped, 1).Bytes("a")), "only its length arrived")
	require.Equal(t, "x", string(f.Crashed(allKept, 1).Bytes("a")))
	write(t, a, 0, []byte("x"))
	require.NoError(t, a.Sync())
	require.Equal(t, "x", string(f.Crashed(allDropped, 1).Bytes("a")), "written again, it counts")
}

func TestFaults(t *testing.T) {
	for fault, want := range map[Fault]struct {
		n   int
		err error
	}{EIO: {0, syscall.EIO}, EIODone: {4, syscall.EIO}, EIOHalf: {2, syscall.EIO}, ShortWrite: {2, syscall.ENOSPC},
		ShortNoError: {2, nil}, ZeroWrite: {0, nil}, NoSpace: {0, syscall.ENOSPC}} {
		f := New()
		a := create(t, f, "a")
		f.Plan(1, fault)
		n, err := a.WriteAt([]byte("1234"), 0)
		require.Equal(t, want.n, n, fault.String())
		require.True(t, errors.Is(err, want.err), fault.String())
		require.Equal(t, "1234"[:want.n], string(f.Bytes("a")))
	}
}

func TestCrashEndsEverything(t *testing.T) {
	f := New()
	a := create(t, f, "a")
	f.Plan(1, Crash)
	_, err := a.WriteAt([]byte("x"), 0)
	require.ErrorIs(t, err, ErrCrashed)
	require.ErrorIs(t, a.Sync(), ErrCrashed)
	_, err = f.Open("a")
	require.ErrorIs(t, err, ErrCrashed)
	require.True(t, f.HasCrashed())
	require.Equal(t, int64(2), f.Ops())
}

func TestLimitAndLock(t *testing.T) {
	f := New()
	a := create(t, f, "a")
	f.Limit(10)
	n, err := a.WriteAt(make([]byte, 16), 0)
	require.Equal(t, 10, n)
	require.ErrorIs(t, err, syscall.ENOSPC)
	write(t, a, 0, make([]byte, 10)) // in place
	require.ErrorIs(t, a.Truncate(11), syscall.ENOSPC)

	held, err := f.Lock("a")
	require.NoError(t, err)
	_, err = f.Lock("a")
	require.ErrorIs(t, err, syscall.EBUSY)
	require.NoError(t, held.Close())
	require.NoError(t, held.Close())
	_, err = f.Lock("a")
	require.NoError(t, err)
	_, err = f.Open("absent")
	require.ErrorIs(t, err, fs.ErrNotExist)
}
